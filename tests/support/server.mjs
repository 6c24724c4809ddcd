// The real binary, on a free port and an empty data folder.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './port.mjs';
import { freshDatabase } from './postgres.mjs';
import { until } from './until.mjs';

export const binary = process.env.FERRITE_BIN ?? fileURLToPath(new URL('../../target/debug/ferrite', import.meta.url));

/** Minimal environment, without the caller's Ferrite settings. */
const bareEnvironment = { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR ?? '' };

export class Server {
  /**
   * `dev` enables the development provider and disables rate limits; `testOrigin` redirects the calls of all providers
   * to a mock; `data` and `database` reuse those of an earlier server.
   */
  static async start(options = {}) {
    const server = new Server();
    server.options = { dev: true, ...options };
    server.port = options.port ?? (await freePort());
    server.origin = `http://localhost:${server.port}`;
    server.endpoint = `${server.origin}/v1`;
    server.data = options.data ?? (await mkdtemp(join(tmpdir(), 'ferrite-suite-')));
    server.database = options.database ?? (await freshDatabase());
    try {
      await server.launch();
    } catch (error) {
      await server.#clean();
      throw error;
    }
    return server;
  }

  async launch() {
    if (!existsSync(binary)) throw new Error(`there is no ferrite at ${binary}: run \`cargo build\`, or name it in FERRITE_BIN`);
    this.logs = this.logs ?? '';
    this.exit = undefined;
    this.process = spawn(binary, this.#flags(), { env: this.#environment(), stdio: ['ignore', 'pipe', 'pipe'] });
    this.pid = this.process.pid;
    for (const stream of [this.process.stdout, this.process.stderr]) stream.setEncoding('utf8').on('data', (text) => { this.logs += text; });
    this.process.once('exit', (code, signal) => { this.exit = { code, signal }; });
    try {
      await until('the server to answer', () => this.exit || this.#answers(), { within: 30000 });
      if (this.exit) throw new Error(`the server ended with ${JSON.stringify(this.exit)}`);
    } catch (error) {
      await this.#end('SIGKILL');
      throw new Error(`${error.message}\n${this.logs}`);
    }
  }

  async stop() {
    await this.#end('SIGTERM');
    await this.#clean();
  }

  async #clean() {
    if (this.options.keep) return;
    await rm(this.data, { recursive: true, force: true });
    await this.database?.drop();
  }

  /** Kills the process without a graceful shutdown. */
  async kill() {
    await this.#end('SIGKILL');
  }

  async #end(signal) {
    if (!this.exit) this.process.kill(signal);
    await until('the server to end', () => this.exit, { within: 20000 });
  }

  async #answers() {
    const reply = await fetch(`http://127.0.0.1:${this.port}/v1/health/version`);
    return reply.ok;
  }

  #flags() {
    const flags = ['serve', '--listen', `127.0.0.1:${this.port}`, '--data', this.data, '--public-url', this.options.publicUrl ?? this.origin];
    if (this.options.dev) flags.push('--dev');
    return [...flags, ...(this.options.flags ?? [])];
  }

  #environment() {
    const { testOrigin, environment } = this.options;
    return {
      ...bareEnvironment,
      FERRITE_RATE_LIMITS: 'off',
      ...(testOrigin && { FERRITE_OAUTH_TEST_ORIGIN: testOrigin }),
      ...(this.database && { FERRITE_DATABASE_URL: this.database.url }),
      ...environment,
    };
  }
}

/** Starts the binary with the given flags and environment, and waits until it exits with an error. */
export async function startExpectingFailure(flags, environment) {
  const child = spawn(binary, flags, { env: { ...bareEnvironment, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => { output += text; });
  let exit;
  child.once('exit', (code) => { exit = { code, output }; });
  try {
    return await until('the start to be refused', () => exit);
  } finally {
    if (!exit) child.kill('SIGKILL');
  }
}
