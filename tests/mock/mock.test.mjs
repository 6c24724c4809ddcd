// Tests of the mock: it must accept a correct client and refuse an incorrect one.
import assert from 'node:assert/strict';
import { createHash, createHmac, randomBytes, verify, createPublicKey } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { es256, jwt } from './keys.mjs';
import { recordOf } from './records.mjs';
import { Mock, providerIds } from './server.mjs';

const callback = (id) => `http://localhost:8080/v1/account/sessions/oauth2/callback/${id}/app`;
let mock;
before(async () => { mock = await Mock.start(); });
after(() => mock.stop());

const at = (url) => mock.origin + url.replace('https://', '/_host/');

/** A client built from the records, to verify that a client can satisfy each record. */
async function signIn(id, scenario = {}, change = {}) {
  const record = recordOf(id);
  const verifier = randomBytes(48).toString('base64url');
  const callbackFields = await atAuthorize(record, verifier, scenario, change);
  if (callbackFields.error) return { denied: callbackFields };
  const reply = await atToken(record, verifier, callbackFields, change);
  const body = await fieldsOf(reply);
  const access = body.access_token?.token ?? body.access_token;
  if (!access) return { status: reply.status, body };
  const replies = {};
  for (const rules of record.calls) {
    replies[rules.role] = await (await fetch(...callOf(record, rules, access, body, change))).json();
  }
  return { status: reply.status, body, replies, fields: callbackFields };
}

async function atAuthorize(record, verifier, scenario, change) {
  const url = new URL(at(record.authorize.url));
  const query = { client_id: record.clientId, redirect_uri: callback(record.id), response_type: 'code', state: randomBytes(32).toString('base64url'), ...record.authorize.params };
  if (record.authorize.scopes.length) query.scope = record.authorize.scopes.join(record.authorize.separator);
  if (record.authorize.pkce === 'sent') {
    Object.assign(query, { code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' });
  }
  if (record.authorize.nonce === 'sent') query.nonce = randomBytes(32).toString('base64url');
  Object.assign(query, change.authorize);
  const search = Object.entries(query).map(([k, v]) => `${k}=${encodeURIComponent(v)}`).join('&');
  const reply = await fetch(`${url.href}?${search}`, { redirect: 'manual', headers: { 'x-mock-scenario': mock.plan(scenario) } });
  if (reply.status === 302) return Object.fromEntries(new URL(reply.headers.get('location')).searchParams);
  const page = await reply.text();
  const inputs = [...page.matchAll(/name="([^"]+)" value="([^"]*)"/g)];
  return Object.fromEntries(inputs.map(([, k, v]) => [k, v.replace(/&#(\d+);/g, (_, n) => String.fromCharCode(n))]));
}

function atToken(record, verifier, fields, change) {
  const form = { grant_type: 'authorization_code', code: fields.code, redirect_uri: callback(record.id) };
  if (record.authorize.pkce === 'sent') form.code_verifier = verifier;
  if (record.token.requires) form.device_id = fields.device_id;
  return post(record, record.token.url, { ...form, ...change.token }, change);
}

function post(record, url, form, change = {}) {
  const headers = { accept: 'application/json', 'user-agent': 'self-test' };
  if (record.token.headers) headers['notion-version'] = '2025-09-03';
  const secret = record.clientSecret;
  const encode = (text) => new URLSearchParams({ x: text }).toString().slice(2);
  const way = change.clientAuth ?? record.token.clientAuth;
  if (way === 'basic') headers.authorization = `Basic ${Buffer.from(`${encode(record.clientId)}:${encode(secret)}`).toString('base64')}`;
  if (way === 'body') Object.assign(form, { client_id: record.clientId, client_secret: secret });
  if (way === 'none') form.client_id = record.clientId;
  if (way === 'bearer-secret') headers.authorization = `Bearer ${secret}`;
  if (way === 'body-jwt') Object.assign(form, { client_id: record.clientId, client_secret: appleSecret(record) });
  const json = record.token.encoding === 'json';
  headers['content-type'] = json ? 'application/json' : 'application/x-www-form-urlencoded';
  return fetch(at(url) + (change.query ?? ''), { method: 'POST', headers: { ...headers, ...change.headers }, body: json ? JSON.stringify(form) : new URLSearchParams(form) });
}

function appleSecret(record) {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: record.stored.teamID, sub: record.clientId, aud: 'https://appleid.apple.com', iat: now, exp: now + 300 };
  return jwt({ alg: 'ES256', kid: record.stored.keyID }, claims, es256(mock.appleKey.privateKey));
}

function callOf(record, rules, access, body, change) {
  const values = { access_token: access, client_id: record.clientId, client_secret: record.clientSecret, appsecret_proof: createHmac('sha256', record.clientSecret).update(access).digest('hex') };
  const fill = (text) => text.replace(/^>=/, '').replace(/^~json/, 'application/json').replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const url = new URL(at(rules.url.replace('{user_id}', access.split('.')[0]).replace('{stripe_user_id}', body.stripe_user_id)));
  for (const [key, value] of Object.entries(rules.query ?? {})) url.searchParams.set(key, fill(value));
  const headers = Object.fromEntries(Object.entries(rules.headers ?? {}).map(([key, value]) => [key, fill(value)]));
  const form = rules.form && new URLSearchParams(Object.entries(rules.form).map(([key, value]) => [key, fill(value)]));
  return [url, { method: rules.method, headers: { 'user-agent': 'self-test', ...headers, ...change.callHeaders }, body: form }];
}

async function fieldsOf(reply) {
  const text = await reply.text();
  const type = reply.headers.get('content-type');
  if (type.startsWith('application/x-www-form')) return Object.fromEntries(new URLSearchParams(text));
  return type.startsWith('application/json') ? JSON.parse(text) : { text };
}

describe('every provider of the mock', () => {
  for (const id of providerIds) {
    test(`${id} lets an honest client in and names the person`, async () => {
      const person = mock.person(id);
      const result = await signIn(id, { person });
      assert.deepEqual(mock.takeRefusals(), []);
      assert.ok(!JSON.stringify([result.replies, result.body]).match(/\{[a-z_#:]+\}|<[a-z ]+>/), JSON.stringify([result.replies, result.body]));
      const shown = JSON.stringify([result.replies, claimsOf(result.body.id_token)]);
      assert.ok(shown.includes(person.address), shown);
      if (id !== 'etsy') assert.ok(shown.includes(person.uid), shown);
      if (recordOf(id).idToken) checkSignature(result.body.id_token);
    });

    test(`${id} answers a wrong code with its own error`, async () => {
      const result = await signIn(id, { fault: 'bad-code' });
      assert.deepEqual(mock.takeRefusals(), []);
      assert.ok(result.body.error || result.body.text || result.body.message, JSON.stringify(result.body));
    });

    test(`${id} names no address where it has none`, async () => {
      for (const email of ['absent', 'null', 'empty']) {
        const person = mock.person(id, { email });
        const { replies, body } = await signIn(id, { person });
        assert.ok(!JSON.stringify([replies, claimsOf(body.id_token)]).includes(person.address));
      }
      assert.deepEqual(mock.takeRefusals(), []);
    });
  }
});

describe('refresh', () => {
  for (const id of providerIds.filter((each) => recordOf(each).refresh)) {
    test(`${id} gives a new access token${recordOf(id).refresh.rotates ? ' and kills the old refresh token' : ''}`, async () => {
      const record = recordOf(id);
      const { body, fields } = await signIn(id);
      const form = { refresh_token: body.refresh_token, ...(record.token.requires && { device_id: fields.device_id }) };
      if (!record.refresh.grantType) form.grant_type = 'refresh_token';
      const first = await (await post(record, record.refresh.url, { ...form })).json();
      assert.deepEqual(mock.takeRefusals(), []);
      assert.notEqual(first.access_token, body.access_token);
      const again = await post(record, record.refresh.url, { ...form });
      assert.equal(again.status, record.refresh.rotates ? 400 : 200);
      mock.takeRefusals();
    });
  }
});

describe('a careless client is caught', () => {
  const careless = [
    ['discord', { authorize: { code_challenge_method: 'plain' } }, /code_challenge_method/],
    ['discord', { authorize: { redirect_uri: 'http://localhost:8080/elsewhere' } }, /not registered/],
    ['discord', { authorize: { scope: 'identify,email' } }, /scope is/],
    ['linkedin', { authorize: { code_challenge: 'x'.repeat(43) } }, /does not know PKCE/],
    ['google', { authorize: { nonce: '' } }, /nonce/],
    ['google', { authorize: { access_type: '' } }, /access_type/],
    ['discord', { clientAuth: 'basic' }, /beside credentials in the body/],
    ['zoom', { clientAuth: 'body' }, /expected Basic/],
    ['discord', { token: { code_verifier: 'a'.repeat(43) } }, /does not fit/],
    ['discord', { token: { redirect_uri: 'http://localhost/other' } }, /redirect_uri/],
    ['discord', { query: '?client_secret=x' }, /must not be in a URL/],
    ['discord', { headers: { accept: 'text/html' } }, /Accept/],
    ['twitch', { callHeaders: { 'client-id': 'another' } }, /client-id/],
    ['podio', { callHeaders: { authorization: 'Bearer x' } }, /OAuth2/],
    ['notion', { headers: { 'notion-version': '2021-08-16' } }, /notion-version/],
  ];
  for (const [id, change, reason] of careless) {
    test(`${id}: ${reason.source}`, async () => {
      await signIn(id, {}, change).catch(() => {});
      assert.match(mock.takeRefusals()[0] ?? 'nothing was refused', reason);
    });
  }

  test('a code is good once', async () => {
    const record = recordOf('box');
    const { fields } = await signIn('box');
    const again = await atToken(record, 'x'.repeat(43), fields, {});
    assert.equal(again.status, 400);
    assert.match(mock.takeRefusals()[0], /second time/);
  });
});

function claimsOf(token) {
  return token && JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
}

function checkSignature(token) {
  const [head, body, signature] = token.split('.');
  const { kid, alg } = JSON.parse(Buffer.from(head, 'base64url'));
  const key = createPublicKey({ key: mock.keys.jwks().keys.find((each) => each.kid === kid), format: 'jwk' });
  const options = alg === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' } : key;
  assert.ok(verify('sha256', Buffer.from(`${head}.${body}`), options, Buffer.from(signature, 'base64url')));
}
