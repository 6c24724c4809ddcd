// kill -9 during writes of every kind and during schema changes: acknowledged writes exist afterwards, no call has
// partial effects, indexes agree with the rows, and the server restarts within a second.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Console } from '../support/console.mjs';
import { Server } from '../support/server.mjs';
import { until } from '../support/until.mjs';
import { faults } from '../support/fsck.mjs';
import { Ledger } from './ledger.mjs';

const rounds = Number(process.env.FERRITE_TEST_KILL_ROUNDS ?? 5);
const writers = 8;
const seconds = Number(process.env.FERRITE_TEST_START_MS ?? 1000) / 1000;
const scopes = ['databases', 'tables', 'columns', 'indexes', 'rows'].flatMap((noun) => [`${noun}.read`, `${noun}.write`]);
const rowsAt = '/v1/tablesdb/main/tables/things/rows';
const words = ['quick', 'brown', 'fox', 'Straße', 'Café', 'lazy', 'dog'];

let server;
let project;
let agent;
let calls = 0;
const ledger = new Ledger();

before(async () => {
  server = await Server.start();
  project = await (await Console.signUp(server)).project('Kill');
  agent = project.backend(await project.key(scopes));
  const post = async (path, body) => (await agent.post(`/v1/tablesdb${path}`, body)).expect(path.match(/(columns|indexes)/) ? 202 : 201);
  await post('', { databaseId: 'main', name: 'Main' });
  await post('/main/tables', { tableId: 'things', name: 'Things', rowSecurity: true });
  const at = '/main/tables/things';
  for (const [key, type, options] of [['owner', 'string', { size: 20 }], ['text', 'string', { size: 500 }], ['n', 'integer', {}], ['name', 'string', { size: 60 }], ['tags', 'string', { size: 20, array: true }], ['place', 'point', { required: true }]]) {
    await post(`${at}/columns/${type}`, { key, required: false, ...options });
  }
  for (const [key, type, column] of [['byOwner', 'key', 'owner'], ['byNumber', 'key', 'n'], ['oneName', 'unique', 'name'], ['words', 'fulltext', 'text'], ['byTag', 'key', 'tags'], ['where', 'spatial', 'place']]) {
    await post(`${at}/indexes`, { key, type, columns: [column] });
  }
});
after(() => server?.stop());

const pick = (list) => list[randomInt(list.length)];
const some = (list) => list.filter(() => randomInt(2));
const value = (owner) => ({ owner, text: Array.from({ length: randomInt(8) }, () => pick(words)).join(' '), n: randomInt(1000), name: `${owner}-${calls++}`, tags: some(['a', 'b', 'c']), place: [randomInt(10), randomInt(10)] });
const permissions = () => some(['read("any")', 'read("users")', 'update("users")', 'read("team:red")']);
const query = (method, attribute, values) => JSON.stringify({ method, attribute, values });

/** A row of the ledger: its values and permissions. */
const kept = (data, given) => ({ ...data, $permissions: given });

/** Kinds of calls of one writer; each changes only the writer's own rows. */
const kinds = {
  async create(owner) {
    const [id, data, given] = [`${owner}-${calls++}`, value(owner), permissions()];
    await ledger.write(new Map([[id, kept(data, given)]]), () => agent.post(rowsAt, { rowId: id, data, permissions: given }));
  },
  async update(owner, own) {
    const [id, row] = pick(own);
    const [data, given] = [value(owner), permissions()];
    if (randomInt(2)) delete data.text;
    await ledger.write(new Map([[id, kept({ ...row, ...data }, given)]]), () => agent.patch(`${rowsAt}/${id}`, { data, permissions: given }));
  },
  async increment(_, own) {
    const [id, row] = pick(own);
    await ledger.write(new Map([[id, { ...row, n: row.n + 3 }]]), () => agent.patch(`${rowsAt}/${id}/n/increment`, { value: 3 }));
  },
  async delete(_, own) {
    const [id] = pick(own);
    await ledger.write(new Map([[id, undefined]]), () => agent.delete(`${rowsAt}/${id}`));
  },
  async createMany(owner) {
    const rows = Array.from({ length: 2 + randomInt(6) }, () => ({ $id: `${owner}-${calls++}`, $permissions: permissions(), ...value(owner) }));
    const after = new Map(rows.map(({ $id, $permissions, ...data }) => [$id, kept(data, $permissions)]));
    await ledger.write(after, () => agent.post(rowsAt, { rows }));
  },
  async updateMany(owner, own) {
    const n = randomInt(1000);
    const after = new Map(own.map(([id, row]) => [id, { ...row, n }]));
    await ledger.write(after, () => agent.patch(rowsAt, { data: { n }, queries: [query('equal', 'owner', [owner])] }));
  },
  async deleteMany(owner, own) {
    const most = 500;
    const after = new Map(own.filter(([, row]) => row.n < most).map(([id]) => [id, undefined]));
    await ledger.write(after, () => agent.request('DELETE', rowsAt, { queries: [query('equal', 'owner', [owner]), query('lessThan', 'n', [most])] }));
  },
  async transaction(owner, own) {
    const { $id: transactionId } = (await agent.post('/v1/tablesdb/transactions', {})).expect(201);
    const [id, data] = [`${owner}-${calls++}`, value(owner)];
    const [[changed, row], [gone]] = [own[0], own[1]];
    const place = { databaseId: 'main', tableId: 'things' };
    const operations = [{ ...place, action: 'create', rowId: id, data }, { ...place, action: 'update', rowId: changed, data: { n: -1, text: 'fox' } }, { ...place, action: 'delete', rowId: gone }];
    (await agent.post(`/v1/tablesdb/transactions/${transactionId}/operations`, { operations })).expect(201);
    const after = new Map([[id, kept(data, [])], [changed, { ...row, n: -1, text: 'fox' }], [gone, undefined]]);
    await ledger.write(after, () => agent.patch(`/v1/tablesdb/transactions/${transactionId}`, { commit: true }));
  },
};

/** Repeats a call until it fails because the server was killed. */
async function untilItDies(work) {
  for (;;) {
    try {
      await work();
    } catch (error) {
      if (error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET' || error.message === 'socket hang up') return;
      throw error;
    }
  }
}

async function writeSomething(owner) {
  const own = [...ledger.rows].filter(([, row]) => row.owner === owner);
  // At most about 40 rows per writer keep a round short; most kinds of calls need at least 3 rows.
  const fitting = own.length < 3 ? ['create', 'createMany'] : own.length > 40 ? ['deleteMany'] : Object.keys(kinds);
  await kinds[pick(fitting)](owner, own);
}

/** Creates and deletes columns and indexes; errors about existing, missing or unfinished ones are ignored. */
async function changeTheSchema() {
  const at = '/v1/tablesdb/main/tables/things';
  const fine = (reply) => {
    if (reply.status >= 300 && ![400, 404, 409].includes(reply.status)) throw new Error(`${reply.status} ${reply.text}`);
  };
  const [key, index] = [`extra${randomInt(3)}`, `more${randomInt(4)}`];
  const turns = [
    () => agent.post(`${at}/columns/integer`, { key, required: false }),
    () => agent.delete(`${at}/columns/${key}`),
    () => agent.post(`${at}/indexes`, { key: index, type: index === 'more0' ? 'fulltext' : 'key', columns: [pick(['text', 'tags', 'n', 'owner'])] }),
    () => agent.post(`${at}/indexes`, { key: index, type: 'spatial', columns: ['place'] }),
    () => agent.delete(`${at}/indexes/${index}`),
  ];
  fine(await pick(turns)());
}

async function found() {
  const { rows } = (await agent.get(`${rowsAt}?queries[0]=${encodeURIComponent(query('limit', undefined, [5000]))}`)).expect(200);
  const names = ['owner', 'text', 'n', 'name', 'tags', 'place', '$permissions'];
  return new Map(rows.map((row) => [row.$id, Object.fromEntries(names.map((name) => [name, row[name]]))]));
}

for (let round = 1; round <= rounds; round += 1) {
  test(`round ${round} of ${rounds}: rows, indexes and schema are whole`, async () => {
    const enough = ledger.answered + randomInt(1, 60);
    const writing = Promise.all([...Array.from({ length: writers }, (_, writer) => untilItDies(() => writeSomething(`w${writer}`))), untilItDies(changeTheSchema)]);
    await Promise.race([until('enough writes', () => ledger.answered >= enough, { within: 60000, every: 1 }), writing]);
    await server.kill();
    await writing;

    assert.deepEqual(await faults(server, project.id), []);
    const begun = performance.now();
    await server.launch();
    const took = (performance.now() - begun) / 1000;
    assert.ok(took < seconds, `the start took ${took.toFixed(2)} s`);
    assert.deepEqual(ledger.settle(await found()), []);
  });
}

test('after the last round all is whole, and the jobs that were cut off have ended', async () => {
  const at = '/v1/tablesdb/main/tables/things';
  const settled = ({ status }) => ['available', 'failed', 'stuck'].includes(status);
  await until('columns and indexes to be settled', async () => {
    const { columns, indexes } = (await agent.get(at)).expect(200);
    return columns.every(settled) && indexes.every(settled);
  });
  assert.ok(ledger.answered >= rounds);
  assert.deepEqual(ledger.settle(await found()), []);
  if (server.database) return;
  await server.kill();
  assert.deepEqual(await faults(server, project.id), []);
  await server.launch();
});
