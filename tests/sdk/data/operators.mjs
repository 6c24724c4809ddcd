// Operators: values that describe a change of the current value.
import assert from 'node:assert/strict';
import { test } from 'node:test';

export function operators(stage) {
  test('each operator does what it says', async () => {
    const { db, sdk: { Operator, Condition } } = stage;
    const at = await stage.table('things', {
      n: ['Integer'], f: ['Float'], s: ['String', { size: 50 }], b: ['Boolean'], d: ['Datetime'], l: ['String', { size: 20, array: true }], m: ['Integer', { array: true }],
    });
    const start = { n: 10, f: 2.5, s: 'one two', b: true, d: '2024-02-28T12:00:00.000+00:00', l: ['a', 'b', 'a'], m: [1, 2, 3] };
    const expected = [
      ['n', Operator.increment(5), 15],
      ['n', Operator.increment(50, 20), 20],
      ['n', Operator.decrement(3), 7],
      ['n', Operator.decrement(30, 0), 0],
      ['n', Operator.multiply(3), 30],
      ['n', Operator.divide(2), 5],
      ['n', Operator.modulo(3), 1],
      ['n', Operator.power(2), 100],
      ['f', Operator.multiply(2), 5],
      ['s', Operator.stringConcat('!'), 'one two!'],
      ['s', Operator.stringReplace('two', 'three'), 'one three'],
      ['b', Operator.toggle(), false],
      ['d', Operator.dateAddDays(2), '2024-03-01T12:00:00.000+00:00'],
      ['d', Operator.dateSubDays(1), '2024-02-27T12:00:00.000+00:00'],
      ['l', Operator.arrayAppend(['c']), ['a', 'b', 'a', 'c']],
      ['l', Operator.arrayPrepend(['c']), ['c', 'a', 'b', 'a']],
      ['l', Operator.arrayInsert(1, 'c'), ['a', 'c', 'b', 'a']],
      ['l', Operator.arrayRemove('a'), ['b']],
      ['l', Operator.arrayUnique(), ['a', 'b']],
      ['l', Operator.arrayIntersect(['a', 'z']), ['a', 'a']],
      ['l', Operator.arrayDiff(['a']), ['b']],
      ['m', Operator.arrayFilter(Condition.GreaterThan, 1), [2, 3]],
    ];
    for (const [key, operator, value] of expected) {
      await db.upsertRow({ ...at, rowId: 'one', data: start });
      assert.deepEqual((await db.updateRow({ ...at, rowId: 'one', data: { [key]: operator } }))[key], value, operator);
    }
    const now = await db.updateRow({ ...at, rowId: 'one', data: { d: Operator.dateSetNow(), n: Operator.increment(1) } });
    assert.ok(Math.abs(new Date(now.d) - Date.now()) < 60e3, now.d);
    await stage.refused(() => db.updateRow({ ...at, rowId: 'one', data: { s: Operator.increment(1) } }), 400, 'row_invalid_structure');
    assert.equal((await db.updateRow({ ...at, rowId: 'one', data: { s: '{"method":"dance","values":[]}' } })).s, '{"method":"dance","values":[]}');
  });
}
