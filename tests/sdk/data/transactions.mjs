// Transactions.
import assert from 'node:assert/strict';
import { test } from 'node:test';

export function transactions(stage) {
  const lay = async (tableId) => {
    const at = await stage.table(tableId, { owner: ['String', { size: 20 }], money: ['Integer', { min: 0 }] });
    await stage.rows(tableId, { ada: { owner: 'Ada', money: 100 }, bob: { owner: 'Bob', money: 0 } });
    return at;
  };
  const money = async (at) => Object.fromEntries((await stage.db.listRows(at)).rows.map((row) => [row.$id, row.money]));

  test('what is staged happens at the commit, all of it', async () => {
    const { db, databaseId } = stage;
    const at = await lay('accounts');
    const made = await db.createTransaction({ ttl: 120 });
    assert.deepEqual([made.status, made.operations], ['pending', 0]);
    const transactionId = made.$id;
    const staged = await db.createOperations({ transactionId, operations: [
      { action: 'decrement', databaseId, tableId: 'accounts', rowId: 'ada', data: { [stage.vocabulary === 'tables' ? 'column' : 'attribute']: 'money', value: 30 } },
      { action: 'update', databaseId, tableId: 'accounts', rowId: 'bob', data: { money: 30 } },
    ] });
    assert.equal(staged.operations, 2);
    await db.createRow({ ...at, rowId: 'eve', data: { owner: 'Eve', money: 1 }, transactionId });
    assert.deepEqual(await money(at), { ada: 100, bob: 0 });
    await stage.refused(() => db.getRow({ ...at, rowId: 'eve' }), 404, 'row_not_found');
    assert.equal((await db.getRow({ ...at, rowId: 'eve', transactionId })).money, 1);
    assert.equal((await db.listRows({ ...at, transactionId })).total, 3);
    assert.equal((await db.getTransaction({ transactionId })).operations, 3);
    assert.ok((await db.listTransactions()).transactions.some((each) => each.$id === transactionId));
    assert.equal((await db.updateTransaction({ transactionId, commit: true })).status, 'committed');
    assert.deepEqual(await money(at), { ada: 70, bob: 30, eve: 1 });
    await stage.refused(() => db.updateTransaction({ transactionId, commit: true }), 400, 'transaction_not_ready');
  });

  test('what is rolled back never was', async () => {
    const { db } = stage;
    const at = await lay('undone');
    const { $id: transactionId } = await db.createTransaction();
    await db.deleteRow({ ...at, rowId: 'ada', transactionId });
    await db.updateTransaction({ transactionId, rollback: true });
    assert.deepEqual(await money(at), { ada: 100, bob: 0 });
    await stage.refused(() => db.updateTransaction({ transactionId, commit: true, rollback: true }), 400, 'general_bad_request');
    await stage.refused(() => db.getTransaction({ transactionId: 'unknown' }), 404, 'transaction_not_found');
  });

  test('a change in between is a conflict, and nothing happens', async () => {
    const { db } = stage;
    const at = await lay('contested');
    const { $id: transactionId } = await db.createTransaction();
    await db.updateRow({ ...at, rowId: 'bob', data: { money: 5 }, transactionId });
    await db.createRow({ ...at, rowId: 'new', data: { money: 5 }, transactionId });
    await db.updateRow({ ...at, rowId: 'bob', data: { money: 9 } });
    await stage.refused(() => db.updateTransaction({ transactionId, commit: true }), 409, 'transaction_conflict');
    assert.deepEqual(await money(at), { ada: 100, bob: 9 });
    assert.equal((await db.getTransaction({ transactionId })).status, 'failed');
  });
}
