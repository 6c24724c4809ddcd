// One loopback server for all providers: https://H/P is served at /_host/H/P.
import { createServer } from 'node:http';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { authorize } from './authorize.mjs';
import { call, Expected } from './calls.mjs';
import { Refusal } from './refusals.mjs';
import { control } from './control.mjs';
import { Keys } from './keys.mjs';
import { person } from './people.mjs';
import { recordOf, records } from './records.mjs';
import { render, valuesOf } from './render.mjs';
import { route } from './routes.mjs';
import { token } from './token.mjs';
import { failures } from './failures.mjs';

export class Mock {
  keys = new Keys();
  appleKey = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  scenario = {}; // the default for requests that name none
  extraScopes = []; // scopes that the app requests in addition to the provider's defaults
  clientOrigin = undefined; // required origin of redirect_uri, once a test has set it
  refusingRefresh = false;
  scenarios = new Map();
  codes = new Map();
  accessTokens = new Map();
  refreshTokens = new Map();
  refusals = [];
  visits = [];
  secrets = new Set();

  static async start(port = 0) {
    const mock = new Mock();
    mock.http = createServer((request, response) => mock.#answer(request, response));
    await new Promise((resolve) => mock.http.listen(port, '127.0.0.1', resolve));
    mock.origin = `http://127.0.0.1:${mock.http.address().port}`;
    return mock;
  }

  async stop() {
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }

  /** Client id and secret of a project for this provider, the secret in its stored form. */
  credentials(id) {
    const record = recordOf(id);
    const p8 = this.appleKey.privateKey.export({ type: 'pkcs8', format: 'pem' });
    const stored = record.stored && JSON.stringify(record.stored, (_, value) => ({ '{clientSecret}': record.clientSecret, '{p8}': p8 })[value] ?? value);
    return { appId: record.clientId, secret: stored ?? record.clientSecret };
  }

  person(id, wishes) {
    return person(recordOf(id), wishes);
  }

  /** Stores a scenario and returns its name, which a client without a browser sends as `x-mock-scenario`. */
  plan(scenario) {
    const name = randomBytes(6).toString('hex');
    this.scenarios.set(name, scenario);
    return name;
  }

  scenarioOf(request) {
    const name = request.headers['x-mock-scenario'];
    return name ? this.scenarios.get(name) : this.scenario;
  }

  grant(record, scenario, query) {
    const who = scenario.person ?? person(record);
    const grant = {
      record,
      scenario,
      person: who,
      values: valuesOf(who),
      code: this.secret(),
      deviceId: randomBytes(12).toString('base64url'),
      redirectUri: query.redirect_uri,
      challenge: query.code_challenge,
      nonce: record.authorize.nonce === 'sent' ? query.nonce : undefined,
      redeemed: false,
      refreshes: 0,
    };
    this.codes.set(grant.code, grant);
    return grant;
  }

  /** A new secret; tests check that it never appears in a log or in one of our URLs. */
  secret(shape = '{random}', values = {}) {
    const random = randomBytes(24).toString('base64url');
    return this.remember(render(shape, { ...values, random }));
  }

  remember(secret) {
    if (secret) this.secrets.add(secret);
    return secret;
  }

  visitsTo(endpoint, id) {
    return this.visits.filter((visit) => visit.endpoint === endpoint && (!id || visit.provider === id));
  }

  takeRefusals() {
    return this.refusals.splice(0).map(({ provider, endpoint, reason }) => `${provider} ${endpoint}: ${reason}`);
  }

  async #answer(incoming, response) {
    const request = { method: incoming.method, headers: incoming.headers, url: new URL(incoming.url, this.origin), body: await read(incoming) };
    if (request.url.pathname.startsWith('/_control/')) return control(this, request, response);
    const place = route(request);
    this.visits.push({ provider: place.record?.id, endpoint: place.endpoint, method: request.method, url: request.url.href, at: Date.now() });
    const failure = this.#failureAt(place, request);
    if (failure) return failures[failure](response, this);
    try {
      return send(response, this.#serve(place, request));
    } catch (error) {
      return this.#refuse(error, place, response);
    }
  }

  #serve({ endpoint, record, rules }, request) {
    if (endpoint === 'authorize') return authorize(this, record, request);
    if (endpoint === 'token') return token(this, record, request);
    if (endpoint === 'discovery') return { status: 200, body: { ...record.discovery.document, ...this.scenario.discovery } };
    if (endpoint === 'jwks') return { status: 200, body: this.keys.jwks() };
    if (endpoint === 'call') return call(this, record, rules, request);
    throw new Refusal(`no endpoint at ${request.address ?? request.url.href}`, { status: 404 });
  }

  #failureAt(place, request) {
    const { failure } = this.scenarioOf(request) ?? this.scenario;
    return failure && (failure.at === place.endpoint || failure.at === place.rules?.role) ? failure.kind : undefined;
  }

  #refuse(error, place, response) {
    if (error instanceof Expected) return send(response, error.answer);
    if (!(error instanceof Refusal)) console.error(error);
    this.refusals.push({ provider: place.record?.id ?? 'unknown', endpoint: place.rules?.role ?? place.endpoint, reason: error.message });
    return send(response, { status: error.status ?? 500, body: { error: error.error ?? 'server_error', error_description: 'refused' } });
  }
}

function send(response, { status, type = 'application/json', headers = {}, body }) {
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  const kind = typeof body === 'string' && type === 'application/json' ? 'text/plain' : type;
  response.writeHead(status, { 'content-type': kind, 'cache-control': 'no-store', ...headers }).end(text);
}

async function read(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

export const providerIds = [...records.keys()];
