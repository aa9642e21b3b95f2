import { allLocales } from '@faker-js/faker';
import { withPlainSpellings } from './fold.ts';

/** File suffix → locales of @faker-js/faker (MIT) of which its names are taken. */
const PEOPLES: Record<string, readonly (keyof typeof allLocales)[]> = {
  en: ['en', 'en_AU', 'en_ZA'],
  de: ['de', 'de_AT', 'de_CH'],
  fr: ['fr', 'fr_CH'],
  es: ['es', 'es_MX'],
  it: ['it'],
  pt: ['pt_BR', 'pt_PT'],
  nl: ['nl', 'nl_BE'],
  nordic: ['sv', 'da', 'nb_NO', 'fi'],
  pl: ['pl'],
  'cs-sk': ['cs_CZ', 'sk'],
  hu: ['hu'],
  ro: ['ro', 'ro_MD'],
  'south-slavic': ['hr', 'sr_RS_latin', 'sl_SI'],
  tr: ['tr'],
  ru: ['ru'],
  uk: ['uk'],
  el: ['el'],
  he: ['he'],
  ar: ['ar'],
  fa: ['fa'],
  in: ['en_IN', 'en_NP'],
  id: ['id_ID'],
  vi: ['vi'],
  th: ['th'],
  africa: ['en_NG', 'en_GH', 'yo_NG', 'zu_ZA', 'fr_SN', 'af_ZA'],
};

type Sexes = Record<string, readonly string[] | undefined> | undefined;
const everyName = (names: Sexes): string[] => Object.values(names ?? {}).flatMap((list) => list ?? []);

/** What faker's lists of names hold besides names: initials, and given names with a surname behind them. */
const isName = (name: string): boolean => name.length > 1 && !/\d|^\p{L}\.$/u.test(name);

/** File → terms. Names of Japan, Korea and China besides in Latin letters, which lie in files of their own. */
export function buildNameTerms(): Record<string, string[]> {
  const files: Record<string, string[]> = {};
  const add = (suffix: string, locales: readonly (keyof typeof allLocales)[], keepShort: boolean) => {
    for (const kind of ['first_name', 'last_name'] as const) {
      const names = locales.flatMap((locale) => everyName(allLocales[locale].person?.[kind] as Sexes));
      const kept = keepShort ? names : names.filter(isName);
      files[`${kind.replace('_', '-')}s-${suffix}`] = kept.flatMap(withPlainSpellings);
    }
  };
  for (const [suffix, locales] of Object.entries(PEOPLES)) add(suffix, locales, false);
  for (const [suffix, locale] of [
    ['ja', 'ja'],
    ['ko', 'ko'],
    ['zh', 'zh_CN'],
    ['zh-traditional', 'zh_TW'],
  ] as const)
    add(suffix, [locale], true);
  return files;
}
