// Starts a server and has the Python SDK tell its story, chapter by chapter.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Console } from '../../support/console.mjs';
import { python } from '../../support/python.mjs';
import { Server } from '../../support/server.mjs';

const scopes = ['databases', 'tables', 'columns', 'indexes', 'rows', 'collections', 'attributes', 'documents'].flatMap((noun) => [`${noun}.read`, `${noun}.write`]);
const chapters = ['databases_and_tables', 'columns', 'indexes', 'rows_and_queries', 'relationships', 'bulk', 'operators', 'transactions'];

export function story(generation) {
  let server;
  const env = {};
  before(async () => {
    server = await Server.start();
    const project = await (await Console.signUp(server)).project('Python');
    Object.assign(env, { ENDPOINT: server.endpoint, PROJECT: project.id, KEY: (await project.key(scopes)).secret });
  });
  after(() => server?.stop());

  for (const vocabulary of ['tables', 'collections']) {
    describe(`python appwrite ${generation}, in the words of ${vocabulary}`, () => {
      let told;
      before(async () => { told = await tell(await python(generation), vocabulary, env); });
      for (const chapter of chapters) {
        test(chapter.replaceAll('_', ' '), () => {
          const line = told.find((each) => each === `ok ${chapter}` || each.startsWith(`not ok ${chapter}`)) ?? `never told; ${told.at(-1)}`;
          assert.equal(line, `ok ${chapter}`, line.replaceAll('\\n', '\n'));
        });
      }
    });
  }
}

async function tell(program, vocabulary, env) {
  const child = spawn(program, [fileURLToPath(new URL('./story.py', import.meta.url)), vocabulary], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => { output += text; });
  await new Promise((resolve) => child.once('close', resolve));
  return output.trim().split('\n');
}
