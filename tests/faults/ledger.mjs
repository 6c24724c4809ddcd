// What the server acknowledged about rows, kept outside of it.
//
// Each writer has rows of its own. Before a call it notes what the rows will be; what came of a call without an answer is
// either all of that or nothing.
import { isDeepStrictEqual } from 'node:util';

export class Ledger {
  rows = new Map(); // by id: the row as it was last acknowledged
  open = []; // calls without an answer: each the rows that it would leave, undefined for those that it would delete
  answered = 0; // how many calls were acknowledged

  /** Calls, and takes the rows that it leaves for true once it is answered; `after` says what they are, by id. */
  async write(after, call) {
    this.open.push(after);
    const reply = await call(); // throws when the server is gone: then the call stays open
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
   * What is otherwise in the rows that were found, in words. An open call is settled by them: it happened if any of its
   * rows is as it would leave them, and then all must be.
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
