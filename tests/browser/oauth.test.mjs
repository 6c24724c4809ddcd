// Login in a real browser with the web SDK, from a page of another origin.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { ask, serveApp } from '../support/app-page.mjs';
import { launchBrowser } from '../support/chromium.mjs';
import { Console } from '../support/console.mjs';
import { logInOnPage, startOidc } from '../support/oidc.mjs';
import { Server } from '../support/server.mjs';

let browser;
let server;
let developer;
before(async () => {
  browser = await launchBrowser();
  server = await Server.start();
  developer = await Console.signUp(server);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const endpointOf = (project) => ({ endpoint: server.endpoint, project: project.id });

/** Starts a sign-in without waiting: the call navigates away, so its promise never resolves. */
function begin(page, project, params) {
  return page.evaluate(
    ([url, id, given]) => {
      const account = new window.Appwrite.Account(new window.Appwrite.Client().setEndpoint(url).setProject(id));
      setTimeout(() => account.createOAuth2Session(given));
    },
    [server.endpoint, project.id, params],
  );
}

for (const generation of [27, 21]) {
  describe(`the development provider, by appwrite ${generation}`, () => {
    let app;
    let project;
    let context;
    let page;

    before(async () => {
      app = await serveApp(generation);
      project = await developer.project(`Browser ${generation}`, { hostnames: ['localhost'] });
      for (const id of ['github', 'google', 'apple', 'discord']) await project.oauth2(id); // --dev has credentials
    });
    after(() => app?.close());
    beforeEach(async () => {
      context = await browser.newContext();
      page = await context.newPage();
      await page.goto(app.origin);
    });
    afterEach(() => context.close());

    const start = (provider) => begin(page, project, { provider, success: app.success, failure: app.failure });

    async function beSomeone(fault) {
      await page.waitForSelector('[data-person]');
      await page.locator('[data-person]').first().click();
      if (fault) await page.locator(`[data-fault="${fault}"]`).click();
      await page.locator('[data-action=continue]').click();
    }

    for (const provider of ['github', 'google', 'apple']) {
      test(`signs a person in at ${provider}`, async () => {
        await start(provider);
        await beSomeone();
        await page.waitForURL((url) => url.pathname === '/welcome');
        assert.equal(page.url(), app.success);

        const { value: session, error } = await ask(page, endpointOf(project), 'getSession', { sessionId: 'current' });
        assert.deepEqual(error, undefined);
        assert.equal(session.provider, provider);
        assert.ok(session.providerUid && session.providerAccessToken, JSON.stringify(session));
        const { value: user } = await ask(page, endpointOf(project), 'get');
        assert.ok(user.email.includes('@') && user.emailVerification);
      });
    }

    test('gives a new access token when the session is updated', async () => {
      await start('google');
      await beSomeone();
      await page.waitForURL((url) => url.pathname === '/welcome');
      const { value: before } = await ask(page, endpointOf(project), 'getSession', { sessionId: 'current' });
      const { value: after, error } = await ask(page, endpointOf(project), 'updateSession', { sessionId: 'current' });
      assert.deepEqual(error, undefined);
      assert.ok(after.providerAccessToken);
      assert.notEqual(after.providerAccessToken, before.providerAccessToken);
    });

    test('sends a person who says no to the failure page', async () => {
      await start('github');
      await beSomeone('deny');
      await page.waitForURL((url) => url.pathname === '/sorry');
      const url = new URL(page.url());
      assert.equal(url.searchParams.get('again'), '1');
      const error = JSON.parse(url.searchParams.get('error'));
      assert.deepEqual([error.type, error.code], ['user_oauth2_provider_error', 424]);
      const { error: stranger } = await ask(page, endpointOf(project), 'get');
      assert.equal(stranger.code, 401);
    });

    for (const [provider, fault, type] of [['discord', 'no-email', 'user_unauthorized'], ['google', 'wrong-nonce', 'user_oauth2_provider_error'], ['google', 'expired', 'user_oauth2_bad_request'], ['github', '500', 'user_oauth2_provider_error']]) {
      test(`shows what goes wrong at ${provider} with ${fault}`, async () => {
        await start(provider);
        await beSomeone(fault);
        await page.waitForURL((url) => url.pathname === '/sorry');
        assert.equal(JSON.parse(new URL(page.url()).searchParams.get('error')).type, type);
      });
    }

    test('lets a person in whose address nobody vouches for, as unverified', async () => {
      await start('google');
      await page.waitForSelector('[data-person]');
      await page.locator('[data-person]').last().click();
      await page.locator('[data-fault="unverified"]').click();
      await page.locator('[data-action=continue]').click();
      await page.waitForURL((url) => ['/welcome', '/sorry'].includes(url.pathname));
      if (new URL(page.url()).pathname === '/welcome') {
        assert.equal((await ask(page, endpointOf(project), 'get')).value.emailVerification, false);
      } else {
        assert.equal(JSON.parse(new URL(page.url()).searchParams.get('error')).type, 'general_bad_request');
      }
    });

    test('does not lead to a foreign page', async () => {
      const refused = page.waitForResponse((reply) => reply.url().includes('/v1/account/sessions/oauth2/github'));
      await begin(page, project, { provider: 'github', success: 'https://evil.example/', failure: app.failure });
      const reply = await refused;
      assert.equal(reply.status(), 400);
      assert.match(reply.headers()['content-type'], /text\/html/);
      await page.waitForURL((url) => url.href.startsWith(`${server.origin}/v1/account/sessions/oauth2/github`));
      assert.ok((await page.textContent('body')).length > 20, 'the page says nothing');
    });

    test('is finished by no other browser', async () => {
      await start('github');
      await page.waitForSelector('[data-person]');
      const { url } = await caughtCallback(page);
      const stranger = await browser.newContext();
      const elsewhere = await stranger.newPage();
      const reply = await elsewhere.goto(url);
      assert.equal(reply.status(), 400);
      assert.equal((await stranger.cookies()).filter((each) => each.name.startsWith('a_session_')).length, 0);
      await stranger.close();
    });

    /** Stops the browser before the callback, and returns the URL of the callback. */
    async function caughtCallback(at) {
      let caught;
      // A redirect cannot be intercepted itself, so its target is read from the reply.
      await at.route((url) => url.pathname === '/dev/idp/continue', async (route) => {
        const answer = await route.fetch({ maxRedirects: 0 });
        caught = { url: answer.headers().location };
        return route.abort();
      });
      await at.locator('[data-person]').first().click();
      await Promise.all([at.waitForEvent('requestfailed'), at.locator('[data-action=continue]').click()]);
      return caught;
    }
  });
}

describe('a real OpenID provider', () => {
  const people = {
    ada: { email: 'ada@people.example.test', email_verified: true, name: 'Ada Lovelace' },
    grace: { email: 'grace@people.example.test', email_verified: false, name: 'Grace Hopper' },
  };

  for (const authMethod of ['client_secret_basic', 'client_secret_post']) {
    describe(`with ${authMethod}`, () => {
      let app;
      let oidc;
      let project;
      let context;
      let page;

      before(async () => {
        app = await serveApp(27);
        project = await developer.project('OpenID', { hostnames: ['localhost'] });
        oidc = await startOidc({ people, authMethod, redirectUris: [`${server.origin}/v1/account/sessions/oauth2/callback/oidc/${project.id}`] });
        await project.oauth2('oidc', oidc.stored());
      });
      after(async () => {
        await oidc?.close();
        await app?.close();
      });
      beforeEach(async () => {
        context = await browser.newContext();
        page = await context.newPage();
        await page.goto(app.origin);
        await begin(page, project, { provider: 'oidc', success: app.success, failure: app.failure });
      });
      afterEach(() => context.close());

      async function logIn(person) {
        await logInOnPage(page, person);
        await page.waitForURL((url) => ['/welcome', '/sorry'].includes(url.pathname));
        assert.ok(page.url().startsWith(`${app.origin}/welcome`), `${page.url()} ${oidc.errors.map((each) => each.error_detail ?? each.message)}`);
      }

      test('signs a person in and refreshes, again and again', async () => {
        await logIn('ada');
        const { value: session } = await ask(page, endpointOf(project), 'getSession', { sessionId: 'current' });
        assert.deepEqual([session.provider, session.providerUid], ['oidc', 'ada']);
        const { value: user } = await ask(page, endpointOf(project), 'get');
        assert.deepEqual([user.email, user.name, user.emailVerification], ['ada@people.example.test', 'Ada Lovelace', true]);
        const tokens = [session.providerAccessToken];
        for (let i = 0; i < 3; i += 1) {
          const { value, error } = await ask(page, endpointOf(project), 'updateSession', { sessionId: 'current' });
          assert.deepEqual(error, undefined);
          tokens.push(value.providerAccessToken);
        }
        assert.equal(new Set(tokens).size, 4);
        assert.deepEqual(oidc.errors, []);
      });

      test('signs a person in whose address it does not vouch for', async () => {
        await logIn('grace');
        const { value: user } = await ask(page, endpointOf(project), 'get');
        assert.deepEqual([user.email, user.emailVerification], ['grace@people.example.test', false]);
      });

      test('sends a person who goes away to the failure page', async () => {
        await page.click('text=Cancel');
        await page.waitForURL((url) => url.pathname === '/sorry');
        assert.equal(JSON.parse(new URL(page.url()).searchParams.get('error')).type, 'user_oauth2_provider_error');
      });
    });
  }
});
