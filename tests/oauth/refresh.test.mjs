// Refresh of a provider's tokens: serialized by a lock, never losing a rotated token, also when consent was revoked or the
// provider is down.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { Fixture } from '../support/fixture.mjs';
import { assertLanded, currentSession, login, me } from '../support/login.mjs';

let fixture;
before(async () => { fixture = await Fixture.open({ providers: ['discord', 'dropbox', 'spotify'] }); });
after(() => fixture?.close());
afterEach(() => {
  fixture.mock.refusingRefresh = false;
  fixture.mock.scenario = {};
  fixture.mock.takeRefusals();
});

async function someone(id) {
  const visitor = fixture.project.visitor({ navigating: true });
  const person = fixture.mock.person(id);
  assertLanded(await login(visitor, fixture.project, id, { mock: fixture.mock, scenario: { person } }));
  const grant = [...fixture.mock.codes.values()].findLast((each) => each.person === person);
  return { visitor, grant };
}

const refresh = (visitor) => visitor.patch('/v1/account/sessions/current');

describe('a session', () => {
  test('is extended along with its tokens', async () => {
    const { visitor } = await someone('discord');
    const before = await currentSession(visitor);
    const after = (await refresh(visitor)).expect(200);
    assert.ok(new Date(after.expire) >= new Date(before.expire));
    assert.equal(after.$id, before.$id);
  });

  test('that is refreshed from many sides at once never uses a rotated token twice', async () => {
    const { visitor, grant } = await someone('discord');
    const replies = await Promise.all(Array.from({ length: 8 }, () => refresh(visitor)));
    for (const reply of replies) reply.expect(200);
    assert.deepEqual(fixture.mock.takeRefusals(), []);
    const session = await currentSession(visitor);
    assert.equal(session.providerRefreshToken, grant.refreshToken);
    assert.equal(session.providerAccessToken, grant.accessToken);
  });

  test('keeps its refresh token when the provider gives no new one', async () => {
    for (const id of ['dropbox', 'spotify']) {
      const { visitor } = await someone(id);
      const { providerRefreshToken } = await currentSession(visitor);
      const after = (await refresh(visitor)).expect(200);
      assert.equal(after.providerRefreshToken, providerRefreshToken);
    }
  });

  test('outlives a person who took their consent back at the provider', async () => {
    const { visitor } = await someone('discord');
    fixture.mock.refusingRefresh = true;
    const reply = await refresh(visitor);
    reply.expectError(400, ['user_oauth2_bad_request', 'user_oauth2_provider_failure']);
    assert.ok((await me(visitor)).$id);
    assert.equal((await currentSession(visitor)).providerRefreshToken, '', 'the dead token is kept');
    const calls = fixture.mock.visitsTo('token').length;
    (await refresh(visitor)).expect(200);
    assert.equal(fixture.mock.visitsTo('token').length, calls, 'the dead token was tried again');
  });

  test('keeps its tokens through a provider that is down', async () => {
    const { visitor } = await someone('discord');
    const before = await currentSession(visitor);
    fixture.mock.scenario = { failure: { at: 'token', kind: '500' } };
    assert.ok((await refresh(visitor)).status >= 400);
    fixture.mock.scenario = {};
    assert.equal((await currentSession(visitor)).providerRefreshToken, before.providerRefreshToken);
    (await refresh(visitor)).expect(200);
  });

  test('by password is extended without any provider', async () => {
    const { visitor } = await fixture.project.signUp('no-provider@people.example.test');
    const calls = fixture.mock.visits.length;
    (await refresh(visitor)).expect(200);
    assert.equal(fixture.mock.visits.length, calls);
  });
});
