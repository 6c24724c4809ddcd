// Columns of every type.
import assert from 'node:assert/strict';
import { test } from 'node:test';

const square = [[[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]];

/** By type: parameters, fields of the reply, a valid value, and values that are refused. */
const types = {
  String: [{ size: 20, xdefault: 'none' }, { type: 'string', size: 20, default: 'none' }, 'Ada', [1, 'x'.repeat(21), ['a']]],
  Integer: [{ min: 1, max: 9, xdefault: 5 }, { type: 'integer', min: 1, max: 9, default: 5 }, 7, [0, 10, 1.5, '7', true]],
  Float: [{ min: -1, max: 1, xdefault: 0.5 }, { type: 'double', min: -1, max: 1, default: 0.5 }, 0.25, [2, '0.25']],
  Boolean: [{ xdefault: true }, { type: 'boolean', default: true }, false, [0, 'false']],
  Datetime: [{}, { type: 'datetime' }, '2024-02-29T12:00:00.000+00:00', ['yesterday', 5]],
  Email: [{}, { type: 'string', format: 'email' }, 'ada@example.com', ['ada']],
  Enum: [{ elements: ['low', 'high'], xdefault: 'low' }, { type: 'string', format: 'enum', elements: ['low', 'high'], default: 'low' }, 'high', ['medium', '']],
  Ip: [{}, { type: 'string', format: 'ip' }, '2001:db8::1', ['300.1.1.1']],
  Url: [{}, { type: 'string', format: 'url' }, 'https://example.com/a', ['no url']],
  Point: [{}, { type: 'point' }, [1, 2], [[181, 0], [1], 'here']],
  Line: [{}, { type: 'linestring' }, [[0, 0], [1, 1]], [[[0, 0]], [1, 2]]],
  Polygon: [{}, { type: 'polygon' }, square, [[[[0, 0], [1, 1], [0, 0]]]]],
};
const newer = {
  Varchar: [{ size: 20 }, { type: 'varchar', size: 20 }, 'Ada', ['x'.repeat(21)]],
  Text: [{}, { type: 'text' }, 'Ada', [1]],
  Mediumtext: [{}, { type: 'mediumtext' }, 'Ada', [1]],
  Longtext: [{}, { type: 'longtext' }, 'Ada', [1]],
};

export function columns(stage) {
  const all = () => (stage.setting.node >= 27 ? { ...types, ...newer } : types);

  test('each type says what it is, takes what fits and refuses what does not', async () => {
    const { db, databaseId } = stage;
    const at = await stage.table('all');
    for (const [type, [params, replied, value, wrong]] of Object.entries(all())) {
      const key = type.toLowerCase();
      const made = await stage.column('all', key, type, params);
      const found = await db.getColumn({ ...at, key });
      for (const [name, expected] of Object.entries({ key, required: false, array: false, ...replied })) {
        assert.deepEqual([made[name], found[name]], [expected, expected], `${type}: ${name}`);
      }
      const row = await db.createRow({ ...at, rowId: `has-${key}`, data: { [key]: value } });
      assert.deepEqual(row[key], value, type);
      for (const refused of wrong) {
        await stage.refused(() => db.createRow({ ...at, rowId: 'never', data: { [key]: refused } }), 400, 'row_invalid_structure');
      }
    }
    const empty = await db.createRow({ ...at, rowId: 'empty', data: { string: 'x' } });
    assert.deepEqual([empty.integer, empty.float, empty.boolean, empty.enum, empty.datetime], [5, 0.5, true, 'low', null]);
    const listed = await db.listColumns(at);
    assert.equal(listed.total, Object.keys(all()).length);
    assert.deepEqual((await db.getTable(at)).columns.map((column) => column.key), Object.keys(all()).map((type) => type.toLowerCase()));
    assert.equal((await db.listRows({ databaseId, tableId: 'all' })).total, Object.keys(all()).length + 1);
  });

  test('a required column wants a value, a list wants lists', async () => {
    const { db } = stage;
    const at = await stage.table('strict');
    await stage.column('strict', 'name', 'String', { size: 10, required: true });
    await stage.column('strict', 'marks', 'Integer', { array: true });
    await stage.refused(() => db.createRow({ ...at, rowId: 'a', data: { marks: [1] } }), 400, 'row_invalid_structure');
    await stage.refused(() => db.createRow({ ...at, rowId: 'a', data: { name: 'a', marks: 1 } }), 400, 'row_invalid_structure');
    await stage.refused(() => db.createRow({ ...at, rowId: 'a', data: { name: 'a', other: 1 } }), 400, 'row_invalid_structure');
    assert.deepEqual((await db.createRow({ ...at, rowId: 'a', data: { name: 'a', marks: [3, 1, 3] } })).marks, [3, 1, 3]);
    assert.deepEqual((await db.createRow({ ...at, rowId: 'b', data: { name: 'b' } })).marks, []);
    await stage.refused(() => db.createStringColumn({ ...at, key: 'x', size: 5, required: true, xdefault: 'y' }), 400, 'column_default_unsupported');
    await stage.refused(() => db.createStringColumn({ ...at, key: 'NAME', size: 5, required: false }), 409, 'column_already_exists');
    await stage.refused(() => db.createIntegerColumn({ ...at, key: 'x', required: false, min: 5, max: 1 }), 400, 'column_value_invalid');
  });

  test('a column is changed, renamed and deleted, and its rows go with it', async () => {
    const { db } = stage;
    const at = await stage.table('changing', { name: ['String', { size: 10 }], level: ['Enum', { elements: ['a', 'b'] }] });
    await stage.rows('changing', { one: { name: 'Ada', level: 'a' } });
    await stage.refused(() => db.updateStringColumn({ ...at, key: 'name', required: false, xdefault: null, size: 2 }), 400, 'column_invalid_resize');
    const renamed = await db.updateStringColumn({ ...at, key: 'name', required: false, xdefault: 'nobody', size: 30, newKey: 'title' });
    assert.deepEqual([renamed.key, renamed.size, renamed.default], ['title', 30, 'nobody']);
    assert.equal((await db.getRow({ ...at, rowId: 'one' })).title, 'Ada');
    assert.equal((await db.createRow({ ...at, rowId: 'two', data: { level: 'b' } })).title, 'nobody');
    await db.updateEnumColumn({ ...at, key: 'level', elements: ['a', 'b', 'c'], required: false, xdefault: 'c' });
    assert.equal((await db.createRow({ ...at, rowId: 'three', data: { title: 'x' } })).level, 'c');
    await db.deleteColumn({ ...at, key: 'title' });
    assert.ok(!('title' in (await db.getRow({ ...at, rowId: 'one' }))));
    await stage.refused(() => db.createRow({ ...at, rowId: 'four', data: { title: 'x' } }), 400, 'row_invalid_structure');
  });
}
