// Every query method of the SDKs.
import assert from 'node:assert/strict';
import { test } from 'node:test';

const rows = {
  ada: { name: 'Ada', age: 36, score: 1.5, member: true, born: '1815-12-10T00:00:00.000+00:00', tags: ['math', 'poetry'] },
  alan: { name: 'Alan', age: 41, score: -2, member: false, born: '1912-06-23T00:00:00.000+00:00', tags: ['math', 'running'] },
  grace: { name: 'Grace', age: 85, score: 0, member: true, born: '1906-12-09T00:00:00.000+00:00', tags: [] },
  linus: { name: 'linus', age: null, score: null, member: null, born: null, tags: ['kernel'] },
};

export function queries(stage) {
  const asked = (...queries) => stage.ids('people', queries);
  const lay = async () => {
    const at = { databaseId: stage.databaseId, tableId: 'people' };
    if (!stage.laid) {
      await stage.table('people', { name: ['String', { size: 50 }], age: ['Integer'], score: ['Float'], member: ['Boolean'], born: ['Datetime'], tags: ['String', { size: 20, array: true }] });
      await stage.rows('people', rows);
      stage.laid = true;
    }
    return at;
  };

  test('comparisons', async () => {
    await lay();
    const { Query } = stage.sdk;
    const expected = [
      [Query.equal('name', 'Ada'), ['ada']],
      [Query.equal('name', ['Ada', 'Alan', 'ada']), ['ada', 'alan']],
      [Query.notEqual('name', 'Ada'), ['alan', 'grace', 'linus']],
      [Query.lessThan('age', 41), ['ada']],
      [Query.lessThanEqual('age', 41), ['ada', 'alan']],
      [Query.greaterThan('score', 0), ['ada']],
      [Query.greaterThanEqual('score', 0), ['ada', 'grace']],
      [Query.between('age', 36, 50), ['ada', 'alan']],
      [Query.notBetween('age', 36, 50), ['grace']],
      [Query.isNull('age'), ['linus']],
      [Query.isNotNull('age'), ['ada', 'alan', 'grace']],
      [Query.equal('member', true), ['ada', 'grace']],
      [Query.lessThan('born', '1900-01-01T00:00:00.000+00:00'), ['ada']],
      [Query.startsWith('name', 'a'), ['ada', 'alan']],
      [Query.notStartsWith('name', 'a'), ['grace', 'linus']],
      [Query.endsWith('name', 'US'), ['linus']],
      [Query.notEndsWith('name', 'n'), ['ada', 'grace', 'linus']],
      [Query.contains('name', ['AC', 'lan']), ['alan', 'grace']],
      [Query.notContains('name', ['a']), ['linus']],
      [Query.contains('tags', ['math']), ['ada', 'alan']],
      [Query.contains('tags', ['kernel', 'poetry']), ['ada', 'linus']],
      [Query.greaterThan('name', 'Z'), ['linus']],
      [Query.or([Query.equal('name', ['Ada']), Query.and([Query.greaterThan('age', 50), Query.equal('member', [true])])]), ['ada', 'grace']],
      [Query.createdAfter('2000-01-01'), ['ada', 'alan', 'grace', 'linus']],
      [Query.updatedBefore('2000-01-01'), []],
    ];
    for (const [query, ids] of expected) assert.deepEqual(await asked(query), ids, query);
  });

  test('order, pages and cursors', async () => {
    const at = await lay();
    const { Query } = stage.sdk;
    assert.deepEqual(await asked(Query.orderDesc('name')), ['linus', 'grace', 'alan', 'ada']);
    assert.deepEqual(await asked(Query.orderAsc('age')), ['linus', 'ada', 'alan', 'grace']);
    assert.deepEqual(await asked(Query.orderDesc('member'), Query.orderDesc('age')), ['grace', 'ada', 'alan', 'linus']);
    assert.deepEqual(await asked(Query.limit(2), Query.offset(1)), ['alan', 'grace']);
    assert.deepEqual(await asked(Query.cursorAfter('alan')), ['grace', 'linus']);
    assert.deepEqual(await asked(Query.cursorBefore('grace'), Query.limit(1)), ['alan']);
    assert.deepEqual(await asked(Query.orderDesc('name'), Query.cursorAfter('grace'), Query.limit(1)), ['alan']);
    assert.deepEqual((await asked(Query.orderRandom())).sort(), ['ada', 'alan', 'grace', 'linus']);
    await stage.refused(() => asked(Query.cursorAfter('nobody')), 400, 'general_cursor_not_found');
    await stage.refused(() => asked(Query.orderAsc('age'), Query.cursorAfter('linus')), 400, 'database_query_order_null');
    const page = await stage.db.listRows({ ...at, queries: [Query.limit(1), Query.isNotNull('age')] });
    assert.deepEqual([page.total, page.rows.length], [3, 1]);
    if (stage.setting.node >= 27) assert.equal((await stage.db.listRows({ ...at, total: false })).total, 0);
  });

  test('what is selected comes, and no more', async () => {
    const at = await lay();
    const { Query } = stage.sdk;
    const { rows: [first] } = await stage.db.listRows({ ...at, queries: [Query.select(['name', 'age']), Query.limit(1)] });
    assert.deepEqual(Object.keys(first).filter((key) => !key.startsWith('$')).sort(), ['age', 'name']);
    const one = await stage.db.getRow({ ...at, rowId: 'ada', queries: [Query.select(['score'])] });
    assert.deepEqual([one.$id, one.score, one.name], ['ada', 1.5, undefined]);
  });

  test('places', async () => {
    const { Query } = stage.sdk;
    await stage.table('places', { name: ['String', { size: 10 }], at: ['Point'], area: ['Polygon'], way: ['Line'] });
    const square = [[[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]];
    await stage.rows('places', { home: { at: [1, 1], area: square, way: [[0, 0], [4, 4]] }, away: { at: [50, 50], area: [[[10, 10], [12, 10], [12, 12], [10, 10]]], way: [[10, 0], [10, 5]] }, nowhere: { name: 'none' } });
    const asked = (query) => stage.ids('places', [query]);
    const expected = [
      [Query.distanceLessThan('at', [1, 1.001], 500, true), ['home']],
      [Query.distanceGreaterThan('at', [1, 1], 10, false), ['away']],
      [Query.distanceEqual('at', [1, 1], 0), ['home']],
      [Query.intersects('area', [2, 2]), ['home']],
      [Query.notIntersects('area', [2, 2]), ['away']],
      [Query.crosses('way', [[0, 4], [4, 0]]), ['home']],
      [Query.touches('area', [[4, 0], [8, 0]]), ['home']],
      [Query.overlaps('area', [[[2, 2], [6, 2], [6, 6], [2, 6], [2, 2]]]), ['home']],
    ];
    for (const [query, ids] of expected) assert.deepEqual(await asked(query), ids, query);
  });

  test('what does not fit is refused by name', async () => {
    await lay();
    const { Query } = stage.sdk;
    const wrong = [Query.equal('age', ['old']), Query.equal('nothing', [1]), Query.startsWith('age', '3'), Query.equal('tags', ['math']), Query.search('name', 'ada'), Query.select(['nothing']), Query.limit(0), Query.contains('age', ['3'])];
    for (const query of wrong) await stage.refused(() => asked(query), 400, 'general_query_invalid');
    await stage.refused(() => asked('equal("name",["Ada"])'), 400, 'general_query_invalid');
    await stage.refused(() => asked(...Array(101).fill(Query.limit(1))), 400, 'general_argument_invalid');
  });
}
