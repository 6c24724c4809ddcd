// The locales of the API: the codes that Appwrite's clients may send, and the languages that CLDR covers well.
import coverage from 'cldr-core/coverageLevels.json' with { type: 'json' };

// The codes of `GET /v1/locale/codes` of Appwrite 1.8.
const APPWRITE = `
af ar-ae ar-bh ar-dz ar-eg ar-iq ar-jo ar-kw ar-lb ar-ly ar-ma ar-om ar-qa ar-sa ar-sy ar-tn ar-ye as az be bg bh bn bs ca cs
cy da de de-at de-ch de-li de-lu el en en-au en-bz en-ca en-gb en-ie en-jm en-nz en-tt en-us en-za eo es es-ar es-bo es-cl es-co
es-cr es-do es-ec es-gt es-hn es-mx es-ni es-pa es-pe es-pr es-py es-sv es-uy es-ve et eu fa fi fo fr fr-be fr-ca fr-ch fr-lu ga
gd he hi hr hu id is it it-ch ja ji ko ku lt lv mk ml ms mt nb ne nl nl-be nn no pa pl pt pt-br rm ro ro-md ru ru-md sb sk sl sq
sr sv sv-fi th tn tr ts ua ur ve vi xh zh-cn zh-hk zh-sg zh-tw zu`;

const MORE = 'ar lb pt-pt sr-latn yi zh';

// Codes that map to another one in CLDR. Some are country codes used as language codes (`ua`, `sb`), or obsolete
// (`ji`).
const STANDS_FOR = {
  bh: 'bho', ji: 'yi', pt: 'pt-PT', 'pt-br': 'pt', sb: 'hsb', ua: 'uk',
  'zh-cn': 'zh', 'zh-hk': 'zh-Hant-HK', 'zh-sg': 'zh-Hans-SG', 'zh-tw': 'zh-Hant', 'sr-latn': 'sr-Latn', 'en-us': 'en',
};

const words = (text) => text.trim().split(/\s+/);

/** All codes, sorted, with the CLDR locale that each maps to. */
export function locales(available) {
  const levels = Object.entries(coverage.effectiveCoverageLevels);
  const modern = levels.filter(([code, level]) => level === 'modern' && /^[a-z]+$/.test(code) && code !== 'und').map(([code]) => code);
  const codes = [...new Set([...words(APPWRITE), ...words(MORE), ...modern])].sort();
  return codes.map((code) => {
    const [language, region] = code.split('-');
    let cldr = STANDS_FOR[code] ?? (region ? `${language}-${region.toUpperCase()}` : language);
    const tag = cldr;
    while (!available.has(cldr)) {
      if (!cldr.includes('-')) throw new Error(`CLDR has no ${tag}`);
      cldr = cldr.replace(/-[^-]+$/, '');
    }
    return { code, tag, cldr };
  });
}
