// Sign-ins that are handed over to a native app: the browser gets no session, and its own session is left alone.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Fixture } from '../../support/fixture.mjs';
import { assertStranger, atProvider, sendCallback, identities, login, me, start } from '../../support/login.mjs';

let fixture;
before(async () => { fixture = await Fixture.open({ providers: ['discord', 'google'] }); });
after(() => fixture?.close());
beforeEach(() => fixture.mock.takeRefusals());

const browser = () => fixture.project.visitor({ navigating: true });
const page = '/console/auth/oauth2/success';
const targets = () => ({
  'our own page': '',
  'the page on the desktop app\'s own port': `http://localhost:43823${page}`,
  'the page by the scheme of mobile apps': `appwrite-callback-${fixture.project.id}://x${page}`,
});

describe('a sign-in handed over to a native app', () => {
  for (const name of Object.keys({ 'our own page': 0, "the page on the desktop app's own port": 0, 'the page by the scheme of mobile apps': 0 })) {
    test(`by ${name} comes back with key and secret, and sets no session cookie`, async () => {
      const visitor = browser();
      const success = targets()[name];
      const end = await login(visitor, fixture.project, 'discord', { mock: fixture.mock, success, failure: success });

      const { project, domain, key, secret } = Object.fromEntries(end.landed.searchParams);
      assert.equal(end.landed.pathname, page);
      assert.deepEqual([project, domain, key], [fixture.project.id, '.localhost', `a_session_${fixture.project.id}`]);
      const app = fixture.project.visitor({ headers: { 'x-appwrite-session': secret } });
      assert.equal((await app.get('/v1/account')).status, 200);
      assert.deepEqual(visitor.cookies.filter((each) => each.name.startsWith('a_session_')), []);
      await assertStranger(visitor);
    });
  }

  test('by a bare private scheme sets no cookie either', async () => {
    const visitor = browser();
    const success = `appwrite-callback-${fixture.project.id}://`;
    const end = await login(visitor, fixture.project, 'discord', { mock: fixture.mock, success, failure: success });
    assert.equal(end.landed.protocol, `appwrite-callback-${fixture.project.id}:`);
    await assertStranger(visitor);
  });

  test('does not open the account of the one who signed in before', async () => {
    const visitor = browser();
    const [first, second] = [fixture.mock.person('discord'), fixture.mock.person('discord')];
    const users = [];
    for (const person of [first, second]) {
      const end = await login(visitor, fixture.project, 'discord', { mock: fixture.mock, scenario: { person }, success: '', failure: '' });
      const app = fixture.project.visitor({ headers: { 'x-appwrite-session': end.landed.searchParams.get('secret') } });
      users.push(await me(app));
    }
    assert.deepEqual(users.map((user) => user.email), [first.address, second.address]);
    assert.notEqual(users[0].$id, users[1].$id);
  });

  test('is not attached to the session of the browser, which stays', async () => {
    const visitor = browser();
    const anonymous = (await visitor.post('/v1/account/sessions/anonymous')).expect(201);
    const end = await login(visitor, fixture.project, 'google', { mock: fixture.mock, success: '', failure: '' });
    assert.ok(end.landed.searchParams.get('secret'));
    assert.equal((await me(visitor)).$id, anonymous.userId);
    assert.deepEqual(await identities(visitor), []);
  });
});

describe('an attempt that was started without the headers of a browser', () => {
  const program = () => fixture.project.visitor({ headers: { 'user-agent': 'curl/8' } });

  for (const kind of ['sessions', 'tokens']) {
    test(`for ${kind} is bound by a cookie`, async () => {
      const { reply } = await start(program(), fixture.project, 'discord', { kind });
      assert.ok((reply.headers['set-cookie'] ?? []).some((line) => line.startsWith('a_oauth_')), 'no cookie was set');
    });
  }

  test('signs no browser in to which its callback is given', async () => {
    for (const victim of [browser(), fixture.project.visitor(), fixture.project.visitor({ headers: { 'user-agent': 'x', accept: 'text/html' } }), fixture.project.visitor({ headers: { 'user-agent': 'x', 'sec-fetch-site': 'cross-site' } })]) {
      const { authorize } = await start(program(), fixture.project, 'discord');
      const end = await sendCallback(victim, await atProvider(authorize, fixture.mock));
      assert.equal(end.last.status, 400);
      await assertStranger(victim);
    }
  });

  test('leaves the active session of a victim alone', async () => {
    const { user, visitor } = await fixture.project.signUp('victim@people.example.test');
    const { authorize } = await start(program(), fixture.project, 'discord');
    const end = await sendCallback(visitor, await atProvider(authorize, fixture.mock));
    assert.equal(end.last.status, 400);
    assert.equal((await me(visitor)).$id, user.$id);
    assert.deepEqual(await identities(visitor), []);
  });

  test('for a token may end in the browser of the server\'s user', async () => {
    const { authorize } = await start(program(), fixture.project, 'discord', { kind: 'tokens' });
    const end = await sendCallback(browser(), await atProvider(authorize, fixture.mock));
    assert.ok(end.landed.searchParams.get('secret'), end.landed.href);
  });

  test('for a token by a browser ends in that browser only', async () => {
    const { authorize } = await start(browser(), fixture.project, 'discord', { kind: 'tokens' });
    const end = await sendCallback(browser(), await atProvider(authorize, fixture.mock));
    assert.equal(end.last.status, 400);
  });

  test('may be completed by a program that follows the redirects itself', async () => {
    const visitor = program();
    const end = await login(visitor, fixture.project, 'discord', { mock: fixture.mock });
    assert.ok(!end.error);
    await me(visitor);
  });
});

test("a person whose number is proven keeps it when a provider proves their unverified address for somebody else's sign-in", async () => {
  const person = fixture.mock.person('google');
  const { user, visitor } = await fixture.project.signUp(person.address);
  const key = await fixture.project.key(['users.read', 'users.write']);
  const backend = fixture.project.backend(key);
  (await backend.patch(`/v1/users/${user.$id}/phone`, { number: '+12025550143' })).expect(200);
  (await backend.patch(`/v1/users/${user.$id}/verification/phone`, { phoneVerification: true })).expect(200);

  const arrival = browser();
  await login(arrival, fixture.project, 'google', { mock: fixture.mock, scenario: { person } });

  const arrived = await me(arrival);
  assert.notEqual(arrived.$id, user.$id);
  assert.equal(arrived.email, person.address);
  const kept = await me(visitor);
  assert.deepEqual([kept.$id, kept.phone, kept.email], [user.$id, '+12025550143', '']);
});
