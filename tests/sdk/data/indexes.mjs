// Indexes of every kind.
import assert from 'node:assert/strict';
import { test } from 'node:test';

export function indexes(stage) {
  test('indexes are made, listed and deleted', async () => {
    const { db } = stage;
    const at = await stage.table('books', { title: ['String', { size: 100 }], year: ['Integer'], place: ['Point', { required: true }], tags: ['String', { size: 20, array: true }] });
    const made = await stage.index('books', 'byYear', 'key', ['year', 'title'], { orders: ['DESC', 'ASC'] });
    assert.deepEqual([made.key, made.type, made.columns, made.orders], ['byYear', 'key', ['year', 'title'], ['DESC', 'ASC']]);
    await stage.index('books', 'byTitle', 'unique', ['title']);
    await stage.index('books', 'words', 'fulltext', ['title']);
    await stage.index('books', 'where', 'spatial', ['place']);
    await stage.index('books', 'byTag', 'key', ['tags']);
    const keys = (await db.listIndexes(at)).indexes.map((index) => index.key);
    assert.deepEqual(keys, ['byYear', 'byTitle', 'words', 'where', 'byTag']);
    assert.deepEqual((await db.getTable(at)).indexes.map((index) => index.key), keys);
    await stage.refused(() => db.createIndex({ ...at, key: 'byYear', type: 'key', columns: ['year'] }), 409, 'column_index_already_exists');
    await stage.refused(() => db.createIndex({ ...at, key: 'x', type: 'key', columns: ['nothing'] }), 400, 'column_unknown');
    await stage.refused(() => db.createIndex({ ...at, key: 'x', type: 'fulltext', columns: ['year'] }), 400, 'column_index_invalid');
    await stage.refused(() => db.createIndex({ ...at, key: 'x', type: 'unique', columns: ['tags'] }), 400, 'column_index_invalid');
    await db.deleteIndex({ ...at, key: 'byYear' });
    await stage.refused(() => db.getIndex({ ...at, key: 'byYear' }), 404, 'column_index_not_found');
  });

  test('a unique index keeps values apart, to the letter', async () => {
    const { db } = stage;
    const at = await stage.table('users', { name: ['String', { size: 100 }], age: ['Integer'] });
    await stage.index('users', 'one', 'unique', ['name']);
    await stage.rows('users', { a: { name: 'Ada' }, b: { name: 'ada' }, c: { name: 'Adá' }, d: { age: 1 }, e: { age: 1 } });
    await stage.refused(() => db.createRow({ ...at, rowId: 'f', data: { name: 'Ada' } }), 409, 'row_already_exists');
    await stage.refused(() => db.updateRow({ ...at, rowId: 'b', data: { name: 'Ada' } }), 409, 'row_already_exists');
    assert.equal((await db.updateRow({ ...at, rowId: 'a', data: { name: 'Ada' } })).name, 'Ada');
  });

  test('only what is indexed is searched', async () => {
    const { sdk } = stage;
    const at = await stage.table('notes', { text: ['String', { size: 1000 }] });
    await stage.rows('notes', { one: { text: 'The quick brown fox' }, two: { text: 'Ein schönes Café' }, three: { text: 'foxes and quicksand' } });
    await stage.refused(() => stage.db.listRows({ ...at, queries: [sdk.Query.search('text', 'fox')] }), 400, 'general_query_invalid');
    await stage.index('notes', 'words', 'fulltext', ['text']);
    const search = (text) => stage.ids('notes', [sdk.Query.search('text', text), sdk.Query.orderAsc('$sequence')]);
    assert.deepEqual(await search('fox'), ['one', 'three']);
    assert.deepEqual(await search('"quick brown"'), ['one']);
    assert.deepEqual(await search('CAFE'), ['two']);
    assert.deepEqual(await search('nothing'), []);
    assert.deepEqual(await stage.ids('notes', [sdk.Query.notSearch('text', 'fox')]), ['two']);
  });
}
