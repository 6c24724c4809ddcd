// Databases with one version of the official SDKs, area by area, in both vocabularies.
import { after, before, describe } from 'node:test';
import { bulk } from './bulk.mjs';
import { columns } from './columns.mjs';
import { indexes } from './indexes.mjs';
import { operators } from './operators.mjs';
import { queries } from './queries.mjs';
import { relationships } from './relationships.mjs';
import { rows } from './rows.mjs';
import { Setting } from './setting.mjs';
import { tables } from './tables.mjs';
import { transactions } from './transactions.mjs';
import { vocabularies } from './vocabulary.mjs';

const areas = { tables, columns, indexes, rows, queries, relationships, bulk, operators, transactions };

export function story(web, node) {
  let setting;
  before(async () => { setting = await Setting.open(web, node); });
  after(() => setting?.close());
  for (const vocabulary of vocabularies) {
    for (const [name, declare] of Object.entries(areas)) {
      describe(`${name}, in the words of ${vocabulary}, by appwrite ${web} and node-appwrite ${node}`, () => {
        const stage = {};
        before(async () => {
          const created = await setting.stage(vocabulary, `${name}-${vocabulary}`);
          Object.setPrototypeOf(stage, Object.getPrototypeOf(created));
          Object.assign(stage, created);
        });
        declare(stage);
      });
    }
  }
}
