// Second factors after a sign-in with a provider: it counts as one factor, unless a trusted provider reports several.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { Fixture } from '../support/fixture.mjs';
import { assertLanded, currentSession, login, me } from '../support/login.mjs';
import { totp } from '../support/totp.mjs';

let fixture;
before(async () => { fixture = await Fixture.open({ providers: ['google', 'github'] }); });
after(() => fixture?.close());
afterEach(() => { fixture.mock.takeRefusals(); });

const multi = { claims: { amr: ['pwd', 'otp'] } };

async function trust(enabled) {
  const key = await fixture.project.key(['policies.read', 'policies.write']);
  const as = { 'x-appwrite-key': key.secret };
  const visitor = fixture.project.visitor();
  (await visitor.patch('/v1/project/policies/trusted-provider-mfa', { enabled }, as)).expect(200);
  const shown = (await visitor.get('/v1/project/policies/trusted-provider-mfa', as)).expect(200);
  assert.deepEqual(shown, { $id: 'trusted-provider-mfa', enabled });
}

async function signIn(id, person, scenario = {}, options = {}) {
  const visitor = fixture.project.visitor({ navigating: true });
  const end = await login(visitor, fixture.project, id, { mock: fixture.mock, scenario: { person, ...scenario }, ...options });
  assertLanded(end);
  return { visitor, end };
}

/** A user with an authenticator app who has second factors enabled. */
async function userWithMfa(id) {
  const person = fixture.mock.person(id);
  const { visitor } = await signIn(id, person);
  const { secret } = (await visitor.post('/v1/account/mfa/authenticators/totp')).expect(200);
  (await visitor.put('/v1/account/mfa/authenticators/totp', { otp: totp(secret) })).expect(200);
  (await visitor.patch('/v1/account/mfa', { mfa: true })).expect(200);
  return { person, secret };
}

const isAsked = async (visitor) => (await visitor.get('/v1/account')).expectError(401, ['user_more_factors_required']);

describe('after a sign-in with a provider', () => {
  test('a second factor is asked for', async () => {
    for (const id of ['google', 'github']) {
      const { person, secret } = await userWithMfa(id);
      const { visitor } = await signIn(id, person);
      await isAsked(visitor);
      const challenge = (await visitor.post('/v1/account/mfa/challenges', { factor: 'totp' })).expect(200);
      const answer = { challengeId: challenge.$id, otp: totp(secret) };
      const session = (await visitor.put('/v1/account/mfa/challenges', answer)).expect(200);
      assert.deepEqual(session.factors, ['email', 'oauth2', 'totp']);
      assert.ok((await me(visitor)).$id);
    }
  });

  test('the provider\'s word of several factors counts where the project says so, and only then', async () => {
    const { person } = await userWithMfa('google');
    await isAsked((await signIn('google', person, multi)).visitor);
    await trust(true);
    try {
      const { visitor } = await signIn('google', person, multi);
      assert.ok((await me(visitor)).$id);
      assert.deepEqual((await currentSession(visitor)).factors, ['email', 'oauth2', 'mfa']);
      await isAsked((await signIn('google', person, { claims: { amr: ['pwd'] } })).visitor);
      await isAsked((await signIn('google', person, { claims: { amr: 'mfa' } })).visitor);
    } finally {
      await trust(false);
    }
    await isAsked((await signIn('google', person, multi)).visitor);
  });

  test('the same holds at the end of a token flow', async () => {
    const { person } = await userWithMfa('google');
    const claim = async (scenario) => {
      const { end } = await signIn('google', person, scenario, { kind: 'tokens' });
      const app = fixture.project.visitor();
      const token = { userId: end.landed.searchParams.get('userId'), secret: end.landed.searchParams.get('secret') };
      const session = (await app.post('/v1/account/sessions/token', token)).expect(201);
      return { app, session };
    };
    const without = await claim(multi);
    assert.deepEqual(without.session.factors, ['email', 'oauth2']);
    await isAsked(without.app);
    await trust(true);
    try {
      const trusted = await claim(multi);
      assert.deepEqual(trusted.session.factors, ['email', 'oauth2', 'mfa']);
      assert.ok((await me(trusted.app)).$id);
    } finally {
      await trust(false);
    }
  });
});
