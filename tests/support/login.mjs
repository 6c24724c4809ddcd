// One OAuth2 login, step by step: each redirect is returned to the test instead of being followed.
import assert from 'node:assert/strict';
import { Agent } from './agent.mjs';

/** Redirect targets of the app; no server listens there, as nothing is fetched from it. */
export const app = { success: 'http://localhost:4999/welcome', failure: 'http://localhost:4999/sorry' };

export function startPath(project, provider, { kind = 'sessions', success = app.success, failure = app.failure, scopes = [] } = {}) {
  const query = new URLSearchParams({ project: project.id });
  if (success) query.set('success', success);
  if (failure) query.set('failure', failure);
  scopes.forEach((scope, i) => query.set(`scopes[${i}]`, scope));
  return `/v1/account/${kind}/oauth2/${provider}?${query}`;
}

/** First step: the server redirects the browser to the provider. */
export async function start(visitor, project, provider, options) {
  const reply = await visitor.get(startPath(project, provider, options));
  if (reply.status !== 301) throw new Error(`${provider}: start answered ${reply.status}: ${reply.text.slice(0, 400)}`);
  return { reply, authorize: reply.location };
}

/** Second step: the user consents, or does what the scenario says. Returns the callback request without sending it. */
export async function atProvider(authorize, mock, scenario = {}) {
  const reply = await new Agent(authorize.origin).get(authorize.href, { 'x-mock-scenario': mock.plan(scenario) });
  if (reply.status === 302) return { method: 'GET', url: reply.location };
  if (reply.status === 200) return formOf(reply.text);
  throw new Error(`the provider refused: ${reply.status} ${mock.takeRefusals().join('; ')}`);
}

/** Third step: sends the callback and follows redirects until one leaves our server. */
export async function sendCallback(visitor, back) {
  const crossSite = { origin: 'https://appleid.apple.com', cookie: '' }; // Lax cookies do not travel on another site's POST
  const first = back.method === 'POST' ? await visitor.submit(back.url.href, back.fields, crossSite) : await visitor.get(back.url.href);
  return follow(visitor, first);
}

export async function follow(visitor, first) {
  const steps = [first];
  while (steps.at(-1).isRedirect && steps.at(-1).location.origin === visitor.origin && steps.length < 6) {
    const { location } = steps.at(-1);
    if (!location.pathname.startsWith('/v1/')) break; // one of our own pages: not followed
    steps.push(await visitor.get(location.href));
  }
  const last = steps.at(-1);
  return { steps, last, landed: last.isRedirect ? last.location : undefined, error: errorOf(last.location) };
}

export async function login(visitor, project, provider, { mock, scenario, ...options }) {
  const begun = await start(visitor, project, provider, options);
  const back = await atProvider(begun.authorize, mock, scenario);
  const end = await sendCallback(visitor, back);
  return { ...begun, back, ...end };
}

export function errorOf(location) {
  const text = location?.searchParams.get('error');
  return text ? JSON.parse(text) : undefined;
}

export function assertLanded(result, at = app.success) {
  const where = result.landed?.href ?? `${result.last.status} ${result.last.text.slice(0, 300)}`;
  assert.ok(result.landed && `${result.landed.origin}${result.landed.pathname}` === at && !result.error, `expected to land on ${at}, got ${where}`);
}

export function assertFailed(result, type, code, at = app.failure) {
  const where = result.landed?.href ?? `${result.last.status} ${result.last.text.slice(0, 300)}`;
  assert.ok(result.landed && `${result.landed.origin}${result.landed.pathname}` === at, `expected to land on ${at}, got ${where}`);
  assert.ok(result.error, `no error on ${where}`);
  assert.ok([type].flat().includes(result.error.type), `expected ${type}, got ${JSON.stringify(result.error)}`);
  if (code) assert.equal(result.error.code, code);
}

/** Checks for a refusal on our own page without a redirect, as no redirect target is trusted. */
export function assertRefusedHere(result, status = 400) {
  const reply = result.last ?? result;
  assert.equal(reply.status, status, `expected ${status}, got ${reply.status} ${reply.headers.location ?? ''} ${reply.text.slice(0, 300)}`);
  assert.equal(reply.headers.location, undefined);
}

export async function assertStranger(visitor) {
  const reply = await visitor.get('/v1/account');
  assert.equal(reply.status, 401, `someone is signed in: ${reply.text.slice(0, 300)}`);
}

export async function me(visitor) {
  return (await visitor.get('/v1/account')).expect(200);
}

export async function currentSession(visitor) {
  return (await visitor.get('/v1/account/sessions/current')).expect(200);
}

export async function identities(visitor) {
  return (await visitor.get('/v1/account/identities')).expect(200).identities;
}

function formOf(page) {
  const action = page.match(/action="([^"]+)"/)[1];
  const inputs = [...page.matchAll(/name="([^"]+)" value="([^"]*)"/g)];
  const plain = (text) => text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code));
  return { method: 'POST', url: new URL(plain(action)), fields: inputs.map(([, name, value]) => [plain(name), plain(value)]) };
}
