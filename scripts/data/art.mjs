// Generates services/avatars/data: the flags of countries, and the badges of browsers and cards, as SVG.
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { badges } from './badges.mjs';
import { pack } from './pack.mjs';

const require = createRequire(import.meta.url);
const folder = join(dirname(require.resolve('flag-icons/package.json')), 'flags/4x3');
const countries = readFileSync(new URL('../../base/locale_data/data/countries.tsv', import.meta.url), 'utf8');
const codes = countries.trim().split('\n').map((line) => line.slice(0, 2).toLowerCase());
const there = new Set(readdirSync(folder));
const flags = codes.filter((code) => there.has(`${code}.svg`)).map((code) => [`flags/${code}`, readFileSync(join(folder, `${code}.svg`))]);
if (flags.length !== codes.length) throw new Error('a flag is missing');

const art = [...flags, ...badges()].sort(([a], [b]) => (a < b ? -1 : 1));
const out = new URL('../../services/avatars/data/', import.meta.url);
mkdirSync(out, { recursive: true });
writeFileSync(new URL('art.txt', out), `${art.map(([name]) => name).join('\n')}\n`);
console.log(`${art.length} pictures in ${pack(new URL('art.bin', out), art.map(([, svg]) => svg))} bytes`);
