// Python with a generation of the SDK from PyPI, in an environment of its own beside node_modules.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The program to start; the environment is made when it is first asked for. */
export async function python(generation) {
  const folder = fileURLToPath(new URL(`../.python/appwrite-${generation}`, import.meta.url));
  if (!existsSync(folder)) {
    // Made aside, so that what was cut off is never taken for whole.
    const aside = `${folder}.${process.pid}`;
    try {
      await run('python3', ['-m', 'venv', aside]);
      await run(`${aside}/bin/python`, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `appwrite==${generation}.*`]);
    } catch (error) {
      await rm(aside, { recursive: true, force: true });
      throw new Error(`no Python with appwrite ${generation}: ${error.stderr || error.message} (apt-get install python3-venv)`);
    }
    await rename(aside, folder).catch(() => rm(aside, { recursive: true, force: true }));
  }
  return `${folder}/bin/python`;
}
