// Session alerts after a sign-in with a provider: sent for a new session, not when a session continues.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Fixture } from '../support/fixture.mjs';
import { assertLanded, currentSession, login } from '../support/login.mjs';
import { until } from '../support/until.mjs';

let fixture;
before(async () => {
  fixture = await Fixture.open({ providers: ['google', 'github'] });
  (await fixture.developer.agent.patch(`/v1/projects/${fixture.project.id}/auth/session-alerts`, { alerts: true })).expect(200);
});
after(() => fixture?.close());

const address = 'ada@people.example.test';
const ask = async (path) => (await fetch(`${fixture.server.origin}${path}`)).json();
const alerts = async () => (await ask('/dev/mail.json')).filter((mail) => mail.subject.startsWith('New sign-in'));

async function signIn(id, person, visitor = fixture.project.visitor({ navigating: true })) {
  assertLanded(await login(visitor, fixture.project, id, { mock: fixture.mock, scenario: { person } }));
  return visitor;
}

test('a sign-in from elsewhere is told of, and one that goes on with a session is not', async () => {
  const google = fixture.mock.person('google', { address });
  const visitor = await signIn('google', google);
  const first = await currentSession(visitor);
  await signIn('github', fixture.mock.person('github', { address }), visitor);
  assert.notEqual((await currentSession(visitor)).$id, first.$id, 'the session was replaced');
  await signIn('google', google);
  await until('an alert', async () => (await alerts()).length > 0);
  // Notifications are sent in the order of their acts: after a later one has arrived, all alerts have.
  (await fixture.project.visitor().post('/v1/account/recovery', { email: address, url: 'http://localhost:4999/new' })).expect(201);
  await until('the mail after it', async () => (await ask('/dev/mail.json')).some((mail) => mail.subject.startsWith('Choose')));
  assert.equal((await alerts()).length, 1);
});
