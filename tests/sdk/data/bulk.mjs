// Bulk writes of rows, which only servers may do.
import assert from 'node:assert/strict';
import { test } from 'node:test';

export function bulk(stage) {
  test('rows are made, put, changed and deleted in bulk', async () => {
    const { db, sdk: { Query } } = stage;
    const at = await stage.table('stock', { name: ['String', { size: 20 }], count: ['Integer', { xdefault: 0 }] });
    const made = await db.createRows({ ...at, rows: [...Array(10)].map((_, n) => ({ $id: `item${n}`, name: `Item ${n}`, count: n })) });
    assert.deepEqual([made.total, made.rows.length, made.rows[3].name], [10, 10, 'Item 3']);
    const unnamed = await db.createRows({ ...at, rows: [{ name: 'Unnamed' }] });
    assert.match(unnamed.rows[0].$id, /^[0-9a-f]{20}$/);
    await stage.refused(() => db.createRows({ ...at, rows: [{ $id: 'new' }, { $id: 'item1' }] }), 409, 'row_already_exists');
    await stage.refused(() => db.getRow({ ...at, rowId: 'new' }), 404, 'row_not_found');
    await stage.refused(() => db.createRows({ ...at, rows: [{ $id: 'new', count: 'many' }] }), 400, 'row_invalid_structure');
    const put = await db.upsertRows({ ...at, rows: [{ $id: 'item1', count: 100 }, { $id: 'new', name: 'New' }] });
    assert.equal(put.total, 2);
    assert.deepEqual([(await db.getRow({ ...at, rowId: 'item1' })).count, (await db.getRow({ ...at, rowId: 'new' })).count], [100, 0]);
    const changed = await db.updateRows({ ...at, data: { count: -1 }, queries: [Query.between('count', 2, 4)] });
    assert.equal(changed.total, 3);
    assert.deepEqual(await stage.ids('stock', [Query.equal('count', [-1])]), ['item2', 'item3', 'item4']);
    const gone = await db.deleteRows({ ...at, queries: [Query.equal('count', [-1])] });
    assert.equal(gone.total, 3);
    assert.equal((await db.listRows(at)).total, 9);
    await stage.refused(() => db.updateRows({ ...at, data: {}, queries: [] }), 400, 'row_missing_payload');
    await stage.refused(() => db.deleteRows({ ...at, queries: [Query.equal('nothing', [1])] }), 400, 'general_query_invalid');
  });
}
