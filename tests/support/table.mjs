// The table that the provider suite prints at its end: the result of each check of each provider.

export class Table {
  constructor(columns) {
    this.columns = columns;
    this.rows = new Map();
  }

  /** Runs one check and records its outcome: `ok`, `FAIL`, or what the check returns (`–` if it does not apply). */
  async cell(row, column, check) {
    const cells = this.rows.get(row) ?? this.rows.set(row, {}).get(row);
    cells[column] = 'FAIL';
    const outcome = await check();
    cells[column] = outcome ?? 'ok';
  }

  print(write = console.log) {
    const widths = ['provider', ...this.columns].map((title, i) => Math.max(title.length, i ? 4 : 16));
    const line = (cells) => cells.map((cell, i) => String(cell).padEnd(widths[i])).join('  ').trimEnd();
    write(line(['provider', ...this.columns]));
    for (const [row, cells] of this.rows) write(line([row, ...this.columns.map((column) => cells[column] ?? '?')]));
    const failed = [...this.rows.values()].flatMap((cells) => this.columns.filter((column) => !['ok', '–'].includes(cells[column])));
    write(`${this.rows.size} providers, ${this.rows.size * this.columns.length - failed.length} green, ${failed.length} not`);
  }
}
