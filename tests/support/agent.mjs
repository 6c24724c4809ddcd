// HTTP client that acts as a browser: stores cookies, does not follow redirects, and can send any header.
import { request as send } from 'node:http';

export class Agent {
  /** `navigating` sends the headers of a browser that follows a link. */
  constructor(origin, { project, navigating = false, headers = {} } = {}) {
    this.origin = origin;
    this.project = project;
    this.headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36', ...headers };
    if (navigating) Object.assign(this.headers, { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', accept: 'text/html,*/*;q=0.8' });
    this.cookies = [];
  }

  get(path, headers) { return this.request('GET', path, undefined, headers); }
  post(path, body, headers) { return this.request('POST', path, body ?? {}, headers); }
  patch(path, body, headers) { return this.request('PATCH', path, body ?? {}, headers); }
  put(path, body, headers) { return this.request('PUT', path, body ?? {}, headers); }
  delete(path, headers) { return this.request('DELETE', path, undefined, headers); }

  /** Submits an HTML form. */
  submit(path, fields, headers) {
    const body = new URLSearchParams(fields).toString();
    return this.request('POST', path, body, { 'content-type': 'application/x-www-form-urlencoded', ...headers });
  }

  async request(method, path, body, headers = {}) {
    const url = new URL(path, this.origin);
    const cookie = this.cookieFor(url);
    const all = { accept: 'application/json', ...(this.project && { 'x-appwrite-project': this.project }), ...this.headers, ...(cookie && { cookie }), ...lower(headers) };
    if (!all.cookie) delete all.cookie;
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    if (text !== undefined) Object.assign(all, { 'content-type': all['content-type'] ?? 'application/json', 'content-length': Buffer.byteLength(text) });
    const reply = await exchange(url, { method, headers: all }, text);
    for (const line of reply.headers['set-cookie'] ?? []) this.#keep(url, line);
    return reply;
  }

  cookie(name) {
    return this.cookies.find((each) => each.name === name)?.value;
  }

  cookieFor(url) {
    return this.cookies
      .filter((each) => each.host === url.hostname && under(each.path, url.pathname))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  forget() {
    this.cookies = [];
  }

  #keep(url, line) {
    const cookie = parseCookie(line);
    this.cookies = this.cookies.filter((each) => each.name !== cookie.name || each.path !== cookie.path || each.host !== url.hostname);
    if (!cookie.gone) this.cookies.push({ ...cookie, host: url.hostname });
  }
}

export function parseCookie(line) {
  const [pair, ...attributes] = line.split(';').map((part) => part.trim());
  const [name, ...value] = pair.split('=');
  const named = Object.fromEntries(attributes.map((each) => { const [key, ...rest] = each.split('='); return [key.toLowerCase(), rest.join('=')]; }));
  const past = named.expires && new Date(named.expires) <= new Date();
  return { name, value: value.join('='), path: named.path || '/', attributes: named, gone: Boolean(past) || named['max-age'] === '0' || value.join('=') === '' };
}

const lower = (headers) => Object.fromEntries(Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value]));
const under = (path, of) => of === path || of.startsWith(path.endsWith('/') ? path : `${path}/`);

function exchange(url, options, body) {
  return new Promise((resolve, reject) => {
    const outgoing = send({ host: '127.0.0.1', port: url.port, path: url.pathname + url.search, ...options, headers: { host: url.host, ...options.headers } }, (incoming) => {
      const parts = [];
      incoming.on('data', (part) => parts.push(part)).on('error', reject).on('end', () => resolve(new Reply(url, incoming, Buffer.concat(parts).toString('utf8'))));
    });
    outgoing.on('error', reject).end(body);
  });
}

export class Reply {
  constructor(url, incoming, text) {
    this.url = url;
    this.status = incoming.statusCode;
    this.headers = incoming.headers;
    this.text = text;
  }

  get json() {
    try {
      return JSON.parse(this.text);
    } catch {
      throw new Error(`${this.status} ${this.url.pathname} answered no JSON: ${this.text.slice(0, 300)}`);
    }
  }

  get location() {
    return this.headers.location && new URL(this.headers.location, this.url);
  }

  get isRedirect() {
    return this.status >= 300 && this.status < 400;
  }

  /** The reply's JSON; throws with the actual reply if the status differs. */
  expect(status) {
    if (this.status !== status) throw new Error(`expected ${status} from ${this.url.pathname}, got ${this.status}: ${this.text.slice(0, 600)}`);
    return this.text ? this.json : undefined;
  }

  /** Checks status and type of an API error; an HTML error page has no type, so only its status is checked. */
  expectError(status, type) {
    if (this.status !== status) throw new Error(`expected ${status} ${type} from ${this.url.pathname}, got ${this.status} ${this.headers.location ?? ''} ${this.text.slice(0, 600)}`);
    const isJson = (this.headers['content-type'] ?? '').includes('json');
    const types = [type].flat();
    if (isJson && !types.includes(this.json.type)) throw new Error(`expected ${types}, got ${this.json.type}: ${this.json.message}`);
  }
}
