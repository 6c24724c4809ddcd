// Rules of a project for e-mail addresses from providers, which apply to new users only.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { House } from '../support/house.mjs';
import { assertFailed, assertLanded, assertStranger, login, me } from '../support/login.mjs';

let house;
before(async () => { house = await House.open({ providers: ['google'] }); });
after(() => house?.close());

async function signIn(person) {
  const visitor = house.project.visitor({ navigating: true });
  return { visitor, ...(await login(visitor, house.project, 'google', { mock: house.mock, scenario: { person } })) };
}

test('a new user whose address is of a kind that is refused lands on the failure page, an old one comes in', async () => {
  const old = house.mock.person('google', { address: 'ada@gmail.com' });
  const { visitor, ...first } = await signIn(old);
  assertLanded(first);
  const user = await me(visitor);
  const key = await house.project.key(['policies.write']);
  (await house.project.visitor().patch('/v1/project/policies/deny-free-email', { enabled: true }, { 'x-appwrite-key': key.secret })).expect(200);

  const refused = await signIn(house.mock.person('google', { address: 'grace@gmail.com' }));
  assertFailed(refused, 'user_email_free', 400);
  await assertStranger(refused.visitor);
  const again = await signIn(old);
  assertLanded(again);
  assert.equal((await me(again.visitor)).$id, user.$id);
  assertLanded(await signIn(house.mock.person('google', { address: 'grace@firm.example' })));
});
