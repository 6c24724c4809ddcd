// Issuer mix-up (RFC 9207), and validation of every claim of an id_token (OpenID Connect Core 3.1.3.7).
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { idTokenFaults } from '../../mock/id-token.mjs';
import { Fixture } from '../../support/fixture.mjs';
import { assertFailed, assertLanded, assertStranger, login } from '../../support/login.mjs';

const providers = ['google', 'yahoo', 'apple', 'keycloak', 'oidc', 'microsoft', 'zoho', 'authentik'];
let fixture;
before(async () => { fixture = await Fixture.open({ providers }); });
after(() => fixture?.close());
beforeEach(() => fixture.mock.takeRefusals());

async function visit(id, scenario) {
  const visitor = fixture.project.visitor({ navigating: true });
  return { visitor, ...(await login(visitor, fixture.project, id, { mock: fixture.mock, scenario })) };
}

async function assertNotLetIn(result, type = 'user_oauth2_provider_error') {
  assertFailed(result, type, type === 'user_oauth2_provider_error' ? 424 : undefined);
  await assertStranger(result.visitor);
}

describe('mix-up', () => {
  const cases = {
    'another issuer at a provider that always names itself': ['keycloak', { iss: 'https://issuer.attacker.test' }],
    'no issuer at a provider that promises one': ['keycloak', { iss: undefined }],
    'another realm of the same server': ['keycloak', { iss: 'https://keycloak.example.test/realms/other' }],
    'the right issuer with a slash more': ['keycloak', { iss: 'https://keycloak.example.test/realms/main/' }],
    'an issuer at a provider that names none': ['google', { iss: 'https://issuer.attacker.test' }],
    'an empty issuer': ['keycloak', { iss: '' }],
  };
  for (const [name, [id, callback]] of Object.entries(cases)) {
    test(`${name}: no code is redeemed`, async () => {
      const calls = fixture.mock.visitsTo('token', id).length;
      await assertNotLetIn(await visit(id, { callback }));
      assert.equal(fixture.mock.visitsTo('token', id).length, calls);
    });
  }

  test('a refusal that names another issuer is not believed either', async () => {
    const result = await visit('keycloak', { fault: 'denied', callback: { iss: 'https://issuer.attacker.test', error_description: 'trust me' } });
    await assertNotLetIn(result);
    assert.ok(!result.error.message.includes('trust me'));
  });

  test('the right issuer is let in', async () => {
    assertLanded(await visit('keycloak', {}));
    assertLanded(await visit('google', { callback: { iss: 'https://accounts.google.com' } }));
  });

  test("a data centre that is none of Zoho's gets no code", async () => {
    const trap = fixture.mock.visitsTo('nowhere').length;
    await assertNotLetIn(await visit('zoho', { callback: { 'accounts-server': 'https://accounts.zoho.attacker.test', location: 'us' } }), ['user_oauth2_provider_error', 'user_oauth2_bad_request']);
    assert.equal(fixture.mock.visitsTo('nowhere').length, trap);
  });

  for (const address of ['https://accounts.zoho.com.attacker.test', 'https://accounts.zoho.com@attacker.test', 'http://accounts.zoho.com', 'https://accounts.zoho.com:8443', 'https://accounts.zoho.com/../x']) {
    test(`a data centre written as ${address} gets no code`, async () => {
      const calls = fixture.mock.visits.length;
      const result = await visit('zoho', { callback: { 'accounts-server': address } });
      await assertNotLetIn(result, ['user_oauth2_provider_error', 'user_oauth2_bad_request']);
      const seen = fixture.mock.visits.slice(calls).filter((each) => each.endpoint !== 'authorize');
      assert.deepEqual(seen.map((each) => each.endpoint).filter((each) => !['discovery', 'jwks'].includes(each)), []);
    });
  }

  test("Zoho's European data centre redeems its own codes", async () => {
    const result = await visit('zoho', { server: 'https://accounts.zoho.eu', callback: { 'accounts-server': 'https://accounts.zoho.eu', location: 'eu' } });
    assert.deepEqual(fixture.mock.takeRefusals(), []);
    assertLanded(result);
  });
});

describe('an id_token', () => {
  for (const id of ['google', 'oidc', 'yahoo', 'apple', 'keycloak']) {
    for (const fault of idTokenFaults) {
      test(`of ${id} with ${fault} lets nobody in`, async () => {
        const types = fault === 'no-sub' ? ['user_oauth2_provider_error', 'user_missing_id'] : undefined;
        await assertNotLetIn(await visit(id, { fault }), types);
      });
    }
  }

  test('that never came is missed where the identity is in it', async () => {
    for (const id of ['apple', 'zoho']) await assertNotLetIn(await visit(id, { fault: 'no-id-token' }));
  });

  test('that is about someone else than the profile lets nobody in', async () => {
    for (const id of ['google', 'oidc', 'keycloak']) {
      const other = fixture.mock.person(id);
      await assertNotLetIn(await visit(id, { claims: { sub: other.uid } }));
    }
  });

  test('of another Microsoft tenant than its issuer says lets nobody in', async () => {
    await assertNotLetIn(await visit('microsoft', { claims: { tid: '00000000-0000-4000-8000-000000000000' } }));
    await assertNotLetIn(await visit('microsoft', { claims: { iss: 'https://login.microsoftonline.com/common/v2.0' } }));
    await assertNotLetIn(await visit('microsoft', { claims: { iss: 'https://issuer.attacker.test/7f3d8f5e-2f6a-4d2b-9a63-0c5a1f4f9e11/v2.0' } }));
  });

  test('of an authentik elsewhere, or of a path beside its applications, lets nobody in', async () => {
    for (const iss of ['https://authentik.attacker.test/application/o/ferrite/', 'https://authentik.example.test.attacker.test/application/o/ferrite/', 'https://authentik.example.test/other/', 'https://authentik.example.test/application/o/../../x/']) {
      await assertNotLetIn(await visit('authentik', { claims: { iss } }));
    }
  });

  test('with several audiences is good when we are the authorized party', async () => {
    assertLanded(await visit('google', { claims: { aud: ['google-client', 'another-client'], azp: 'google-client' } }));
  });

  test('that is a minute old by a slow clock is still good', async () => {
    const now = Math.floor(Date.now() / 1000);
    assertLanded(await visit('google', { claims: { iat: now + 20, exp: now - 20 + 3600 } }));
  });
});

describe('an unknown key', () => {
  test('makes the keys be fetched again, but not for every token', async () => {
    const calls = () => fixture.mock.visitsTo('jwks', 'yahoo').length;
    await visit('yahoo', {});
    for (let i = 0; i < 4; i += 1) await visit('yahoo', { fault: 'unknown-kid' });
    assert.ok(calls() <= 3, `the keys were fetched ${calls()} times`);
  });
});
