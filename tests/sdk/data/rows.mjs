// Single rows, and their permissions.
import assert from 'node:assert/strict';
import { test } from 'node:test';

export function rows(stage) {
  test('a row is made, read, changed, put and deleted', async () => {
    const { db, databaseId, sdk } = stage;
    const at = await stage.table('people', { name: ['String', { size: 50 }], age: ['Integer'] });
    const made = await db.createRow({ ...at, rowId: sdk.ID.unique(), data: { name: 'Ada', age: 36 } });
    assert.deepEqual([made.name, made.age, made.$databaseId, made.$tableId, made.$permissions], ['Ada', 36, databaseId, 'people', []]);
    assert.match(made.$createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/);
    const rowId = made.$id;
    assert.deepEqual(await db.getRow({ ...at, rowId }), made);
    await stage.refused(() => db.createRow({ ...at, rowId, data: { name: 'Again' } }), 409, 'row_already_exists');
    await stage.refused(() => db.createRow({ ...at, rowId: 'empty', data: {} }), 400, 'row_missing_data');
    const changed = await db.updateRow({ ...at, rowId, data: { age: 37 } });
    assert.deepEqual([changed.name, changed.age, changed.$createdAt], ['Ada', 37, made.$createdAt]);
    const same = await db.updateRow({ ...at, rowId, data: { age: 37 } });
    assert.equal(same.$updatedAt, changed.$updatedAt);
    await stage.refused(() => db.updateRow({ ...at, rowId, data: { shoe: 37 } }), 400, 'row_invalid_structure');
    await stage.refused(() => db.updateRow({ ...at, rowId: 'nobody', data: { age: 1 } }), 404, 'row_not_found');
    const put = await db.upsertRow({ ...at, rowId, data: { name: 'Countess' } });
    assert.deepEqual([put.name, put.age], ['Countess', 37]);
    assert.equal((await db.upsertRow({ ...at, rowId: 'grace', data: { name: 'Grace' } })).age, null);
    await db.deleteRow({ ...at, rowId });
    await stage.refused(() => db.getRow({ ...at, rowId }), 404, 'row_not_found');
    await stage.refused(() => db.deleteRow({ ...at, rowId }), 404, 'row_not_found');
    assert.deepEqual(await stage.ids('people'), ['grace']);
  });

  test('numbers are counted up and down, within bounds', async () => {
    const { db } = stage;
    const at = await stage.table('counters', { hits: ['Integer', { xdefault: 5 }], name: ['String', { size: 5 }] });
    await stage.rows('counters', { one: { name: 'one' } });
    const count = (name, params) => db[`${name}RowColumn`]({ ...at, rowId: 'one', column: 'hits', ...params });
    assert.equal((await count('increment')).hits, 6);
    assert.equal((await count('increment', { value: 4, max: 10 })).hits, 10);
    await stage.refused(() => count('increment', { value: 1, max: 10 }), 400, 'column_limit_exceeded');
    assert.equal((await count('decrement', { value: 3 })).hits, 7);
    await stage.refused(() => count('decrement', { value: 3, min: 5 }), 400, 'column_limit_exceeded');
    await stage.refused(() => db.incrementRowColumn({ ...at, rowId: 'one', column: 'nothing' }), 404, 'column_not_found');
    // The error type is the same in both vocabularies.
    await assert.rejects(db.incrementRowColumn({ ...at, rowId: 'one', column: 'name' }), { type: 'attribute_type_invalid' });
  });

  test('people see and change what they may, and give only what they have', async () => {
    const { db, databaseId, sdk } = stage;
    const { Permission, Role } = sdk;
    await stage.table('diary', { text: ['String', { size: 100 }] }, { permissions: [Permission.create(Role.users())], rowSecurity: true });
    const at = { databaseId, tableId: 'diary' };
    const [ada, bob, guest] = [await stage.person('ada'), await stage.person('bob'), stage.guest()];
    const own = await ada.db.createRow({ ...at, rowId: 'own', data: { text: 'mine' } });
    const role = Role.user(ada.user.$id);
    assert.deepEqual(own.$permissions, [Permission.read(role), Permission.update(role), Permission.delete(role)]);
    await ada.db.createRow({ ...at, rowId: 'open', data: { text: 'all' }, permissions: [Permission.read(Role.any())] });
    await db.createRow({ ...at, rowId: 'secret', data: { text: 'nobody' } });
    assert.deepEqual((await ada.db.listRows(at)).rows.map((row) => row.$id), ['own', 'open']);
    assert.deepEqual((await bob.db.listRows(at)).rows.map((row) => row.$id), ['open']);
    assert.deepEqual((await guest.db.listRows(at)).rows.map((row) => row.$id), ['open']);
    assert.equal((await db.listRows(at)).total, 3);
    await stage.refused(() => bob.db.getRow({ ...at, rowId: 'own' }), 404, 'row_not_found');
    await stage.refused(() => bob.db.updateRow({ ...at, rowId: 'own', data: { text: 'his' } }), 401, 'user_unauthorized');
    await stage.refused(() => bob.db.deleteRow({ ...at, rowId: 'own' }), 401, 'user_unauthorized');
    await stage.refused(() => guest.db.createRow({ ...at, rowId: 'x', data: { text: 'x' } }), 401, 'user_unauthorized');
    await stage.refused(() => bob.db.createRow({ ...at, rowId: 'x', data: { text: 'x' }, permissions: [Permission.read(Role.user('someone'))] }), 401, 'user_unauthorized');
    assert.equal((await ada.db.updateRow({ ...at, rowId: 'own', data: { text: 'still mine' }, permissions: [Permission.read(Role.users()), Permission.delete(role)] })).text, 'still mine');
    assert.equal((await bob.db.getRow({ ...at, rowId: 'own' })).text, 'still mine');
    await stage.refused(() => ada.db.updateRow({ ...at, rowId: 'own', data: { text: 'too late' } }), 401, 'user_unauthorized');
    await ada.db.deleteRow({ ...at, rowId: 'own' });
    await stage.table('closed', { text: ['String', { size: 100 }] });
    await stage.refused(() => ada.db.listRows({ databaseId, tableId: 'closed' }), 401, 'user_unauthorized');
  });
}
