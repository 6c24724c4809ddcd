// The web SDK outside a browser.
//
// The SDK stores its session as in a browser that refuses third-party cookies: the server answers a request without a
// same-site Origin with `X-Fallback-Cookies`, the SDK stores that in `window.localStorage`, and sends it as a header.
// So it needs only a `window` with a `localStorage`, and a `console` for its warning about that. As there is no
// `window.location`, `createOAuth2Session` returns its URL. Each device has a separate storage; `use` makes one
// current.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export class Device {
  storage = new Map();

  constructor(generation, server, project) {
    this.sdk = require(`appwrite-${generation}`);
    this.client = new this.sdk.Client().setEndpoint(server.endpoint).setProject(project.id);
    this.account = new Proxy(new this.sdk.Account(this.client), { get: (account, name) => this.#current(account, name) });
  }

  get fallbackCookies() {
    return this.storage.get('cookieFallback');
  }

  #current(account, name) {
    const value = account[name];
    if (typeof value !== 'function') return value;
    return (...given) => {
      this.use();
      return value.apply(account, given);
    };
  }

  /** Makes this device the current `window`. Calls of two devices must not overlap. */
  use() {
    globalThis.window = { console: { warn() {} }, localStorage: { getItem: (key) => this.storage.get(key) ?? null, setItem: (key, value) => this.storage.set(key, value) } };
  }
}

export function backend(generation, server, project, { key, session, jwt } = {}) {
  const sdk = require(`node-appwrite-${generation}`);
  const client = new sdk.Client().setEndpoint(server.endpoint).setProject(project.id);
  if (key) client.setKey(key.secret);
  if (session) client.setSession(session);
  if (jwt) client.setJWT(jwt);
  return { sdk, client, account: new sdk.Account(client), users: new sdk.Users(client), project: sdk.Project && new sdk.Project(client) };
}
