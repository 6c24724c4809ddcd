// Generates base/locale_data/data: countries, continents, currencies, languages, and their names in every locale, from
// CLDR and the calling codes of libphonenumber.
import { createRequire } from 'node:module';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import phones from 'libphonenumber-js/min/metadata';
import { locales } from './locales.mjs';
import { pack } from './pack.mjs';

const require = createRequire(import.meta.url);
const folder = (name) => dirname(require.resolve(`${name}/package.json`));
const load = (name, path) => require(join(folder(name), path));
// A locale with little coverage in CLDR lacks some files.
const found = (locale, name, file) => existsSync(join(folder(name), 'main', locale, file));
const supplemental = (name) => load('cldr-core', `supplemental/${name}.json`).supplemental;
const available = new Set(readdirSync(join(folder('cldr-localenames-full'), 'main')));

const territories = (locale) => found(locale, 'cldr-localenames-full', 'territories.json') ? load('cldr-localenames-full', `main/${locale}/territories.json`).main[locale].localeDisplayNames.territories : {};
const languagesOf = (locale) => found(locale, 'cldr-localenames-full', 'languages.json') ? load('cldr-localenames-full', `main/${locale}/languages.json`).main[locale].localeDisplayNames.languages : {};
const currenciesOf = (locale) => found(locale, 'cldr-numbers-full', 'currencies.json') ? load('cldr-numbers-full', `main/${locale}/currencies.json`).main[locale].numbers.currencies : {};

const english = { territories: territories('en'), languages: languagesOf('en'), currencies: currenciesOf('en') };
const collator = (tag) => new Intl.Collator(tag);

// Countries: every code of ISO 3166-1, which is every two-letter territory in CLDR's containment of the world except
// those that CLDR adds; and Kosovo, with the code that databases of IP addresses use.
const containment = supplemental('territoryContainment').territoryContainment;
const NOT_ISO = new Set(['AC', 'CP', 'CQ', 'DG', 'EA', 'IC', 'QO', 'TA']);
function within(code) {
  if (/^[A-Z]{2}$/.test(code)) return [code];
  return (containment[code]?._contains ?? []).flatMap(within);
}
const CONTINENTS = { AF: '002', AS: '142', EU: '150', NA: '003', OC: '009', SA: '005' };
const continentOf = new Map();
for (const [continent, code] of Object.entries(CONTINENTS)) {
  for (const country of within(code)) if (!NOT_ISO.has(country)) continentOf.set(country, continent);
}
// CLDR counts the Antarctic and the islands around it as part of Outlying Oceania.
for (const country of ['AQ', 'BV', 'GS', 'HM', 'TF']) continentOf.set(country, 'AN');
const countries = [...continentOf.keys()].sort();
const union = new Set(containment.EU._contains);

// In the North American plan (+1) a country is identified by its area code; if it has several, by the oldest.
const AREAS = {
  AG: 268, AI: 264, AS: 684, BB: 246, BM: 441, BS: 242, DM: 767, DO: 809, GD: 473, GU: 671, JM: 876, KN: 869, KY: 345, LC: 758,
  MP: 670, MS: 664, PR: 787, SX: 721, TC: 649, TT: 868, VC: 784, VG: 284, VI: 340,
};
const callingCode = (country) => (country === 'VA' ? '379' : phones.countries[country]?.[0] && `${phones.countries[country][0]}${AREAS[country] ?? ''}`);

// Currencies: those that are legal tender in some country today.
const currencyData = supplemental('currencyData').currencyData;
const tender = new Map();
for (const country of countries) {
  const entries = (currencyData.region[country] ?? []).flatMap(Object.entries);
  const current = entries.filter(([, at]) => !at._to && at._tender !== 'false');
  current.sort(([, a], [, b]) => (a._from < b._from ? 1 : -1));
  // If several are in use, the one with the country's code is chosen: BTN, not INR.
  const own = current.find(([code]) => code.startsWith(country)) ?? current[0];
  if (own) tender.set(country, own[0]);
}
const currencies = [...new Set(tender.values())].sort();

// A currency's native symbol is the one in the language of the issuing country.
const ISSUERS = { EUR: 'DE', XAF: 'CM', XCD: 'AG', XCG: 'CW', XOF: 'CI', XPF: 'PF' };
const likely = supplemental('likelySubtags').likelySubtags;
function nativeSymbol(code) {
  const country = ISSUERS[code] ?? code.slice(0, 2);
  const [language, script] = (likely[`und-${country}`] ?? 'en-Latn').split('-');
  const tags = [`${language}-${script}-${country}`, `${language}-${country}`, `${language}-${script}`, language];
  const at = currenciesOf(tags.find((tag) => currenciesOf(tag)[code]) ?? 'en')[code];
  const symbol = (at['symbol-alt-narrow'] ?? at.symbol ?? code).replace(/[\u200b-\u200f]/g, '');
  // Cape Verde's symbol is written in the position of the decimal separator, so CLDR has none.
  return symbol || '$';
}
// Prices in Swiss francs end in 0 or 5, for cashless payments too.
const ROUNDING = { CHF: '0.05' };
const digits = (code) => currencyData.fractions[code]?._digits ?? currencyData.fractions.DEFAULT._digits;

// Languages: ISO 639-1, and two variants of Portuguese, which have separate codes in Appwrite's list.
const retired = load('cldr-core', 'supplemental/aliases.json').supplemental.metadata.alias.languageAlias;
const codes = Object.keys(english.languages).filter((code) => /^[a-z]{2}$/.test(code) && !retired[code]);
const NATIVE = {
  aa: 'Qafar', av: 'Магӏарул мацӏ', ay: 'Aymar aru', ch: 'Chamoru', cr: 'Nēhiyawēwin', dv: 'ދިވެހިބަސް', fj: 'Na Vosa Vakaviti', hz: 'Otjiherero',
  ik: 'Iñupiaq', iu: 'ᐃᓄᒃᑎᑐᑦ', kg: 'Kikongo', kj: 'Oshikwanyama', kv: 'Коми кыв', li: 'Limburgs', mh: 'Kajin M̧ajeļ', na: 'Dorerin Naoero',
  ng: 'Oshindonga', nr: 'isiNdebele', ny: 'Chichewa', oj: 'Anishinaabemowin', pi: 'Pāli', 'pt-br': 'Português (Brasil)', sm: 'Gagana Sāmoa',
  ts: 'Xitsonga', ty: 'Reo Tahiti', ve: 'Tshivenḓa',
};
function nativeName(code) {
  const cldr = { 'pt-br': 'pt', 'pt-pt': 'pt-PT' }[code] ?? code;
  const [, region] = code.split('-');
  const key = region ? `pt-${region.toUpperCase()}` : code;
  const name = languagesOf(cldr)[key];
  const native = NATIVE[code] ?? (name && name !== key ? name : english.languages[key]);
  // Georgian has capitals, but does not use them in names.
  return code === 'ka' ? native : native[0].toLocaleUpperCase(code) + native.slice(1);
}
const languages = [...codes, 'pt-br', 'pt-pt'].map((code) => {
  const [language, region] = code.split('-');
  return { code, name: english.languages[region ? `${language}-${region.toUpperCase()}` : code], native: nativeName(code) };
});
languages.sort((a, b) => collator('en').compare(a.name, b.name));

// For these CLDR's short name is used: its long one contains the administrative status.
const SHORT = new Set(['HK', 'MM', 'MO', 'PS']);
function countryNames(cldr) {
  const own = territories(cldr);
  return (code) => (SHORT.has(code) && own[`${code}-alt-short`]) || own[code] || english.territories[code];
}

function namesIn({ tag, cldr }) {
  const { compare } = collator(tag);
  const name = countryNames(cldr);
  const byName = (list) => list.sort((a, b) => compare(a[1], b[1]));
  const own = currenciesOf(cldr);
  const money = (code) => {
    const [at, en] = [own[code] ?? {}, english.currencies[code]];
    const display = at.displayName ?? en.displayName ?? code;
    return [code, display, at['displayName-count-other'] ?? at.displayName ?? en['displayName-count-other'] ?? display, at.symbol ?? code];
  };
  const continents = [...Object.entries(CONTINENTS), ['AN', 'AQ']].map(([code, territory]) => [code, name(territory)]);
  const unknown = cldr === 'en' ? 'Unknown' : name('ZZ');
  const sections = [
    [[unknown]],
    byName(countries.map((code) => [code, name(code)])),
    byName(continents),
    byName(currencies.map(money)),
  ];
  const text = sections.map((lines) => lines.map((fields) => fields.join('\t')).join('\n')).join('\n\n');
  if (/\n\n\n/.test(text)) throw new Error(`a name is missing in ${tag}`);
  return text;
}

const out = new URL('../../base/locale_data/data/', import.meta.url);
mkdirSync(out, { recursive: true });
const table = (name, rows) => writeFileSync(new URL(name, out), `${rows.map((row) => row.join('\t')).join('\n')}\n`);
const inEnglish = countryNames('en');
table('countries.tsv', countries.map((code) => [
  code, inEnglish(code), continentOf.get(code), union.has(code) ? 'eu' : '', callingCode(code) ?? '', tender.get(code) ?? '',
]));
table('currencies.tsv', currencies.map((code) => [code, nativeSymbol(code), digits(code), ROUNDING[code] ?? '0']));
table('languages.tsv', languages.map(({ code, name, native }) => [code, name, native]));

// Names: one compressed text per locale; locales with identical names share one.
const display = new Intl.DisplayNames('en', { type: 'language', languageDisplay: 'standard' });
const texts = [];
const known = new Map();
const rows = locales(available).map((locale) => {
  const text = namesIn(locale);
  if (!known.has(text)) known.set(text, texts.push(text) - 1);
  const shown = /^(pt|zh|en)/.test(locale.code) ? locale.code : locale.tag;
  return [locale.code, display.of(shown), known.get(text)];
});
table('locales.tsv', rows);
const size = pack(new URL('names.bin', out), texts);
console.log(`${countries.length} countries, ${currencies.length} currencies, ${languages.length} languages, ${rows.length} locales in ${size} bytes`);
