// Appwrite's test providers `mock` and `mock-unverified`, which a server with --dev serves itself.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Fixture } from '../support/fixture.mjs';
import { assertFailed, assertLanded, sendCallback, currentSession, follow, identities, me, start } from '../support/login.mjs';

let fixture;
before(async () => {
  fixture = await Fixture.open();
  for (const id of ['mock', 'mock-unverified']) await fixture.project.oauth2(id, { appId: '1', secret: '123456' });
});
after(() => fixture?.close());

/** Signs in with a provider that the server itself serves: all redirects stay on it. */
async function visit(id, options) {
  const visitor = fixture.project.visitor();
  const { reply } = await start(visitor, fixture.project, id, options);
  return { visitor, ...(await follow(visitor, reply)) };
}

describe('mock', () => {
  test('a person signs in, and again as the same user', async () => {
    const first = await visit('mock');
    const second = await visit('mock');
    assertLanded(first);
    assertLanded(second);
    const user = await me(first.visitor);
    assert.equal(user.email, 'useroauth@localhost.test');
    assert.equal(user.emailVerification, true);
    assert.equal((await me(second.visitor)).$id, user.$id);
    assert.equal((await identities(first.visitor))[0].providerUid, '1');
  });

  test('its session carries its tokens and is refreshed', async () => {
    const { visitor } = await visit('mock');
    const session = await currentSession(visitor);
    assert.deepEqual([session.providerUid, session.providerAccessToken, session.providerRefreshToken], ['1', '123456', 'tuvwxyz']);
    (await visitor.patch('/v1/account/sessions/current')).expect(200);
  });

  test('a denial and a wrong code land on the failure page', async () => {
    for (const [change, type] of [[{ code: null, error: 'access_denied' }, 'user_oauth2_provider_error'], [{ code: 'wrong' }, ['user_oauth2_bad_request', 'user_oauth2_provider_error']]]) {
      const visitor = fixture.project.visitor();
      const { authorize } = await start(visitor, fixture.project, 'mock');
      const back = new URL(authorize.searchParams.get('redirect_uri'));
      const fields = { state: authorize.searchParams.get('state'), ...change };
      for (const [key, value] of Object.entries(fields)) if (value) back.searchParams.set(key, value);
      assertFailed(await sendCallback(visitor, { method: 'GET', url: back }), type);
    }
  });
});

describe('mock-unverified', () => {
  test('a person signs in with an address that nobody vouches for', async () => {
    const { visitor, ...result } = await visit('mock-unverified');
    assertLanded(result);
    const user = await me(visitor);
    assert.deepEqual([user.email, user.emailVerification], ['useroauthunverified@localhost.test', false]);
  });

  test('that address opens no account that exists', async () => {
    const other = await fixture.developer.project('Other', { hostnames: ['localhost'] });
    await other.oauth2('mock-unverified', { appId: '1', secret: '123456' });
    await other.signUp('useroauthunverified@localhost.test');
    const visitor = other.visitor();
    const { reply } = await start(visitor, other, 'mock-unverified');
    assertFailed(await follow(visitor, reply), 'general_bad_request', 400);
  });
});
