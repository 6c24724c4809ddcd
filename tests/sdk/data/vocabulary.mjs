// The two vocabularies: a scenario is written with tables, columns and rows, and runs in either vocabulary.
//
// Calls are translated to the names of the SDK's class, and replies back to those of the scenario.
const words = [['table', 'collection'], ['column', 'attribute'], ['row', 'document']];
const capital = (word) => word[0].toUpperCase() + word.slice(1);

/** Translates a name from tables to collections, for instance `createRow`, `rowSecurity`, `relatedTableId`. */
function older(name) {
  return words.reduce((text, [now, then]) => text.replaceAll(capital(now), capital(then)).replace(new RegExp(`(^|\\$)${now}`, 'g'), `$1${then}`), name);
}

/** Keys of replies, from collections to tables. Only the server's own keys: column names are the user's. */
const newer = new Map(['$tableId', 'tables', 'columns', 'rows', 'rowSecurity', 'relatedTable', 'tableId', 'rowId'].map((name) => [older(name), name]));

function read(value) {
  if (Array.isArray(value)) return value.map(read);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [newer.get(key) ?? key, read(inner)]));
}

const plain = (value) => JSON.parse(JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? inner.toString() : inner)));

export const vocabularies = ['tables', 'collections'];

/** The SDK's class for tables, or the class for collections behind the same interface. */
export function translate(vocabulary, sdk, client) {
  const service = vocabulary === 'tables' ? new sdk.TablesDB(client) : new sdk.Databases(client);
  const method = (name) => (vocabulary === 'tables' ? name : older(name));
  const params = (given) => (vocabulary === 'tables' ? given : Object.fromEntries(Object.entries(given).map(([key, value]) => [older(key), translateValue(key, value)])));
  // The names are also in the operations of a transaction.
  const translateValue = (key, value) => (key === 'operations' ? value.map(({ data, ...rest }) => ({ ...params(rest), ...(data && { data }) })) : value);
  return new Proxy({}, {
    get: (_, name) => {
      if (name === 'then') return undefined;
      if (typeof service[method(name)] !== 'function') throw new Error(`${service.constructor.name} has no ${method(name)}`);
      return async (given = {}) => {
        const reply = await service[method(name)](params(given));
        return vocabulary === 'tables' ? plain(reply) : read(plain(reply));
      };
    },
  });
}

/** The type of an error in this vocabulary. */
export function typeOf(vocabulary, type) {
  if (vocabulary === 'tables') return type;
  return older(type).replace(/^attribute_index_/, 'index_');
}
