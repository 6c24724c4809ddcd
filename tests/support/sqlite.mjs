// Runs SQLite's integrity check on database files: with the sqlite3 program, or Python's module if that is missing.
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const script = 'import sqlite3, sys; print("\\n".join(r[0] for r in sqlite3.connect(sys.argv[1]).execute("pragma integrity_check")))';

export async function damagedFiles(folder) {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.db'));
  if (names.length === 0) throw new Error(`there is no database file in ${folder}`);
  const damaged = [];
  for (const name of names) {
    const answer = await integrity(join(folder, name));
    if (answer !== 'ok') damaged.push(`${name}: ${answer}`);
  }
  return damaged;
}

async function integrity(file) {
  try {
    return (await run('sqlite3', [file, 'pragma integrity_check'])).stdout.trim();
  } catch (error) {
    if (error.code !== 'ENOENT') return String(error.stderr || error.message);
  }
  try {
    return (await run('python3', ['-c', script, file])).stdout.trim();
  } catch (error) {
    if (error.code === 'ENOENT') throw new Error('neither sqlite3 nor python3 is here to look at the files: apt-get install sqlite3');
    return String(error.stderr || error.message);
  }
}
