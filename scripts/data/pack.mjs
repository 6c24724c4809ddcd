// Writes a pack: a file of individually compressed blocks (base/embedded_data reads it).
import { writeFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';

export function pack(url, contents) {
  const blocks = contents.map((content) => deflateRawSync(Buffer.from(content), { level: 9 }));
  const head = Buffer.alloc(4 + 4 * blocks.length);
  head.writeUInt32LE(blocks.length);
  let end = 0;
  blocks.forEach((block, index) => head.writeUInt32LE((end += block.length), 4 + 4 * index));
  writeFileSync(url, Buffer.concat([head, ...blocks]));
  return head.length + end;
}
