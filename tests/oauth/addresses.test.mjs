// Rules of a project for e-mail addresses from providers, which apply to new users only.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Fixture } from '../support/fixture.mjs';
import { assertFailed, assertLanded, assertStranger, login, me } from '../support/login.mjs';

let fixture;
before(async () => { fixture = await Fixture.open({ providers: ['google'] }); });
after(() => fixture?.close());

async function signIn(person) {
  const visitor = fixture.project.visitor({ navigating: true });
  return { visitor, ...(await login(visitor, fixture.project, 'google', { mock: fixture.mock, scenario: { person } })) };
}

test('a new user whose address is of a kind that is refused lands on the failure page, an old one comes in', async () => {
  const old = fixture.mock.person('google', { address: 'ada@gmail.com' });
  const { visitor, ...first } = await signIn(old);
  assertLanded(first);
  const user = await me(visitor);
  const key = await fixture.project.key(['policies.write']);
  (await fixture.project.visitor().patch('/v1/project/policies/deny-free-email', { enabled: true }, { 'x-appwrite-key': key.secret })).expect(200);

  const refused = await signIn(fixture.mock.person('google', { address: 'grace@gmail.com' }));
  assertFailed(refused, 'user_email_free', 400);
  await assertStranger(refused.visitor);
  const again = await signIn(old);
  assertLanded(again);
  assert.equal((await me(again.visitor)).$id, user.$id);
  assertLanded(await signIn(fixture.mock.person('google', { address: 'grace@firm.example' })));
});
