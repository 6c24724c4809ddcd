// Debian's Chromium, driven by playwright-core; nothing is downloaded.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

export const executable = process.env.FERRITE_TEST_CHROMIUM ?? '/usr/bin/chromium';

export async function launchBrowser() {
  if (!existsSync(executable)) throw new Error(`there is no browser at ${executable}: install the package \`chromium\` (apt-get install chromium), or name one in FERRITE_TEST_CHROMIUM`);
  return chromium.launch({ executablePath: executable, headless: true, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}
