// The token flow in a real browser: the app's Node server keeps the session with node-appwrite.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { serveBackend } from '../support/app-server.mjs';
import { launchBrowser } from '../support/chromium.mjs';
import { Console } from '../support/console.mjs';
import { Server } from '../support/server.mjs';

let browser;
let server;
let project;
let key;
before(async () => {
  browser = await launchBrowser();
  server = await Server.start();
  project = await (await Console.signUp(server)).project('Rendered on a server', { hostnames: ['localhost'] });
  await project.oauth2('google');
  key = await project.key(['sessions.write', 'users.read']);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

for (const generation of [27, 20]) {
  describe(`node-appwrite ${generation}`, () => {
    let app;
    let page;
    let context;
    before(async () => {
      app = await serveBackend(generation, server, project, key);
      context = await browser.newContext();
      page = await context.newPage();
    });
    after(async () => {
      await context?.close();
      await app?.close();
    });

    test('signs a person in for pages that a server renders', async () => {
      await page.goto(`${app.origin}/login`);
      await page.locator('[data-person]').first().click();
      await page.locator('[data-action=continue]').click();
      await page.waitForURL(`${app.origin}/me`);
      const { user, session } = JSON.parse(await page.textContent('body'));
      assert.ok(user.email.includes('@'));
      assert.equal(session.provider, 'google');
      assert.equal(session.userId, user.$id);
      const names = (await context.cookies()).map((each) => each.name);
      assert.ok(!names.some((name) => name.startsWith('a_session_')), 'the API set a cookie of its own');
    });

    test('shows a refusal on a page of its own', async () => {
      await page.goto(`${app.origin}/login`);
      await page.locator('[data-person]').first().click();
      await page.locator('[data-fault="deny"]').click();
      await page.locator('[data-action=continue]').click();
      await page.waitForURL((url) => url.pathname === '/failed');
      assert.equal(JSON.parse(await page.textContent('body')).type, 'user_oauth2_provider_error');
    });
  });
}
