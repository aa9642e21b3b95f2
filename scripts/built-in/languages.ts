import { iso6393 } from 'iso-639-3';
import { iso31661 } from 'iso-3166';
import { withPlainSpellings } from './fold.ts';

/** Words that differ from language to language, from the Unicode CLDR that Node brings (Unicode License v3). */
const TONGUES = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'sv', 'tr', 'ru', 'ar', 'ja', 'ko', 'zh'] as const;
/** Spoken besides by many who keep data: their months and days share one file. */
const OTHER_TONGUES = [
  'da',
  'nb',
  'fi',
  'cs',
  'sk',
  'hu',
  'ro',
  'bg',
  'el',
  'uk',
  'hr',
  'sl',
  'lt',
  'lv',
  'et',
  'he',
  'hi',
  'id',
  'vi',
  'th',
  'ca',
];

const COUNTRY_CODES = [...iso31661.map((country) => country.alpha2), 'XK'];
const LANGUAGE_CODES = iso6393.map((language) => language.iso6391 ?? language.iso6393);

/** What people call countries besides. */
const OTHER_COUNTRY_NAMES: Readonly<Record<string, readonly string[]>> = {
  en: [
    'USA',
    'U.S.A.',
    'U.S.',
    'United States of America',
    'America',
    'UK',
    'U.K.',
    'Great Britain',
    'England',
    'Scotland',
    'Wales',
    'Northern Ireland',
    'Republic of Ireland',
    'Holland',
    'Czech Republic',
    'Slovak Republic',
    'Russian Federation',
    'Korea',
    'Republic of Korea',
    'DPRK',
    'Ivory Coast',
    'Burma',
    'Swaziland',
    'Macedonia',
    'North Macedonia',
    'Cape Verde',
    'East Timor',
    'Turkey',
    'UAE',
    'Viet Nam',
    'Hong Kong',
    'Macau',
    'Macao',
    'Congo',
    'DR Congo',
    'DRC',
    'Democratic Republic of the Congo',
    'Republic of the Congo',
    'The Gambia',
    'The Bahamas',
    'Bosnia',
    'Palestine',
    'Vatican',
    'PRC',
    'Mainland China',
    'Serbia and Montenegro',
    'Yugoslavia',
    'Soviet Union',
    'USSR',
    'Czechoslovakia',
  ],
  de: [
    'USA',
    'Vereinigte Staaten von Amerika',
    'UK',
    'Großbritannien',
    'England',
    'Schottland',
    'Holland',
    'Tschechische Republik',
    'Russische Föderation',
    'Elfenbeinküste',
    'Weißrussland',
    'VAE',
    'Mazedonien',
  ],
  fr: [
    'USA',
    'États-Unis d’Amérique',
    'Etats-Unis',
    'Royaume Uni',
    'Grande-Bretagne',
    'Angleterre',
    'Hollande',
    'République tchèque',
    'Fédération de Russie',
    'Birmanie',
  ],
  es: [
    'EE. UU.',
    'EEUU',
    'EE.UU.',
    'USA',
    'Estados Unidos de América',
    'Gran Bretaña',
    'Inglaterra',
    'Holanda',
    'República Checa',
    'Federación Rusa',
  ],
  it: ['USA', 'Stati Uniti d’America', 'Gran Bretagna', 'Inghilterra', 'Olanda', 'Repubblica Ceca'],
  pt: ['EUA', 'Estados Unidos da América', 'Grã-Bretanha', 'Inglaterra', 'Holanda', 'República Tcheca'],
  nl: ['VS', 'USA', 'Groot-Brittannië', 'Engeland', 'Holland'],
  pl: ['USA', 'Wielka Brytania', 'Anglia'],
  ja: ['米国', 'アメリカ', '英国', '日本国', '韓国', '中国', '台湾', '独', '仏'],
  ko: ['한국', '대한민국', '미국', '영국', '중국', '북한', '대만'],
  zh: ['中国', '美国', '英国', '韩国', '台湾', '香港', '澳门'],
};

type Kind = 'region' | 'language' | 'currency' | 'script';

/** Names of `codes` in a language, in each style that differs; codes that CLDR has no name for there are left out. */
function namesOf(tongue: string, type: Kind, codes: readonly string[]): string[] {
  return (['long', 'short'] as const).flatMap((style) => {
    const names = new Intl.DisplayNames(tongue, { type, style, fallback: 'none', languageDisplay: 'standard' });
    return codes.map((code) => names.of(code)).filter((name) => name !== undefined);
  });
}

/** Months or days of the week: long and short, alone and within a date, where many languages write another case. */
function calendarOf(tongue: string, field: 'month' | 'weekday'): string[] {
  const count = field === 'month' ? 12 : 7;
  const dates = Array.from({ length: count }, (_, i) =>
    field === 'month' ? Date.UTC(2024, i, 15) : Date.UTC(2024, 0, 1 + i),
  );
  return (['long', 'short'] as const).flatMap((style) => {
    const alone = new Intl.DateTimeFormat(tongue, { [field]: style, timeZone: 'UTC', calendar: 'gregory' });
    const within = new Intl.DateTimeFormat(tongue, {
      [field]: style,
      day: 'numeric',
      month: style,
      timeZone: 'UTC',
      calendar: 'gregory',
    });
    return dates.flatMap((date) => {
      const part = within.formatToParts(date).find(({ type }) => type === field)?.value ?? '';
      const names = [alone.format(date), part];
      return names.flatMap((name) => [name, name.replace(/\.$/, '')]).filter((name) => !/^\d+$/.test(name));
    });
  });
}

const CURRENCY_CODES = Intl.supportedValuesOf('currency').filter((code) => code !== 'XXX');

function unitNames(): string[] {
  return Intl.supportedValuesOf('unit').flatMap((unit) =>
    (['long', 'short', 'narrow'] as const).flatMap((unitDisplay) =>
      [1, 2].map((count) =>
        new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay })
          .formatToParts(count)
          .filter(({ type }) => type === 'unit')
          .map(({ value }) => value)
          .join(''),
      ),
    ),
  );
}

/** File → terms. */
export function buildLanguageTerms(): Record<string, string[]> {
  const files: Record<string, string[]> = {};
  for (const tongue of TONGUES) {
    files[`countries-${tongue}`] = [
      ...namesOf(tongue, 'region', COUNTRY_CODES),
      ...(OTHER_COUNTRY_NAMES[tongue] ?? []),
    ].flatMap(withPlainSpellings);
    files[`months-${tongue}`] = calendarOf(tongue, 'month');
    files[`weekdays-${tongue}`] = calendarOf(tongue, 'weekday');
    files[`languages-${tongue}`] = namesOf(tongue, 'language', LANGUAGE_CODES);
    files[`currencies-${tongue}`] = namesOf(tongue, 'currency', CURRENCY_CODES).filter(
      (name) => /\p{L}{2}/u.test(name) && !/^[A-Z]{3}$/.test(name),
    );
  }
  // Chinese, Japanese and Korean write months as numbers: months-ja holds 1月 and so on.
  files['months-other'] = OTHER_TONGUES.flatMap((tongue) => calendarOf(tongue, 'month'));
  files['weekdays-other'] = OTHER_TONGUES.flatMap((tongue) => calendarOf(tongue, 'weekday'));
  files['countries-en']?.push(...iso31661.map((country) => country.name));
  files['country-codes-2'] = COUNTRY_CODES;
  files['country-codes-3'] = iso31661.map((country) => country.alpha3);
  files['country-codes-number'] = iso31661.flatMap((country) => [country.numeric, String(Number(country.numeric))]);
  files['language-codes-2'] = iso6393.flatMap((language) => language.iso6391 ?? []);
  files['language-codes-3'] = iso6393.flatMap((language) => [
    language.iso6393,
    ...(language.iso6392B ? [language.iso6392B] : []),
  ]);
  files['locales'] = localeIds();
  files['currency-codes'] = CURRENCY_CODES;
  files['currency-symbols'] = CURRENCY_CODES.flatMap((currency) =>
    TONGUES.map((tongue) =>
      new Intl.NumberFormat(tongue, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
        .formatToParts(1)
        .filter(({ type, value }) => type === 'currency' && value !== currency)
        .map(({ value }) => value)
        .join(''),
    ),
  );
  files['time-zones'] = [...Intl.supportedValuesOf('timeZone'), 'UTC', 'GMT', 'Etc/UTC', 'Etc/GMT'];
  files['units-en'] = unitNames();
  files['scripts-en'] = namesOf('en', 'script', scriptCodes());
  files['script-codes'] = scriptCodes();
  return files;
}

/** Four-letter codes of ISO 15924 that CLDR names. */
function scriptCodes(): string[] {
  const names = new Intl.DisplayNames('en', { type: 'script', fallback: 'none' });
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const codes: string[] = [];
  for (const a of letters)
    for (const b of letters)
      for (const c of letters)
        for (const d of letters) {
          const code = a.toUpperCase() + b + c + d;
          if (names.of(code) !== undefined) codes.push(code);
        }
  return codes;
}

/** `de-AT` and `de_AT` for each language of two letters and each country that Node has rules of its own for. */
function localeIds(): string[] {
  return iso6393
    .flatMap((language) => language.iso6391 ?? [])
    .flatMap((language) =>
      COUNTRY_CODES.map((country) => `${language}-${country}`).filter(
        (locale) =>
          Intl.DateTimeFormat.supportedLocalesOf(locale).length > 0 &&
          new Intl.DateTimeFormat(locale).resolvedOptions().locale === locale,
      ),
    )
    .flatMap((locale) => [locale, locale.replace('-', '_')]);
}
