// Images of browsers and cards: a badge with the logo from Simple Icons, or with the name in letters.
import { createRequire } from 'node:module';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as fontkit from 'fontkit';

const require = createRequire(import.meta.url);
const folder = (name) => dirname(require.resolve(`${name}/package.json`));
const files = join(folder('@fontsource/noto-sans'), 'files');
const font = fontkit.openSync(join(files, readdirSync(files).find((file) => file.endsWith('noto-sans-latin-700-normal.woff2'))));

/** SVG path of a logo, in a 24 by 24 view box. */
const mark = (name) => /<path d="([^"]+)"/.exec(readFileSync(require.resolve(`simple-icons/icons/${name}.svg`), 'utf8'))[1];

/** SVG path of a word in Latin letters, scaled into a box around a centre. */
function word(text, centre, box) {
  const run = font.layout(text);
  const { minX, maxX, minY, maxY } = run.bbox;
  const scale = Math.min(box[0] / (maxX - minX), box[1] / (maxY - minY));
  const from = [centre[0] - ((minX + maxX) / 2) * scale, centre[1] + ((minY + maxY) / 2) * scale];
  let advance = 0;
  const parts = run.glyphs.map((glyph, index) => {
    const path = glyph.path.scale(scale, -scale).translate(from[0] + advance * scale, from[1]);
    advance += run.positions[index].xAdvance;
    return path.toSVG();
  });
  return parts.join('').replace(/\d+\.\d+/g, (number) => String(Math.round(number * 10) / 10));
}

const svg = (width, height, content) => `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${content}</svg>`;

/** SVG of a browser badge, 256 by 256. */
function browser([colour, { icon, letters }]) {
  const sign = icon
    ? `<g transform="translate(44 44) scale(7)"><path fill="#fff" d="${mark(icon)}"/></g>`
    : `<path fill="#fff" d="${word(letters, [128, 128], [150, 130])}"/>`;
  return svg(256, 256, `<rect width="256" height="256" rx="56" fill="${colour}"/>${sign}`);
}

/** SVG of a card, 384 by 256, with the logo in its centre. */
function card([colour, { icon, scale = 7, letters }]) {
  const at = [192 - 12 * scale, 128 - 12 * scale];
  const sign = icon
    ? `<g transform="translate(${at.join(' ')}) scale(${scale})"><path fill="#fff" d="${mark(icon)}"/></g>`
    : `<path fill="#fff" d="${word(letters, [192, 128], [280, 64])}"/>`;
  const edge = '<rect x="2" y="2" width="380" height="252" rx="26" fill="none" stroke="#000" stroke-opacity=".12" stroke-width="4"/>';
  return svg(384, 256, `<rect width="384" height="256" rx="28" fill="${colour}"/>${sign}${edge}`);
}

const CHROME = ['#1a73e8', { icon: 'googlechrome' }];
const BROWSERS = {
  aa: ['#3d5a80', { letters: 'A' }], an: ['#2e8b57', { icon: 'android' }], ch: CHROME, ci: CHROME, cm: CHROME,
  cr: ['#4a6fa5', { icon: 'googlechrome' }], ff: ['#e55b22', { icon: 'firefoxbrowser' }], sf: ['#0a84ff', { icon: 'safari' }],
  mf: ['#0a84ff', { icon: 'safari' }], ps: ['#0f7c8f', { letters: 'e' }], oi: ['#0f7c8f', { letters: 'e' }],
  om: ['#d6182a', { icon: 'opera' }], op: ['#d6182a', { icon: 'opera' }], on: ['#8c1c2e', { icon: 'opera' }],
};
const CARDS = {
  amex: ['#2e77bc', { icon: 'americanexpress' }], argencard: ['#b3243a', { letters: 'Argencard' }], cabal: ['#24477e', { letters: 'Cabal' }],
  cencosud: ['#1f5ca8', { letters: 'Cencosud' }], diners: ['#004c97', { icon: 'dinersclub' }], discover: ['#d35400', { icon: 'discover', scale: 11 }],
  elo: ['#202124', { letters: 'elo' }], hipercard: ['#a6192e', { letters: 'Hipercard' }], jcb: ['#0b4ea2', { icon: 'jcb' }],
  maestro: ['#3b5998', { letters: 'maestro' }], mastercard: ['#d3261c', { icon: 'mastercard', scale: 8 }], mir: ['#2f7d4f', { letters: 'MIR' }],
  naranja: ['#e8590c', { letters: 'Naranja' }], rupay: ['#27408b', { letters: 'RuPay' }], 'targeta-shopping': ['#5b2a86', { letters: 'Shopping' }],
  unionpay: ['#00695c', { letters: 'UnionPay' }], visa: ['#1a1f71', { icon: 'visa', scale: 11 }],
};

const drawn = (kind, list, draw) => Object.entries(list).map(([code, made]) => [`${kind}/${code}`, draw(made)]);
export const badges = () => [...drawn('browsers', BROWSERS, browser), ...drawn('credit-cards', CARDS, card)];
