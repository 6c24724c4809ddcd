// Databases and tables.
import assert from 'node:assert/strict';
import { test } from 'node:test';

export function tables(stage) {
  test('a database is made, found, renamed and deleted', async () => {
    const { db, sdk } = stage;
    const databaseId = sdk.ID.unique();
    const made = await db.create({ databaseId: `shop-${stage.vocabulary}`, name: 'Shop' });
    assert.deepEqual([made.$id, made.name, made.enabled], [`shop-${stage.vocabulary}`, 'Shop', true]);
    await stage.refused(() => db.create({ databaseId: made.$id, name: 'Again' }), 409, 'database_already_exists');
    const found = await db.list({ queries: [sdk.Query.equal('name', ['Shop']), sdk.Query.equal('$id', [made.$id])], search: 'shop' });
    assert.deepEqual([found.total, found.databases[0].$id], [1, made.$id]);
    assert.equal((await db.update({ databaseId: made.$id, name: 'Store', enabled: true })).name, 'Store');
    assert.equal((await db.get({ databaseId: made.$id })).name, 'Store');
    await db.delete({ databaseId: made.$id });
    await stage.refused(() => db.get({ databaseId: made.$id }), 404, 'database_not_found');
    await stage.refused(() => db.get({ databaseId }), 404, 'database_not_found');
  });

  test('a table is made, found, changed and deleted', async () => {
    const { db, databaseId, sdk } = stage;
    const permissions = [sdk.Permission.read(sdk.Role.any()), sdk.Permission.create(sdk.Role.users())];
    const made = await db.createTable({ databaseId, tableId: 'posts', name: 'Posts', permissions, rowSecurity: true });
    assert.deepEqual([made.$id, made.databaseId, made.name, made.rowSecurity, made.enabled], ['posts', databaseId, 'Posts', true, true]);
    assert.deepEqual(made.$permissions, ['read("any")', 'create("users")']);
    assert.deepEqual([made.columns, made.indexes], [[], []]);
    await stage.refused(() => db.createTable({ databaseId, tableId: 'posts', name: 'Again' }), 409, 'table_already_exists');
    await stage.refused(() => db.createTable({ databaseId, tableId: '_bad', name: 'Bad' }), 400, 'general_argument_invalid');
    await stage.refused(() => db.createTable({ databaseId: 'nowhere', tableId: 'posts', name: 'Posts' }), 404, 'database_not_found');
    const changed = await db.updateTable({ databaseId, tableId: 'posts', name: 'Articles', rowSecurity: false });
    assert.deepEqual([changed.name, changed.rowSecurity, changed.$permissions], ['Articles', false, made.$permissions]);
    const listed = await db.listTables({ databaseId, queries: [sdk.Query.startsWith('name', 'art')] });
    assert.deepEqual(listed.tables.map((table) => table.$id), ['posts']);
    await db.deleteTable({ databaseId, tableId: 'posts' });
    await stage.refused(() => db.getTable({ databaseId, tableId: 'posts' }), 404, 'table_not_found');
    await stage.refused(() => db.listRows({ databaseId, tableId: 'posts' }), 404, 'table_not_found');
    const again = await db.createTable({ databaseId, tableId: 'posts', name: 'Posts' });
    assert.deepEqual(again.columns, []);
  });

  test('what is disabled is hidden from people, and not from servers', async () => {
    const { db, databaseId, sdk } = stage;
    await stage.table('hidden', { name: ['String', { size: 10 }] }, { permissions: [sdk.Permission.read(sdk.Role.any())] });
    const guest = stage.guest();
    assert.equal((await guest.db.listRows({ databaseId, tableId: 'hidden' })).total, 0);
    await db.updateTable({ databaseId, tableId: 'hidden', name: 'Hidden', enabled: false });
    await stage.refused(() => guest.db.listRows({ databaseId, tableId: 'hidden' }), 404, 'table_not_found');
    assert.equal((await db.listRows({ databaseId, tableId: 'hidden' })).total, 0);
  });
}
