// A developer in the console: signs up, creates projects, and configures them.
import { randomBytes } from 'node:crypto';
import { Agent } from './agent.mjs';

export const password = 'correct horse battery';

export class Console {
  static async signUp(server) {
    const developer = new Console();
    developer.server = server;
    developer.agent = new Agent(server.origin, { project: 'console' });
    developer.email = `owner-${randomBytes(4).toString('hex')}@example.test`;
    developer.account = (await developer.agent.post('/v1/account', { userId: 'unique()', email: developer.email, password, name: 'Owner' })).expect(201);
    await developer.login();
    developer.team = (await developer.agent.post('/v1/teams', { teamId: 'unique()', name: 'Suites' })).expect(201);
    return developer;
  }

  async login() {
    (await this.agent.post('/v1/account/sessions/email', { email: this.email, password })).expect(201);
  }

  async project(name = 'App', { hostnames = [] } = {}) {
    const made = (await this.agent.post('/v1/projects', { projectId: `app-${randomBytes(5).toString('hex')}`, name, teamId: this.team.$id, region: 'default' })).expect(201);
    const project = new Project(this, made.$id);
    for (const hostname of hostnames) await project.platform({ type: 'web', name: hostname, hostname });
    return project;
  }
}

export class Project {
  constructor(developer, id) {
    this.developer = developer;
    this.id = id;
    this.server = developer.server;
  }

  #path(rest = '') {
    return `/v1/projects/${this.id}${rest}`;
  }

  async platform(platform) {
    return (await this.developer.agent.post(this.#path('/platforms'), platform)).expect(201);
  }

  async removePlatform(platform) {
    (await this.developer.agent.delete(this.#path(`/platforms/${platform.$id}`))).expect(204);
  }

  async key(scopes) {
    return (await this.developer.agent.post(this.#path('/keys'), { name: 'Suites', scopes })).expect(201);
  }

  async devKey() {
    const expire = new Date(Date.now() + 3600e3).toISOString();
    return (await this.developer.agent.post(this.#path('/dev-keys'), { name: 'Suites', expire })).expect(201);
  }

  /** Sets a provider through the older endpoint, which takes the secret in its stored form. */
  async oauth2(provider, { appId, secret, enabled = true } = {}) {
    return (await this.developer.agent.patch(this.#path('/oauth2'), { provider, appId, secret, enabled })).expect(200);
  }

  async attempts() {
    return (await this.developer.agent.get(this.#path(`/oauth2/attempts?queries[0]=${encodeURIComponent(JSON.stringify({ method: 'limit', values: [5000] }))}`))).expect(200);
  }

  async check(provider) {
    return this.developer.agent.post(this.#path(`/oauth2/${provider}/check`));
  }

  /** A user of the app; with `navigating` its requests look like those of a browser that follows links. */
  visitor(options) {
    return new Agent(this.server.origin, { project: this.id, ...options });
  }

  /** The app's backend, with an API key. */
  backend(key) {
    return new Agent(this.server.origin, { project: this.id, headers: { 'x-appwrite-key': key.secret } });
  }

  async signUp(email, { name = 'Ada' } = {}) {
    const visitor = this.visitor();
    const user = (await visitor.post('/v1/account', { userId: 'unique()', email, password, name })).expect(201);
    (await visitor.post('/v1/account/sessions/email', { email, password })).expect(201);
    return { visitor, user };
  }
}
