// Record of the rows that the server acknowledged, kept outside of the server.
//
// Each writer has separate rows. Before a call it records the rows that the call would leave; a call without a reply
// must have had all of these effects or none.
import { isDeepStrictEqual } from 'node:util';

export class Ledger {
  rows = new Map(); // last acknowledged state of each row, by id
  open = []; // calls without a reply: the rows that each would leave, undefined for deleted ones
  answered = 0; // number of acknowledged calls

  /** Makes a call, and records its rows once it is acknowledged; `after` is the state that it leaves, by id. */
  async write(after, call) {
    this.open.push(after);
    const reply = await call(); // throws if the server was killed: then the call stays open
    this.open.splice(this.open.indexOf(after), 1);
    if (reply.status >= 300) throw new Error(`${reply.status} ${reply.text}`);
    this.#apply(after);
    this.answered += 1;
    return reply;
  }

  #apply(after) {
    for (const [id, row] of after) {
      if (row) this.rows.set(id, row);
      else this.rows.delete(id);
    }
  }

  /**
   * Differences between the record and the rows found, as sentences. Open calls are resolved first: a call happened if
   * all of its rows are as it would leave them; it is a fault if only some are.
   */
  settle(found) {
    const faults = [];
    for (const after of this.open.splice(0)) {
      const is = (row, id) => isDeepStrictEqual(found.get(id), row);
      const was = [...after].every(([id]) => is(this.rows.get(id), id));
      const done = [...after].every(([id, row]) => is(row, id));
      if (done) this.#apply(after);
      else if (!was) faults.push(`half of a call happened: ${describe(after, found)}`);
    }
    for (const [id, row] of this.rows) {
      if (!isDeepStrictEqual(found.get(id), row)) faults.push(`${id} was acknowledged as ${JSON.stringify(row)} and is ${JSON.stringify(found.get(id))}`);
    }
    for (const [id, row] of found) {
      if (!this.rows.has(id)) faults.push(`${id} is there, and was deleted or never made: ${JSON.stringify(row)}`);
    }
    return faults;
  }
}

const describe = (after, found) => JSON.stringify([...after].map(([id, row]) => ({ id, due: row, is: found.get(id) })));
