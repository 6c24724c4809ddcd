// Python with a version of the SDK from PyPI, in a separate virtual environment beside node_modules.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Path of the Python program; creates the environment at the first call. */
export async function python(generation) {
  const folder = fileURLToPath(new URL(`../.python/appwrite-${generation}`, import.meta.url));
  if (!existsSync(folder)) {
    // Created in another folder and then renamed, so that an interrupted installation is not used.
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
