// Relationships between rows.
import assert from 'node:assert/strict';
import { test } from 'node:test';

export function relationships(stage) {
  const related = (tableId, relatedTableId, type, params = {}) => stage.db.createRelationshipColumn({ databaseId: stage.databaseId, tableId, relatedTableId, type, ...params });
  const name = { name: ['String', { size: 50 }] };
  const ids = (rows) => rows.map((row) => row.$id);

  test('one writes many: nested writes, selected reads, filters from the other side', async () => {
    const { db, databaseId, sdk: { Query } } = stage;
    const [authors, books] = [await stage.table('authors', name), await stage.table('books', name)];
    const made = await related('authors', 'books', 'oneToMany', { twoWay: true, key: 'books', twoWayKey: 'author', onDelete: 'cascade' });
    assert.deepEqual([made.type, made.relationType, made.relatedTable, made.twoWay, made.twoWayKey, made.onDelete, made.side], ['relationship', 'oneToMany', 'books', true, 'author', 'cascade', 'parent']);
    assert.equal((await db.getColumn({ ...books, key: 'author' })).side, 'child');
    const ada = await db.createRow({ ...authors, rowId: 'ada', data: { name: 'Ada', books: [{ $id: 'notes', name: 'Notes' }, { name: 'Letters' }] } });
    assert.deepEqual(ada.books.map((book) => book.name).sort(), ['Letters', 'Notes']);
    await db.createRow({ ...books, rowId: 'sketch', data: { name: 'Sketch', author: 'ada' } });
    assert.ok(!('books' in (await db.getRow({ ...authors, rowId: 'ada' }))));
    const full = await db.getRow({ ...authors, rowId: 'ada', queries: [Query.select(['*', 'books.name'])] });
    assert.deepEqual(full.books.map((book) => book.name).sort(), ['Letters', 'Notes', 'Sketch']);
    const { rows } = await db.listRows({ ...books, queries: [Query.select(['*', 'author.*']), Query.orderAsc('name')] });
    assert.deepEqual(rows.map((book) => book.author.name), ['Ada', 'Ada', 'Ada']);
    assert.equal((await db.getRow({ ...books, rowId: 'notes' })).author, 'ada');
    assert.deepEqual(await stage.ids('books', [Query.equal('author', ['ada']), Query.equal('name', ['Notes'])]), ['notes']);
    assert.equal((await stage.ids('books', [Query.equal('author.name', ['Ada'])])).length, 3);
    await stage.refused(() => db.updateRow({ ...books, rowId: 'notes', data: { author: 7 } }), 400, 'relationship_value_invalid');
    await stage.refused(() => related('authors', 'books', 'oneToMany', { key: 'books' }), 409, 'column_already_exists');
    await db.deleteRow({ ...authors, rowId: 'ada' });
    assert.deepEqual(await stage.ids('books'), []);
    assert.equal((await db.listTables({ databaseId })).total >= 2, true);
  });

  test('one to one, many to one, many to many', async () => {
    const { db, sdk: { Query } } = stage;
    const [people, cards, towns, clubs] = [await stage.table('people', name), await stage.table('cards', name), await stage.table('towns', name), await stage.table('clubs', name)];
    await related('people', 'cards', 'oneToOne', { twoWay: true, key: 'card', twoWayKey: 'owner', onDelete: 'setNull' });
    await related('people', 'towns', 'manyToOne', { key: 'town', onDelete: 'restrict' });
    await related('people', 'clubs', 'manyToMany', { twoWay: true, key: 'clubs', twoWayKey: 'members', onDelete: 'setNull' });
    await stage.rows('towns', { bonn: { name: 'Bonn' } });
    await stage.rows('clubs', { chess: { name: 'Chess' }, go: { name: 'Go' } });
    await db.createRow({ ...people, rowId: 'ada', data: { name: 'Ada', card: { $id: 'one', name: 'Card' }, town: 'bonn', clubs: ['chess', 'go'] } });
    await db.createRow({ ...people, rowId: 'bob', data: { name: 'Bob', town: 'bonn', clubs: ['go'] } });
    const ada = await db.getRow({ ...people, rowId: 'ada', queries: [Query.select(['*', 'card.*', 'town.*', 'clubs.*'])] });
    assert.deepEqual([ada.card.name, ada.town.name, ids(ada.clubs).sort()], ['Card', 'Bonn', ['chess', 'go']]);
    const go = await db.getRow({ ...clubs, rowId: 'go', queries: [Query.select(['*', 'members.*'])] });
    assert.deepEqual(ids(go.members).sort(), ['ada', 'bob']);
    const card = await db.getRow({ ...cards, rowId: 'one', queries: [Query.select(['*', 'owner.name'])] });
    assert.equal(card.owner.name, 'Ada');
    await db.updateRow({ ...people, rowId: 'ada', data: { clubs: ['chess'] } });
    const left = await db.getRow({ ...clubs, rowId: 'go', queries: [Query.select(['*', 'members.*'])] });
    assert.deepEqual(ids(left.members), ['bob']);
    await stage.refused(() => db.createRows({ ...people, rows: [{ name: 'x' }] }), 400, 'general_bad_request');
    await stage.refused(() => db.deleteRow({ ...towns, rowId: 'bonn' }), 403, 'row_delete_restricted');
    await db.updateRelationshipColumn({ ...people, key: 'card', onDelete: 'cascade' });
    await db.deleteRow({ ...people, rowId: 'ada' });
    await stage.refused(() => db.getRow({ ...cards, rowId: 'one' }), 404, 'row_not_found');
    assert.deepEqual(ids((await db.getRow({ ...clubs, rowId: 'chess', queries: [Query.select(['*', 'members.*'])] })).members), []);
    await db.deleteColumn({ ...people, key: 'clubs' });
    await stage.refused(() => db.getColumn({ ...clubs, key: 'members' }), 404, 'column_not_found');
  });
}
