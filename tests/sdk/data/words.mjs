// The two vocabularies: a story speaks of tables, columns and rows, and is told in either.
//
// A call goes out in the words of the SDK's class, and its reply comes back in those of the story.
const words = [['table', 'collection'], ['column', 'attribute'], ['row', 'document']];
const capital = (word) => word[0].toUpperCase() + word.slice(1);

/** A name of tables in the words of collections: `createRow`, `rowSecurity`, `relatedTableId`. */
function older(name) {
  return words.reduce((text, [now, then]) => text.replaceAll(capital(now), capital(then)).replace(new RegExp(`(^|\\$)${now}`, 'g'), `$1${then}`), name);
}

/** A key of a reply in the words of tables. Only what the server names itself: columns are the user's own. */
const newer = new Map(['$tableId', 'tables', 'columns', 'rows', 'rowSecurity', 'relatedTable', 'tableId', 'rowId'].map((name) => [older(name), name]));

function read(value) {
  if (Array.isArray(value)) return value.map(read);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [newer.get(key) ?? key, read(inner)]));
}

const plain = (value) => JSON.parse(JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? inner.toString() : inner)));

export const vocabularies = ['tables', 'collections'];

/** The SDK's class for tables, or the one for collections spoken to as if it were. */
export function speak(vocabulary, sdk, client) {
  const service = vocabulary === 'tables' ? new sdk.TablesDB(client) : new sdk.Databases(client);
  const method = (name) => (vocabulary === 'tables' ? name : older(name));
  const params = (given) => (vocabulary === 'tables' ? given : Object.fromEntries(Object.entries(given).map(([key, value]) => [older(key), said(key, value)])));
  // Operations of a transaction carry the names within.
  const said = (key, value) => (key === 'operations' ? value.map(({ data, ...rest }) => ({ ...params(rest), ...(data && { data }) })) : value);
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

/** The type of an error in the words of this vocabulary. */
export function typeOf(vocabulary, type) {
  if (vocabulary === 'tables') return type;
  return older(type).replace(/^attribute_index_/, 'index_');
}
