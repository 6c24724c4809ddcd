// Runs a Python scenario and reads the results of its chapters: `ok <name>`, or `not ok <name>` with the error.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export async function runScenario(program, script, args, env) {
  const child = spawn(program, [fileURLToPath(new URL(script, import.meta.url)), ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => { output += text; });
  await new Promise((resolve) => child.once('close', resolve));
  return output.trim().split('\n');
}

export function assertPassed(results, chapter) {
  const line = results.find((each) => each === `ok ${chapter}` || each.startsWith(`not ok ${chapter}`)) ?? `never run; ${results.at(-1)}`;
  assert.equal(line, `ok ${chapter}`, line.replaceAll('\\n', '\n'));
}
