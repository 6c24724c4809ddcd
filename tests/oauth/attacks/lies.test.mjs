// A provider that is down, slow, sends endless replies or false data affects only its own logins.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { Fixture } from '../../support/fixture.mjs';
import { assertFailed, assertLanded, assertStranger, login } from '../../support/login.mjs';

let fixture;
before(async () => { fixture = await Fixture.open({ providers: ['discord', 'github', 'google', 'bitly', 'yahoo', 'slack'] }); });
after(() => fixture?.close());
afterEach(() => {
  fixture.mock.scenario = {};
  fixture.mock.takeRefusals();
});

async function visit(id, scenario) {
  const visitor = fixture.project.visitor({ navigating: true });
  return { visitor, ...(await login(visitor, fixture.project, id, { mock: fixture.mock, scenario })) };
}

const providerErrors = ['user_oauth2_provider_error', 'user_oauth2_provider_failure', 'user_oauth2_bad_request', 'user_oauth2_unauthorized'];

describe('failures at the provider', () => {
  for (const at of ['token', 'userinfo']) {
    for (const kind of ['500', '429', 'html', 'no-json', 'hangup', 'endless', 'elsewhere']) {
      test(`(${kind}) at its ${at} endpoint fails this login with a provider error`, async () => {
        fixture.mock.scenario = { failure: { at, kind } };
        const traps = fixture.mock.visitsTo('trap').length;
        const result = await visit('discord');
        assertFailed(result, providerErrors);
        await assertStranger(result.visitor);
        assert.equal(fixture.mock.visitsTo('trap').length, traps, 'a redirect was followed with credentials in hand');
      });
    }

    test(`(slow) at its ${at} endpoint ends within the time limit, while others sign in`, async () => {
      fixture.mock.scenario = { failure: { at, kind: 'slow' } };
      const began = Date.now();
      const slow = visit('discord');
      const health = await fixture.project.visitor().get('/v1/health/version');
      assert.equal(health.status, 200);
      assertFailed(await slow, providerErrors);
      assert.ok(Date.now() - began < 20000, `it took ${Date.now() - began} ms`);
    });
  }

  test('with its keys fails a login that needs them', async () => {
    const fresh = await Fixture.open({ providers: ['google'] });
    try {
      for (const kind of ['500', 'endless', 'html']) {
        fresh.mock.scenario = { failure: { at: 'jwks', kind } };
        const visitor = fresh.project.visitor({ navigating: true });
        assertFailed(await login(visitor, fresh.project, 'google', { mock: fresh.mock }), providerErrors);
      }
    } finally {
      await fresh.close();
    }
  });

  test('is not told to the person word for word', async () => {
    fixture.mock.scenario = { failure: { at: 'token', kind: 'html' } };
    const { error } = await visit('discord');
    assert.ok(!error.message.includes('back soon'), error.message);
  });
});

describe('an answer that is no answer', () => {
  const replies = {
    'an error in a good status': { access_token: undefined, error: 'bad_verification_code', error_description: 'no' },
    'an error beside a token': { error: 'invalid_grant' },
    'no token': { access_token: undefined },
    'an empty token': { access_token: '' },
    'a token that is a list': { access_token: ['x'] },
    'a token with a line break': { access_token: 'abc\r\nX-Evil: 1' },
    'a token that is a number': { access_token: 17 },
  };
  for (const [name, tokenReply] of Object.entries(replies)) {
    test(`(${name}) lets nobody in`, async () => {
      const result = await visit('github', { tokenReply });
      assert.ok(result.error, `landed on ${result.landed}`);
      assert.ok(result.error.code < 500, JSON.stringify(result.error));
      await assertStranger(result.visitor);
    });
  }

  test('(not ok) of Slack lets nobody in', async () => {
    assertFailed(await visit('slack', { tokenReply: { ok: false, error: 'invalid_code' } }), providerErrors);
    assertFailed(await visit('slack', { profile: { ok: false, error: 'invalid_auth' } }), providerErrors);
  });

  test('(a dead token) lets nobody in', async () => {
    assertFailed(await visit('github', { fault: 'dead-token' }), providerErrors);
  });
});

describe('an odd answer', () => {
  for (const id of ['github', 'bitly']) {
    test(`of ${id} in form encoding is read though JSON was asked for`, async () => {
      const result = await visit(id, { ignoresAccept: true });
      assert.deepEqual(fixture.mock.takeRefusals(), []);
      assertLanded(result);
    });
  }

  for (const expiresIn of ['604800', 604800, 604800.5, -1, 0, 'soon', null, 1e18]) {
    test(`with expires_in ${JSON.stringify(expiresIn)} signs the person in`, async () => {
      const result = await visit('discord', { tokenReply: { expires_in: expiresIn } });
      assertLanded(result);
      const { providerAccessTokenExpiry } = (await result.visitor.get('/v1/account/sessions/current')).expect(200);
      assert.ok(!providerAccessTokenExpiry || !Number.isNaN(Date.parse(providerAccessTokenExpiry)), providerAccessTokenExpiry);
    });
  }

  test('with a name full of control characters, or far too long, is cut to something decent', async () => {
    const person = fixture.mock.person('discord');
    const result = await visit('discord', { person, profile: { global_name: `A\u0000d\u0007a\r\n${'x'.repeat(5000)}` } });
    assertLanded(result);
    const { name } = (await result.visitor.get('/v1/account')).expect(200);
    assert.ok(name.length <= 128, String(name.length));
    assert.ok(!/[\u0000-\u001f\u007f]/.test(name));
  });

  test('with an address that is none lets nobody in as a user with such an address', async () => {
    for (const email of ['not an address', 'a@b@c', '<script>@x.test', 'a\r\nb@x.test', { an: 'object' }]) {
      const result = await visit('discord', { profile: { email } });
      assert.ok(result.error, `${JSON.stringify(email)} landed on ${result.landed}`);
      assert.ok(result.error.code < 500, JSON.stringify(result.error));
    }
  });

  test('where the handle stands in for a name that was never set', async () => {
    const person = fixture.mock.person('github');
    const result = await visit('github', { person, profile: { name: null } });
    assertLanded(result);
    assert.equal((await result.visitor.get('/v1/account')).expect(200).name, person.username);
  });

  test('of a code of 8192 characters is taken', async () => {
    const result = await visit('discord', { fault: 'bad-code', callback: { code: 'c'.repeat(8192) } });
    assertFailed(result, providerErrors);
    assert.ok(fixture.mock.takeRefusals().some((each) => each.includes('never given out')), 'the code never reached the provider');
  });
});
