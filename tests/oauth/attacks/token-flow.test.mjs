// The token flow: a secret in a URL that is valid once, for one minute, for one user.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Fixture } from '../../support/fixture.mjs';
import { assertLanded, assertStranger, login } from '../../support/login.mjs';

let fixture;
before(async () => { fixture = await Fixture.open({ providers: ['discord', 'google'] }); });
after(() => fixture?.close());
beforeEach(() => fixture.mock.takeRefusals());

async function landed(scenario = {}) {
  const visitor = fixture.project.visitor({ navigating: true });
  const result = await login(visitor, fixture.project, 'discord', { mock: fixture.mock, scenario, kind: 'tokens' });
  assertLanded(result);
  const [[first, secret], [second, userId], ...rest] = [...result.landed.searchParams];
  assert.deepEqual([first, second, rest], ['secret', 'userId', []]);
  return { visitor, result, secret, userId };
}

const exchange = (body, visitor = fixture.project.visitor()) => visitor.post('/v1/account/sessions/token', body);

describe('the secret of the token flow', () => {
  test('becomes a session that knows its provider', async () => {
    const person = fixture.mock.person('discord');
    const { secret, userId, visitor } = await landed({ person });
    await assertStranger(visitor); // no cookie was set
    const app = fixture.project.visitor();
    const session = (await exchange({ userId, secret }, app)).expect(201);
    assert.deepEqual([session.userId, session.provider, session.providerUid], [userId, 'discord', person.uid]);
    assert.ok(session.providerAccessToken);
    assert.equal((await app.get('/v1/account')).expect(200).email, person.address);
  });

  test('is good once', async () => {
    const { secret, userId } = await landed();
    (await exchange({ userId, secret })).expect(201);
    (await exchange({ userId, secret })).expectError(401, 'user_invalid_token');
  });

  test('is good for one of several who come at once', async () => {
    const { secret, userId } = await landed();
    const replies = await Promise.all(Array.from({ length: 6 }, () => exchange({ userId, secret })));
    assert.deepEqual(replies.map((each) => each.status).sort(), [201, 401, 401, 401, 401, 401]);
  });

  test('is of no use for another user', async () => {
    const [one, two] = [await landed(), await landed()];
    (await exchange({ userId: two.userId, secret: one.secret })).expectError(401, 'user_invalid_token');
    (await exchange({ userId: 'nobody', secret: one.secret })).expectError(401, 'user_invalid_token');
  });

  test('is of no use in another project', async () => {
    const other = await fixture.developer.project('Other');
    const { secret, userId } = await landed();
    (await exchange({ userId, secret }, other.visitor())).expectError(401, 'user_invalid_token');
  });

  test('lives a minute and says so', async () => {
    const { secret } = await landed();
    const [head, body] = secret.split('.').slice(0, 2).map((part) => JSON.parse(Buffer.from(part, 'base64url')));
    assert.equal(head.alg, 'HS256');
    const left = body.exp - Date.now() / 1000;
    assert.ok(left > 0 && left <= 61, `${left} s are left`);
  });

  test('cannot be changed or forged', async () => {
    const { secret, userId } = await landed();
    const [head, body, signature] = secret.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url'));
    const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const forged = {
      'a longer life': `${head}.${encode({ ...claims, exp: claims.exp + 3600 })}.${signature}`,
      'another provider': `${head}.${encode({ ...claims, provider: 'google' })}.${signature}`,
      'no algorithm': `${encode({ alg: 'none', typ: 'JWT' })}.${body}.`,
      'no signature': `${head}.${body}.`,
      'the bare inner secret': claims.secret,
      nothing: '',
    };
    for (const [name, value] of Object.entries(forged)) {
      const reply = await exchange({ userId, secret: value });
      assert.ok([400, 401].includes(reply.status), `${name}: ${reply.status} ${reply.text}`);
    }
    (await exchange({ userId, secret })).expect(201); // the failed attempts did not consume the valid secret
  });

  test('does not come with a failure', async () => {
    const result = await login(fixture.project.visitor(), fixture.project, 'discord', { mock: fixture.mock, scenario: { fault: 'denied' }, kind: 'tokens' });
    assert.deepEqual([...result.landed.searchParams.keys()], ['error']);
  });
});
