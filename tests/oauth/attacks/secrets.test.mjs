// Codes, tokens, verifiers and secrets must not appear in logs, URLs, or replies to unauthorized callers.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { recordOf } from '../../mock/records.mjs';
import { Fixture } from '../../support/fixture.mjs';
import { app, assertLanded, currentSession, login } from '../../support/login.mjs';

const providers = ['discord', 'google', 'apple', 'github', 'disqus', 'facebook', 'vk', 'stripe', 'zoom', 'notion'];
let fixture;
const ours = new Set(); // secrets that our server generated
const addresses = []; // every URL that our server redirected a browser to

before(async () => {
  fixture = await Fixture.open({ providers, server: { environment: { RUST_LOG: 'debug' } } });
  for (const id of providers) {
    for (const kind of ['sessions', 'tokens']) {
      for (const fault of [undefined, 'denied', 'bad-code', 'dead-token']) await visit(id, kind, fault);
    }
  }
});
after(() => fixture?.close());

async function visit(id, kind, fault) {
  const visitor = fixture.project.visitor({ navigating: true });
  const result = await login(visitor, fixture.project, id, { mock: fixture.mock, scenario: { fault }, kind });
  const success = result.landed && !result.error;
  addresses.push({ id, kind, href: result.landed?.href ?? '', success });
  for (const { value } of visitor.cookies) ours.add(value);
  if (!success) return;
  assertLanded(result);
  if (kind === 'tokens') {
    const { secret, userId } = Object.fromEntries(result.landed.searchParams);
    ours.add(secret);
    ours.add(JSON.parse(Buffer.from(secret.split('.')[1], 'base64url')).secret);
    (await visitor.post('/v1/account/sessions/token', { userId, secret })).expect(201);
  }
  const cookie = visitor.cookie(`a_session_${fixture.project.id}`);
  ours.add(cookie);
  ours.add(JSON.parse(Buffer.from(decodeURIComponent(cookie), 'base64')).secret);
  (await visitor.patch('/v1/account/sessions/current')).expect(200);
}

/** Secrets of at least 12 characters: shorter ones could occur by chance. */
const secretsOf = (...sets) => sets.flatMap((set) => [...set]).filter((each) => each && each.length >= 12);

function found(haystack, needles) {
  return needles.filter((each) => haystack.includes(each) || haystack.includes(encodeURIComponent(each))).map((each) => each.slice(0, 24));
}

describe('a secret', () => {
  test('of the provider is in no log', () => {
    assert.ok(fixture.server.logs.length > 0, 'the server logs nothing, so this test sees nothing');
    assert.deepEqual(found(fixture.server.logs, secretsOf(fixture.mock.secrets)), []);
  });

  test('of the app at the provider is in no log', () => {
    assert.deepEqual(found(fixture.server.logs, providers.map((id) => recordOf(id).clientSecret)), []);
  });

  test('of our own sessions and tokens is in no log', () => {
    assert.deepEqual(found(fixture.server.logs, secretsOf(ours)), []);
  });

  test('is in no address that a login ends at, save the one the token flow is made for', () => {
    for (const { id, kind, href, success } of addresses) {
      const parameters = [...new URL(href).searchParams.keys()];
      const expected = success ? (kind === 'tokens' ? ['secret', 'userId'] : []) : ['error'];
      assert.deepEqual(parameters, expected, `${id} ${kind}: ${href}`);
      assert.deepEqual(found(href, secretsOf(fixture.mock.secrets)), [], href);
    }
    assert.ok(addresses.some(({ href }) => href.startsWith(app.failure)));
  });

  test('of the app is told to nobody, not even its owner', async () => {
    const replies = [
      await fixture.developer.agent.get(`/v1/projects/${fixture.project.id}`),
      await fixture.developer.agent.get('/v1/projects'),
      await fixture.developer.agent.get(`/v1/projects/${fixture.project.id}/oauth2/attempts`),
    ];
    for (const reply of replies) {
      reply.expect(200);
      assert.deepEqual(found(reply.text, providers.map((id) => recordOf(id).clientSecret)), []);
      assert.ok(!reply.text.includes('PRIVATE KEY'));
    }
  });

  test('of a login is not in its trace', async () => {
    const text = JSON.stringify(await fixture.project.attempts());
    assert.deepEqual(found(text, secretsOf(fixture.mock.secrets, ours)), []);
    for (const word of ['access_denied', 'discord']) assert.ok(text.includes(word), `the trace does not say ${word}`);
  });

  test('is in no file in clear', async () => {
    const needles = [...secretsOf(fixture.mock.secrets, ours), ...providers.map((id) => recordOf(id).clientSecret)];
    for (const entry of await readdir(fixture.server.data, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const content = await readFile(join(entry.parentPath ?? entry.path, entry.name));
      assert.deepEqual(found(content, needles), [], entry.name);
    }
  });

  test("of a provider's tokens is shown to the owner of the session alone", async () => {
    const visitor = fixture.project.visitor({ navigating: true });
    assertLanded(await login(visitor, fixture.project, 'discord', { mock: fixture.mock }));
    const { providerAccessToken, $id } = await currentSession(visitor);
    assert.ok(providerAccessToken);
    const stranger = fixture.project.visitor({ navigating: true });
    assertLanded(await login(stranger, fixture.project, 'discord', { mock: fixture.mock }));
    const reply = await stranger.get(`/v1/account/sessions/${$id}`);
    assert.equal(reply.status, 404);
    assert.ok(!reply.text.includes(providerAccessToken));
  });
});
