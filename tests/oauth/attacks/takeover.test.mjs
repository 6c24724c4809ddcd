// Account takeover: unverified addresses are never linked, and a prior unverified user loses access once the address is
// proven.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { password } from '../../support/console.mjs';
import { Fixture } from '../../support/fixture.mjs';
import { assertFailed, assertLanded, assertStranger, identities, login, me } from '../../support/login.mjs';

let fixture;
before(async () => { fixture = await Fixture.open({ providers: ['discord', 'google', 'microsoft', 'spotify', 'dailymotion', 'vk', 'bitbucket', 'github'] }); });
after(() => fixture?.close());
beforeEach(() => fixture.mock.takeRefusals());

async function visit(id, scenario, visitor = fixture.project.visitor({ navigating: true })) {
  return { visitor, ...(await login(visitor, fixture.project, id, { mock: fixture.mock, scenario })) };
}

const wrongPassword = async (email) => (await fixture.project.visitor().post('/v1/account/sessions/email', { email, password })).expectError(401, 'user_invalid_credentials');

describe('an address nobody vouches for', () => {
  const claims = {
    'a provider that says it is unverified': ['discord', { verified: false }, {}],
    'a provider that never says': ['spotify', {}, {}],
    'a badge of the account that looks like a verified address': ['dailymotion', {}, {}],
    "a badge of VK's": ['vk', {}, {}],
    'the text "false"': ['google', {}, { profile: { email_verified: 'false' }, claims: { email_verified: 'false' } }],
    'the number zero': ['google', {}, { profile: { email_verified: 0 }, claims: { email_verified: 0 } }],
    'a missing claim': ['google', {}, { profile: { email_verified: undefined }, claims: { email_verified: undefined } }],
    'a Microsoft tenant without proof of its domain': ['microsoft', { verified: false }, {}],
    'a Microsoft tenant whose proof is a text': ['microsoft', {}, { claims: { xms_edov: 'false' } }],
  };
  for (const [name, [id, wishes, rest]] of Object.entries(claims)) {
    test(`${name}: it opens no account`, async () => {
      const intruder = fixture.mock.person(id, wishes);
      const owner = await fixture.project.signUp(intruder.address.toUpperCase());
      const result = await visit(id, { person: intruder, ...rest });
      assertFailed(result, 'general_bad_request', 400);
      await assertStranger(result.visitor);
      assert.deepEqual(await identities(owner.visitor), []);
    });

    test(`${name}: it makes a user whose address stays unverified`, async () => {
      const result = await visit(id, { person: fixture.mock.person(id, wishes), ...rest });
      assertLanded(result);
      assert.equal((await me(result.visitor)).emailVerification, false);
    });
  }

  test("is not vouched for by Microsoft's claim about another address (nOAuth)", async () => {
    const intruder = fixture.mock.person('microsoft');
    const victim = `victim-of-${intruder.username}@people.example.test`;
    const owner = await fixture.project.signUp(victim);
    const result = await visit('microsoft', { person: intruder, profile: { mail: victim, userPrincipalName: victim } });
    assert.ok(result.error, 'the mail of the directory counted as verified');
    await assertStranger(result.visitor);
    assert.deepEqual(await identities(owner.visitor), []);
  });

  test("does not meet another login's verified address either", async () => {
    const owner = fixture.mock.person('google');
    assertLanded(await visit('google', { person: owner }));
    const intruder = fixture.mock.person('discord', { verified: false, address: owner.address });
    assertFailed(await visit('discord', { person: intruder }), 'general_bad_request', 400);
  });

  test('is told apart from nothing: the refusal names no account', async () => {
    const intruder = fixture.mock.person('discord', { verified: false });
    await fixture.project.signUp(intruder.address);
    const { error } = await visit('discord', { person: intruder });
    assert.ok(!/exist|already|account|registered/i.test(error.message), error.message);
  });
});

describe('an address the provider vouches for', () => {
  test('leads to the verified account that has it, which keeps its password', async () => {
    const person = fixture.mock.person('discord');
    const first = await visit('google', { person: fixture.mock.person('google', { address: person.address }) });
    assertLanded(first);
    const user = await me(first.visitor);
    (await first.visitor.patch('/v1/account/password', { password })).expect(200);

    const second = await visit('discord', { person });

    assertLanded(second);
    assert.equal((await me(second.visitor)).$id, user.$id);
    assert.equal((await identities(second.visitor)).length, 2);
    assert.equal((await me(first.visitor)).$id, user.$id, 'the other session was ended');
    (await fixture.project.visitor().post('/v1/account/sessions/email', { email: person.address, password })).expect(201);
  });

  test('is compared without regard to case', async () => {
    const person = fixture.mock.person('google');
    assertLanded(await visit('google', { person }));
    const shouted = fixture.mock.person('discord', { address: person.address.toUpperCase() });
    const second = await visit('discord', { person: shouted });
    assertLanded(second);
    assert.equal((await identities(second.visitor)).length, 2);
  });
});

describe('an account that was waiting for its victim', () => {
  async function prepared(id) {
    const victim = fixture.mock.person(id);
    const trap = await fixture.project.signUp(victim.address, { name: 'Mallory' });
    return { victim, trap };
  }

  test('loses the password and the sessions of who made it', async () => {
    const { victim, trap } = await prepared('google');
    const arrival = await visit('google', { person: victim });
    assertLanded(arrival);
    const user = await me(arrival.visitor);
    assert.equal(user.$id, trap.user.$id);
    assert.equal(user.emailVerification, true);
    await assertStranger(trap.visitor);
    await wrongPassword(victim.address);
  });

  test('loses the identities that were put into it', async () => {
    const { victim, trap } = await prepared('google');
    const backdoor = fixture.mock.person('discord');
    assertLanded(await visit('discord', { person: backdoor }, trap.visitor));
    assert.equal((await identities(trap.visitor)).length, 1);

    const arrival = await visit('google', { person: victim });

    assertLanded(arrival);
    assert.deepEqual((await identities(arrival.visitor)).map((each) => each.provider), ['google']);
    const again = await visit('discord', { person: backdoor });
    if (!again.error) assert.notEqual((await me(again.visitor)).$id, (await me(arrival.visitor)).$id);
  });

  test('loses the tokens, JWTs and phone of who made it', async () => {
    const { victim, trap } = await prepared('google');
    const key = await fixture.project.key(['users.read', 'users.write', 'sessions.write']);
    const backend = fixture.project.backend(key);
    const token = (await backend.post(`/v1/users/${trap.user.$id}/tokens`, {})).expect(201);
    const { jwt } = (await trap.visitor.post('/v1/account/jwts')).expect(201);
    (await trap.visitor.patch('/v1/account/phone', { phone: '+12025550143', password })).expect(200);

    const arrival = await visit('google', { person: victim });

    assertLanded(arrival);
    assert.equal((await me(arrival.visitor)).phone, '');
    (await fixture.project.visitor().post('/v1/account/sessions/token', { userId: token.userId, secret: token.secret })).expectError(401, 'user_invalid_token');
    assert.equal((await fixture.project.visitor({ headers: { 'x-appwrite-jwt': jwt } }).get('/v1/account')).status, 401);
  });

  test('cannot be made when an identity holds the address already', async () => {
    const person = fixture.mock.person('spotify');
    assertLanded(await visit('spotify', { person }));
    const reply = await fixture.project.visitor().post('/v1/account', { userId: 'unique()', email: person.address, password });
    assert.ok([400, 409].includes(reply.status), reply.text);
  });
});

describe('what identifies a person', () => {
  test('is the provider and its id: the same id at another provider is someone else', async () => {
    const one = await visit('discord', { person: fixture.mock.person('discord', { uid: '100021790655555555' }) });
    const two = await visit('github', { person: fixture.mock.person('github', { uid: '100021790655555555' }) });
    assertLanded(one);
    assertLanded(two);
    assert.notEqual((await me(one.visitor)).$id, (await me(two.visitor)).$id);
  });

  test('is never the address: a new person with a known but since changed address is someone else', async () => {
    const old = fixture.mock.person('spotify');
    const first = await visit('spotify', { person: old });
    assertLanded(first);
    const { address } = old;
    (await first.visitor.patch('/v1/account/email', { email: `moved-${address}`, password })).expect(200);
    const next = await visit('spotify', { person: fixture.mock.person('spotify', { address }) });
    if (!next.error) assert.notEqual((await me(next.visitor)).$id, (await me(first.visitor)).$id);
  });

  test('is nothing: a provider without an id lets nobody in', async () => {
    for (const id of [null, '', undefined]) {
      const result = await visit('discord', { profile: { id } });
      assertFailed(result, 'user_missing_id', 400);
    }
  });

  test('of a blocked user opens nothing', async () => {
    const person = fixture.mock.person('discord');
    const { visitor } = await visit('discord', { person });
    (await visitor.patch('/v1/account/status')).expect(200);
    const again = await visit('discord', { person });
    assertFailed(again, 'user_blocked');
    await assertStranger(again.visitor);
  });

  test('takes the primary of several addresses, wherever it stands', async () => {
    const person = fixture.mock.person('github');
    const { visitor } = await visit('github', { person });
    assert.equal((await me(visitor)).email, person.address);
  });
});
