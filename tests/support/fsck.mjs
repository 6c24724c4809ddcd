// Checks the consistency of the rows and indexes that a killed server left, on a copy, so that the server finds them
// unchanged.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { binary } from './server.mjs';

const run = promisify(execFile);
const program = process.env.FERRITE_FSCK ?? join(dirname(binary), 'examples', 'fsck');

/** Faults of a project, one line each. */
export async function faults(server, project) {
  if (!existsSync(program)) throw new Error(`there is no ${program}: run \`cargo build --bin ferrite --example fsck\``);
  if (server.database) return lines(await run(program, [server.database.url, project]));
  const copy = await mkdtemp(join(tmpdir(), 'ferrite-fsck-'));
  try {
    await cp(server.data, copy, { recursive: true });
    return lines(await run(program, [copy, project], { maxBuffer: 1 << 26 }));
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

const lines = ({ stdout }) => stdout.split('\n').filter(Boolean);
