// kill -9 during sign-ups: acknowledged accounts exist afterwards, and the database files are intact.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Console } from '../support/console.mjs';
import { Server } from '../support/server.mjs';
import { damagedFiles } from '../support/sqlite.mjs';
import { until } from '../support/until.mjs';

const rounds = Number(process.env.FERRITE_TEST_KILL_ROUNDS ?? 5);
const writers = 8;
const password = 'a long enough password';

let server;
let project;
const acknowledged = []; // accounts that must exist after a kill
before(async () => {
  server = await Server.start();
  project = await (await Console.signUp(server)).project('Kill');
});
after(() => server?.stop());

async function signUpUntilItDies(round, writer) {
  const visitor = project.visitor();
  for (let i = 0; ; i += 1) {
    const email = `r${round}-w${writer}-${i}@people.example.test`;
    let reply;
    try {
      reply = await visitor.post('/v1/account', { userId: 'unique()', email, password });
    } catch {
      return; // the server was killed; whether this account exists is unknown
    }
    if (reply.status !== 201) throw new Error(`${reply.status} ${reply.text}`);
    acknowledged.push({ email, id: reply.json.$id, round });
  }
}

async function lost(accounts) {
  const missing = [];
  const queue = [...accounts];
  const worker = async () => {
    for (let account = queue.pop(); account; account = queue.pop()) {
      const visitor = project.visitor();
      const login = await visitor.post('/v1/account/sessions/email', { email: account.email, password });
      if (login.status !== 201 || login.json.userId !== account.id) missing.push({ ...account, status: login.status, text: login.text });
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  return missing;
}

for (let round = 1; round <= rounds; round += 1) {
  test(`round ${round} of ${rounds}: no acknowledged account is lost`, async () => {
    const before = acknowledged.length;
    const enough = before + randomInt(writers, 40);
    const writing = Promise.all(Array.from({ length: writers }, (_, writer) => signUpUntilItDies(round, writer)));

    await until('enough sign-ups', () => acknowledged.length >= enough, { within: 60000, every: 1 });
    await server.kill();
    await writing;

    if (!server.database) assert.deepEqual(await damagedFiles(server.data), []);
    await server.launch();
    assert.deepEqual(await lost(acknowledged.filter((each) => each.round === round)), []);
  });
}

test('after the last round every account of every round is there', async () => {
  assert.ok(acknowledged.length >= rounds * writers);
  assert.deepEqual(await lost(acknowledged), []);
});

test('the files are whole after an orderly end too', async (context) => {
  if (server.database) return context.diagnostic('PostgreSQL looks after its own files');
  await server.process.kill('SIGTERM');
  await until('the server to end', () => server.exit);
  assert.deepEqual(await damagedFiles(server.data), []);
});
