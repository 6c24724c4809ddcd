// Test reporter: one line per file, every failure with its stack, and the output of the tests.
import { basename } from 'node:path';

export default async function* brief(source) {
  const files = new Map();
  const failures = [];
  for await (const { type, data } of source) {
    if (type === 'test:stdout' || type === 'test:stderr') yield data.message;
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (type === 'test:fail' && !isConsequence(data)) failures.push(data);
    if (data.details?.type === 'suite' || isFile(data)) continue;
    const file = files.get(data.file) ?? files.set(data.file, { passed: 0, failed: 0, skipped: 0 }).get(data.file);
    if (data.skip !== undefined) file.skipped += 1;
    else file[type === 'test:pass' ? 'passed' : 'failed'] += 1;
  }
  for (const { name, file, details } of failures) yield `\nnot ok  ${short(file)}  ${short(name)}\n${indent(reason(details.error))}\n`;
  yield '\n';
  for (const [name, { passed, failed, skipped }] of files) {
    yield `${failed ? 'FAIL' : 'ok  '}  ${short(name)}  ${passed} passed${failed ? `, ${failed} failed` : ''}${skipped ? `, ${skipped} skipped` : ''}\n`;
  }
}

/** A suite that failed because of its tests, or a test cancelled because its set-up failed: only the cause is shown. */
const isConsequence = ({ details }) => ['subtestsFailed', 'cancelledByParent'].includes(details?.error?.failureType);
const isFile = ({ name, file, nesting }) => nesting === 0 && file && (name === file || name.endsWith('.mjs'));
const short = (file = '') => basename(file).replace('.test.mjs', '');
const reason = (error) => String(error?.cause?.stack ?? error?.cause?.message ?? error?.cause ?? error?.message ?? error).split('\n').slice(0, 14).join('\n');
const indent = (text) => text.replace(/^/gm, '        ');
