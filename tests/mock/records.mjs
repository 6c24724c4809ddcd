// One record per provider: what the provider requires and replies, not what our server happens to send.
// The facts and the format of replies come from the providers' documents; all values are made up.
import { readFileSync, readdirSync } from 'node:fs';

const folder = new URL('./providers/', import.meta.url);

export const records = new Map(
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')))
    .map((record) => [record.id, record]),
);

export function recordOf(id) {
  const record = records.get(id);
  if (!record) throw new Error(`the mock knows no provider ${id}`);
  return record;
}
