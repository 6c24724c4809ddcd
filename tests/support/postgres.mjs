// A fresh PostgreSQL database for one server, if FERRITE_TEST_POSTGRES contains the URL of a server.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

const run = promisify(execFile);

export async function freshDatabase() {
  const admin = process.env.FERRITE_TEST_POSTGRES;
  if (!admin) return undefined;
  const name = `ferrite_suite_${randomBytes(6).toString('hex')}`;
  await psql(admin, `create database ${name}`);
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => psql(admin, `drop database if exists ${name} with (force)`) };
}

const psql = (url, statement) => run('psql', [url, '--quiet', '--no-psqlrc', '--set', 'ON_ERROR_STOP=1', '--command', statement]);
