// Every provider, through every possible course of a login. Prints a table of the results.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { recordOf } from '../mock/records.mjs';
import { providerIds } from '../mock/server.mjs';
import { Fixture } from '../support/fixture.mjs';
import { assertFailed, assertLanded, assertStranger, currentSession, identities, login, me } from '../support/login.mjs';
import { Table } from '../support/table.mjs';

const columns = ['login', 'again', 'profile', 'refresh', 'denied', 'bad code', 'no e-mail', 'unverified'];
const table = new Table(columns);
const chosen = process.env.FERRITE_TEST_PROVIDERS?.split(',') ?? providerIds;
let fixture;

before(async () => { fixture = await Fixture.open({ providers: chosen }); });
after(async () => {
  table.print();
  await fixture?.close();
});

const check = (id, column, name, body) => test(name, () => table.cell(id, column, body));

for (const id of chosen) {
  describe(id, () => {
    const record = recordOf(id);
    let someone; // the user of the first sign-in, which later checks depend on
    let first;

    const visit = async (scenario, options) => {
      const visitor = fixture.project.visitor({ navigating: true });
      const result = await login(visitor, fixture.project, id, { mock: fixture.mock, scenario, ...options });
      return { visitor, ...result };
    };
    const noRefusals = () => assert.deepEqual(fixture.mock.takeRefusals(), []);

    check(id, 'login', 'a person signs in', async () => {
      someone = fixture.mock.person(id);
      first = await visit({ person: someone });
      noRefusals();
      assertLanded(first);
      assert.ok(first.visitor.cookie(`a_session_${fixture.project.id}`), 'no session cookie was set');
      assert.equal((await currentSession(first.visitor)).provider, id);
    });

    check(id, 'again', 'the same person is the same user, even under a new address and name', async () => {
      const renamed = { ...someone, address: `new-${someone.address}`, username: `new-${someone.username}` };
      const second = await visit({ person: renamed });
      noRefusals();
      assertLanded(second);
      assert.equal((await me(second.visitor)).$id, (await me(first.visitor)).$id);
      assert.equal((await identities(second.visitor)).length, 1);
    });

    check(id, 'profile', 'name, address, id and tokens are read from the right places', async () => {
      const other = fixture.mock.person(id);
      const { visitor } = await visit({ person: other });
      const user = await me(visitor);
      assert.equal(user.email, other.address);
      assert.equal(user.name, record.expect.name === '{username}' ? other.username : other.name);
      assert.equal(user.emailVerification, record.expect.verifies);
      const [identity] = await identities(visitor);
      assert.deepEqual([identity.provider, identity.providerUid, identity.providerEmail], [id, other.uid, other.address]);
      checkTokens(await currentSession(visitor), other);
    });

    function checkTokens(session, other) {
      const grant = [...fixture.mock.codes.values()].findLast((each) => each.person === other);
      assert.equal(session.providerUid, other.uid);
      assert.equal(session.providerAccessToken, grant.accessToken);
      assert.equal(session.providerRefreshToken, JSON.stringify(record.token.reply).includes('{refresh_token}') ? grant.refreshToken : '');
      if (record.expect.expiresIn === 0) {
        assert.equal(session.providerAccessTokenExpiry || '', '', 'an unknown expiry is not "now"');
      } else {
        const left = (new Date(session.providerAccessTokenExpiry) - Date.now()) / 1000;
        assert.ok(Math.abs(left - record.expect.expiresIn) < 60, `${left} s left, the provider said ${record.expect.expiresIn}`);
      }
    }

    check(id, 'refresh', record.refresh ? 'its tokens are refreshed, twice' : 'nothing is refreshed where nothing can be', async () => {
      const { visitor } = await visit({ person: fixture.mock.person(id) });
      const before = await currentSession(visitor);
      const calls = fixture.mock.visitsTo('token', id).length;
      const once = (await visitor.patch('/v1/account/sessions/current')).expect(200);
      const twice = (await visitor.patch('/v1/account/sessions/current')).expect(200);
      noRefusals();
      if (!record.refresh) {
        assert.equal(fixture.mock.visitsTo('token', id).length, calls, 'the provider was asked though it refreshes nothing');
        assert.equal(twice.providerAccessToken, before.providerAccessToken);
        return '–';
      }
      assert.notEqual(once.providerAccessToken, before.providerAccessToken);
      assert.notEqual(twice.providerAccessToken, once.providerAccessToken);
      const grant = fixture.mock.accessTokens.get(twice.providerAccessToken);
      assert.equal(grant?.accessToken, twice.providerAccessToken, 'the newest token is not the one that is kept');
      assert.equal(twice.providerRefreshToken, grant.refreshToken);
      assert.equal((await identities(visitor))[0].providerAccessToken, twice.providerAccessToken);
    });

    check(id, 'denied', 'a person who says no lands on the failure page', async () => {
      const result = await visit({ fault: 'denied' });
      noRefusals();
      assertFailed(result, 'user_oauth2_provider_error', 424);
      assert.ok(result.error.message.startsWith(`The ${record.name} OAuth2 provider returned an error: ${record.authorize.denied.error}`), result.error.message);
      await assertStranger(result.visitor);
    });

    check(id, 'bad code', 'a code that the provider refuses lands on the failure page', async () => {
      const result = await visit({ fault: 'bad-code' });
      noRefusals();
      const inBand = record.token.error.status === 200;
      assertFailed(result, inBand ? ['user_oauth2_provider_error', 'user_oauth2_provider_failure'] : 'user_oauth2_bad_request', inBand ? 424 : 400);
      await assertStranger(result.visitor);
    });

    check(id, 'no e-mail', 'a person without an address is not let in, however the provider says so', async () => {
      for (const email of ['absent', 'null', 'empty']) {
        const result = await visit({ person: fixture.mock.person(id, { email }) });
        noRefusals();
        assertFailed(result, 'user_unauthorized', 401);
        await assertStranger(result.visitor);
      }
    });

    check(id, 'unverified', 'an address that the provider does not vouch for opens no account that exists', async () => {
      const intruder = fixture.mock.person(id, { verified: false });
      const owner = await fixture.project.signUp(intruder.address);
      const result = await visit({ person: intruder });
      noRefusals();
      assertFailed(result, record.expect.unverified);
      assert.ok(!result.error.message.includes(intruder.address), 'the message gives the account away');
      await assertStranger(result.visitor);
      assert.equal((await identities(owner.visitor)).length, 0);
      assert.equal((await me(owner.visitor)).emailVerification, false);
    });
  });
}
