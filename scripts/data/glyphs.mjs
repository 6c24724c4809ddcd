// Generates base/imaging/data/glyphs.bin: the outlines of the letters and digits that initials are drawn with, from
// Noto Sans.
//
// Only characters that a name can begin with are included: capitals where a script has them, no marks, no punctuation.
// Han characters are those of the first levels of GB 2312, Big5 and JIS X 0208, Hangul syllables those of KS X 1001.
import { createRequire } from 'node:module';
import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as fontkit from 'fontkit';
import { pack } from './pack.mjs';

const require = createRequire(import.meta.url);
const WEIGHT = '500';
const PER_BLOCK = 128;

function fonts(name) {
  const folder = join(dirname(require.resolve(`@fontsource/${name}/package.json`)), 'files');
  const files = readdirSync(folder).filter((file) => file.endsWith(`-${WEIGHT}-normal.woff2`));
  return files.map((file) => fontkit.openSync(join(folder, file)));
}

/** Characters of a two-byte legacy encoding with codes `from` to `to` whose second byte is in `trails`. */
function encoded(label, from, to, trails) {
  const decoder = new TextDecoder(label);
  const found = new Set();
  for (let lead = from >> 8; lead <= to >> 8; lead += 1) {
    for (const trail of trails) {
      const code = (lead << 8) | trail;
      if (code < from || code > to) continue;
      const text = decoder.decode(Uint8Array.of(lead, trail));
      if (text.length === 1 && text !== '\ufffd') found.add(text.codePointAt(0));
    }
  }
  return found;
}
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const high = range(0xa1, 0xfe);
const simplified = encoded('gb2312', 0xb0a1, 0xd7f9, high);
const traditional = encoded('big5', 0xa440, 0xc67e, [...range(0x40, 0x7e), ...high]);
const japanese = encoded('shift_jis', 0x889f, 0x9872, [...range(0x40, 0x7e), ...range(0x80, 0xfc)]);
const hangul = encoded('euc-kr', 0xb0a1, 0xc8fe, high);
const kana = new Set([...range(0x3041, 0x3096), ...range(0x30a1, 0x30fa)]);

// A letter that has a capital is drawn as the capital, except in Georgian, whose names do not begin with capitals.
function begins(code) {
  const letter = String.fromCodePoint(code);
  if (!/[\p{L}\p{Nd}]/u.test(letter) || /\p{Lm}/u.test(letter)) return false;
  if (code >= 0x10d0 && code <= 0x10ff) return true;
  if (code >= 0x1c90 && code <= 0x1cbf) return false;
  return letter.toUpperCase() === letter || [...letter.toUpperCase()].length > 1;
}
// Compatibility forms are excluded: they are drawn as the letters that they decompose to.
const isPlain = (code) => !(code >= 0xf900 && code <= 0xffff) && !(code >= 0x1d400 && code <= 0x1d7ff);

const SCRIPTS = [
  'noto-sans', 'noto-sans-arabic', 'noto-sans-hebrew', 'noto-sans-armenian', 'noto-sans-georgian', 'noto-sans-bengali', 'noto-sans-gurmukhi',
  'noto-sans-gujarati', 'noto-sans-oriya', 'noto-sans-tamil', 'noto-sans-telugu', 'noto-sans-kannada', 'noto-sans-malayalam', 'noto-sans-sinhala',
  'noto-sans-thai', 'noto-sans-lao', 'noto-sans-khmer', 'noto-sans-myanmar', 'noto-sans-ethiopic',
];
const glyphs = new Map();
function take(name, wanted) {
  let taken = 0;
  for (const font of fonts(name)) {
    for (const code of font.characterSet) {
      if (glyphs.has(code) || !wanted(code)) continue;
      const glyph = font.glyphForCodePoint(code);
      if (glyph.id === 0 || glyph.path.commands.length === 0) continue;
      glyphs.set(code, outline(glyph, 1000 / font.unitsPerEm));
      taken += 1;
    }
  }
  console.log(`${name}: ${taken}`);
}

function varint(bytes, number) {
  let rest = number;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
}
const signed = (bytes, number) => varint(bytes, number < 0 ? -2 * number - 1 : 2 * number);

const OPS = { moveTo: 0, lineTo: 1, quadraticCurveTo: 2, bezierCurveTo: 3, closePath: 4 };
/** The advance, then each path step: its type, and offsets from the previous point, in 1/1000 em. */
function outline(glyph, scale) {
  const bytes = [];
  varint(bytes, Math.round(glyph.advanceWidth * scale));
  let [x, y] = [0, 0];
  for (const { command, args } of glyph.path.commands) {
    bytes.push(OPS[command]);
    for (let index = 0; index < args.length; index += 2) {
      const [toX, toY] = [Math.round(args[index] * scale), Math.round(args[index + 1] * scale)];
      signed(bytes, toX - x);
      signed(bytes, toY - y);
      [x, y] = [toX, toY];
    }
  }
  return bytes;
}

for (const name of SCRIPTS) take(name, (code) => begins(code) && isPlain(code));
take('noto-sans-sc', (code) => simplified.has(code));
take('noto-sans-jp', (code) => kana.has(code) || japanese.has(code));
take('noto-sans-tc', (code) => traditional.has(code));
take('noto-sans-kr', (code) => hangul.has(code));

const codes = [...glyphs.keys()].sort((a, b) => a - b);
const blocks = [];
const index = [];
for (let at = 0; at < codes.length; at += PER_BLOCK) {
  const bytes = [];
  let last = codes[at];
  index.push(last);
  for (const code of codes.slice(at, at + PER_BLOCK)) {
    const steps = glyphs.get(code);
    varint(bytes, code - last);
    varint(bytes, steps.length);
    for (const byte of steps) bytes.push(byte);
    last = code;
  }
  blocks.push(Buffer.from(bytes));
}
// The first block is the index: the first character of each other block.
const starts = Buffer.alloc(4 * index.length);
index.forEach((code, place) => starts.writeUInt32LE(code, 4 * place));
const out = new URL('../../base/imaging/data/', import.meta.url);
mkdirSync(out, { recursive: true });
console.log(`${codes.length} glyphs in ${pack(new URL('glyphs.bin', out), [starts, ...blocks])} bytes`);
