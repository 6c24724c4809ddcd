// Linking a provider to the user's own account, and attacks that try to link one to someone else's account.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Fixture } from '../../support/fixture.mjs';
import { assertFailed, assertLanded, atProvider, sendCallback, currentSession, identities, login, me, start } from '../../support/login.mjs';

let fixture;
let count = 0;
before(async () => { fixture = await Fixture.open({ providers: ['discord', 'spotify', 'google'] }); });
after(() => fixture?.close());
beforeEach(() => fixture.mock.takeRefusals());

async function member({ navigating = true } = {}) {
  count += 1;
  const signedUp = await fixture.project.signUp(`member-${count}@people.example.test`);
  const visitor = fixture.project.visitor({ navigating });
  visitor.cookies = signedUp.visitor.cookies;
  return { visitor, user: signedUp.user };
}

const visit = (visitor, id, scenario) => login(visitor, fixture.project, id, { mock: fixture.mock, scenario });

describe('a member', () => {
  for (const navigating of [true, false]) {
    test(`attaches a provider to their own account ${navigating ? 'in a browser' : 'through a client that sends no Sec-Fetch-Mode'}`, async () => {
      const { visitor, user } = await member({ navigating });
      const before = await currentSession(visitor);
      const person = fixture.mock.person('spotify'); // unverified address: the session authorizes the link
      const result = await visit(visitor, 'spotify', { person });
      assertLanded(result);
      const after = await me(visitor);
      if (navigating) {
        assert.equal(after.$id, user.$id);
        assert.equal((await identities(visitor))[0].providerUid, person.uid);
        assert.notEqual((await currentSession(visitor)).$id, before.$id);
        const left = (await visitor.get('/v1/account/sessions')).expect(200).sessions.map((each) => each.$id);
        assert.ok(!left.includes(before.$id), 'the old session lives on');
      } else {
        assert.notEqual(after.$id, user.$id, 'an attempt that no browser vouches for was attached to a session');
      }
    });
  }

  test('keeps their address and name', async () => {
    const { visitor, user } = await member();
    assertLanded(await visit(visitor, 'discord', {}));
    const after = await me(visitor);
    assert.deepEqual([after.email, after.name], [user.email, user.name]);
    assert.equal(after.emailVerification, false, "the provider's word about another address verified this one");
  });

  test('cannot attach what is attached to someone else', async () => {
    const person = fixture.mock.person('discord');
    const owner = fixture.project.visitor({ navigating: true });
    assertLanded(await visit(owner, 'discord', { person }));
    const { visitor, user } = await member();
    assertFailed(await visit(visitor, 'discord', { person }), 'user_already_exists', 409);
    assert.equal((await me(visitor)).$id, user.$id, 'the member was signed out or moved');
    assert.deepEqual(await identities(visitor), []);
  });

  test("cannot attach what bears someone else's address", async () => {
    const owner = await member();
    const { visitor } = await member();
    const person = fixture.mock.person('discord', { address: owner.user.email });
    assertFailed(await visit(visitor, 'discord', { person }), 'user_already_exists', 409);
    assert.deepEqual(await identities(visitor), []);
  });

  test('detaches a provider, which then opens nothing of theirs', async () => {
    const { visitor, user } = await member();
    const person = fixture.mock.person('spotify');
    assertLanded(await visit(visitor, 'spotify', { person }));
    const [identity] = await identities(visitor);
    (await visitor.delete(`/v1/account/identities/${identity.$id}`)).expect(204);
    const again = fixture.project.visitor({ navigating: true });
    const result = await visit(again, 'spotify', { person });
    if (!result.error) assert.notEqual((await me(again)).$id, user.$id);
  });
});

describe('an anonymous visitor', () => {
  test('becomes a user with the same id', async () => {
    const visitor = fixture.project.visitor({ navigating: true });
    const anonymous = (await visitor.post('/v1/account/sessions/anonymous')).expect(201);
    const person = fixture.mock.person('google');
    assertLanded(await visit(visitor, 'google', { person }));
    const user = await me(visitor);
    assert.deepEqual([user.$id, user.email, user.name, user.emailVerification], [anonymous.userId, person.address, person.name, true]);
  });

  test('is not moved into an account that has the address', async () => {
    const person = fixture.mock.person('google');
    assertLanded(await visit(fixture.project.visitor({ navigating: true }), 'google', { person }));
    const visitor = fixture.project.visitor({ navigating: true });
    (await visitor.post('/v1/account/sessions/anonymous')).expect(201);
    assertFailed(await visit(visitor, 'google', { person }), 'user_already_exists', 409);
  });
});

describe('an attempt that was started elsewhere', () => {
  async function attackersWayBack(attacker, person) {
    const { authorize } = await start(attacker, fixture.project, 'discord');
    return atProvider(authorize, fixture.mock, { person });
  }

  for (const navigating of [true, false]) {
    test(`${navigating ? "in another browser" : 'without a browser'} is never attached to who is lured into its end`, async () => {
      const victim = await member();
      const person = fixture.mock.person('discord');
      const back = await attackersWayBack(fixture.project.visitor({ navigating }), person);

      await sendCallback(victim.visitor, back);

      const seen = fixture.project.visitor();
      const login = await seen.post('/v1/account/sessions/email', { email: victim.user.email, password: 'correct horse battery' });
      login.expect(201);
      assert.deepEqual(await identities(seen), [], "the attacker's provider opens the victim's account");
    });
  }

  test('under another session is never attached to this one', async () => {
    const [attacker, victim] = [await member(), await member()];
    const person = fixture.mock.person('discord');
    const back = await attackersWayBack(attacker.visitor, person);
    const bound = attacker.visitor.cookies.filter((each) => each.name.startsWith('a_oauth_'));
    victim.visitor.cookies.push(...bound); // even if an attacker could set the binding cookie

    await sendCallback(victim.visitor, back);

    const seen = fixture.project.visitor();
    (await seen.post('/v1/account/sessions/email', { email: victim.user.email, password: 'correct horse battery' })).expect(201);
    assert.deepEqual(await identities(seen), []);
  });

  test('before signing out and in as someone else is not attached to that someone', async () => {
    const first = await member();
    const back = await attackersWayBack(first.visitor, fixture.mock.person('discord'));
    (await first.visitor.delete('/v1/account/sessions/current')).expect(204);
    const second = await member();
    second.visitor.cookies.push(...first.visitor.cookies.filter((each) => each.name.startsWith('a_oauth_')));
    await sendCallback(second.visitor, back);
    const seen = fixture.project.visitor();
    (await seen.post('/v1/account/sessions/email', { email: second.user.email, password: 'correct horse battery' })).expect(201);
    assert.deepEqual(await identities(seen), []);
  });
});
