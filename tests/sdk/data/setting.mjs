// Fixture: a server with a project, and the database and tables of a scenario.
import assert from 'node:assert/strict';
import { Console } from '../../support/console.mjs';
import { Server } from '../../support/server.mjs';
import { until } from '../../support/until.mjs';
import { backend, Device } from '../../support/web-sdk.mjs';
import { translate, typeOf } from './vocabulary.mjs';

const scopes = ['databases', 'tables', 'columns', 'indexes', 'rows', 'collections', 'attributes', 'documents', 'users'].flatMap((noun) => [`${noun}.read`, `${noun}.write`]);

export class Setting {
  static async open(web, node) {
    const setting = new Setting();
    Object.assign(setting, { web, node });
    setting.server = await Server.start();
    setting.project = await (await Console.signUp(setting.server)).project('Data', { hostnames: ['localhost'] });
    setting.key = await setting.project.key(scopes);
    return setting;
  }

  async close() {
    await this.server?.stop();
  }

  /** Creates the database of a scenario; returns a caller with an API key. */
  async stage(vocabulary, databaseId) {
    const { client, sdk } = backend(this.node, this.server, this.project, { key: this.key });
    const stage = new Stage();
    Object.assign(stage, { vocabulary, databaseId, sdk, setting: this, db: translate(vocabulary, sdk, client) });
    await stage.db.create({ databaseId, name: databaseId });
    return stage;
  }
}

export class Stage {
  /** Creates a user and signs in on a separate device; returns a caller for the same database. */
  async person(name) {
    const device = new Device(this.setting.web, this.setting.server, this.setting.project);
    const email = `${name}-${this.databaseId}@people.example.test`.toLowerCase();
    const user = await device.account.create({ userId: device.sdk.ID.unique(), email, password: 'a long enough password', name });
    await device.account.createEmailPasswordSession({ email, password: 'a long enough password' });
    return { user, ...this.translated(device) };
  }

  guest() {
    return this.translated(new Device(this.setting.web, this.setting.server, this.setting.project));
  }

  translated(device) {
    const service = translate(this.vocabulary, device.sdk, device.client);
    const db = new Proxy({}, { get: (_, name) => (name === 'then' ? undefined : (given) => { device.use(); return service[name](given); }) });
    return { db, sdk: device.sdk };
  }

  /** Creates a table with columns, each given as its type and parameters; waits until they are available. */
  async table(tableId, columns = {}, options = {}) {
    const { db, databaseId } = this;
    await db.createTable({ databaseId, tableId, name: tableId, ...options });
    for (const [key, [type, params]] of Object.entries(columns)) await this.column(tableId, key, type, params);
    return { databaseId, tableId };
  }

  async column(tableId, key, type, params = {}) {
    const { db, databaseId } = this;
    const made = await db[`create${type}Column`]({ databaseId, tableId, key, required: false, ...params });
    await this.available(`column ${key}`, () => db.getColumn({ databaseId, tableId, key }));
    return made;
  }

  async index(tableId, key, type, columns, options = {}) {
    const { db, databaseId } = this;
    await db.createIndex({ databaseId, tableId, key, type, columns, ...options });
    return this.available(`index ${key}`, () => db.getIndex({ databaseId, tableId, key }));
  }

  available(what, ask) {
    return until(`${what} to be available`, async () => {
      const found = await ask();
      assert.ok(['processing', 'available'].includes(found.status), `${what}: ${found.status} ${found.error}`);
      return found.status === 'available' && found;
    });
  }

  /** Creates rows; the keys are their ids. */
  async rows(tableId, rows) {
    for (const [rowId, data] of Object.entries(rows)) await this.db.createRow({ databaseId: this.databaseId, tableId, rowId, data });
  }

  /** The ids of the rows in a list. */
  async ids(tableId, queries) {
    const { rows } = await this.db.listRows({ databaseId: this.databaseId, tableId, queries });
    return rows.map((row) => row.$id);
  }

  refused(call, code, type) {
    return assert.rejects(call, (error) => {
      assert.deepEqual([error.code, error.type], [code, typeOf(this.vocabulary, type)], error.message);
      return true;
    });
  }
}
