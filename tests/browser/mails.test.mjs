// Layout of each mail at phone and desktop widths: nothing is cut off, nothing overlaps, right-to-left text is correct.
// If FERRITE_TEST_SHOTS contains a folder, screenshots are stored there.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launchBrowser } from '../support/chromium.mjs';
import { Console } from '../support/console.mjs';
import { Server } from '../support/server.mjs';
import { until } from '../support/until.mjs';

const shots = process.env.FERRITE_TEST_SHOTS;
const sizes = { phone: { width: 390, height: 780 }, developer: { width: 1280, height: 860 } };
const password = 'a long enough password';
const url = 'http://localhost:4999/a/rather/long/path/that/leads/to/the/page?with=parameters&of=its-own';

let server;
let browser;
let project;
let backend;
let serial = 0;

before(async () => {
  server = await Server.start();
  const developer = await Console.signUp(server);
  project = await developer.project('The Corner Shop', { hostnames: ['localhost'] });
  (await developer.agent.patch(`/v1/projects/${project.id}/auth/session-alerts`, { alerts: true })).expect(200);
  backend = project.backend(await project.key(['users.write']));
  browser = await launchBrowser();
  if (shots) await mkdir(shots, { recursive: true });
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function member(locale) {
  serial += 1;
  const user = project.visitor({ headers: { 'x-appwrite-locale': locale } });
  const email = `reader-${serial}@people.example.test`;
  const { $id } = (await user.post('/v1/account', { userId: 'unique()', email, password, name: 'Ada Lovelace' })).expect(201);
  (await user.post('/v1/account/sessions/email', { email, password })).expect(201);
  return { user, email, id: $id };
}

/** The calls that trigger each mail. */
const occasions = {
  verification: async ({ user }) => (await user.post('/v1/account/verification', { url })).expect(201),
  magicSession: async ({ user, email }) => (await user.post('/v1/account/tokens/magic-url', { userId: 'unique()', email, url, phrase: true })).expect(201),
  otpSession: async ({ user, email }) => (await user.post('/v1/account/tokens/email', { userId: 'unique()', email, phrase: true })).expect(201),
  recovery: async ({ user, email }) => (await user.post('/v1/account/recovery', { email, url })).expect(201),
  invitation: async ({ user, email }, { user: owner }) => {
    const team = (await owner.post('/v1/teams', { teamId: 'unique()', name: 'Analytical Engines' })).expect(201);
    (await owner.post(`/v1/teams/${team.$id}/memberships`, { email, roles: [], url })).expect(201);
  },
  mfaChallenge: async ({ user, id }) => {
    (await backend.patch(`/v1/users/${id}/verification`, { emailVerification: true })).expect(200);
    (await user.post('/v1/account/mfa/challenges', { factor: 'email' })).expect(200);
  },
  sessionAlert: async ({ email }, _, locale) => {
    const elsewhere = project.visitor({ headers: { 'x-appwrite-locale': locale, 'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1' } });
    (await elsewhere.post('/v1/account/sessions/email', { email, password })).expect(201);
  },
};

async function mailOf(occasion, locale) {
  const reader = await member(locale);
  const host = occasion === 'invitation' ? await member(locale) : undefined;
  await occasions[occasion](reader, host, locale);
  return until(`the mail ${occasion}`, async () => {
    const mails = await (await fetch(`${server.origin}/dev/mail.json`)).json();
    return mails.findLast((mail) => mail.to[0].address === reader.email);
  });
}

describe('a mail', () => {
  for (const locale of ['en', 'de', 'ar', 'ja', 'hi']) {
    for (const occasion of Object.keys(occasions)) {
      test(`${occasion} in ${locale}`, async () => {
        const mail = await mailOf(occasion, locale);
        for (const [name, viewport] of Object.entries(sizes)) {
          const page = await browser.newPage({ viewport, colorScheme: name === 'developer' && locale === 'de' ? 'dark' : 'light' });
          await page.goto(`${server.origin}/dev/mail/${mail.id}/html`);
          const seen = await page.evaluate(() => ({
            wide: document.documentElement.scrollWidth - window.innerWidth,
            direction: getComputedStyle(document.querySelector('.text p')).direction,
            text: document.body.innerText,
          }));
          assert.ok(seen.wide <= 0, `${name}: ${seen.wide} px too wide`);
          assert.equal(seen.direction, locale === 'ar' ? 'rtl' : 'ltr');
          assert.ok(!seen.text.includes('{{') && seen.text.includes('The Corner Shop'));
          if (shots) await page.screenshot({ path: join(shots, `${occasion}-${locale}-${name}.png`), fullPage: true });
          await page.close();
        }
      });
    }
  }
});

test('the inbox lists what came, and shows a mail', async () => {
  const mail = await mailOf('recovery', 'en');
  for (const [name, viewport] of Object.entries(sizes)) {
    const page = await browser.newPage({ viewport });
    await page.goto(`${server.origin}/dev/mail`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), name);
    if (shots) await page.screenshot({ path: join(shots, `inbox-${name}.png`) });
    await page.click(`a[href="/dev/mail/${mail.id}"]`);
    const frame = page.frameLocator('iframe');
    assert.match(await frame.locator('body').innerText(), /Choose a new password/);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), name);
    if (shots) await page.screenshot({ path: join(shots, `inbox-mail-${name}.png`), fullPage: true });
    await page.close();
  }
});
