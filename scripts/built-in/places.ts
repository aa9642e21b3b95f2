import { createRequire } from 'node:module';
import { allLocales } from '@faker-js/faker';
import { iso31662 } from 'iso-3166';
import { withPlainSpellings } from './fold.ts';

const require = createRequire(import.meta.url);

/** File → country of which the first-level parts are named, from `iso-3166` (MIT). */
const SUBDIVISIONS: Record<string, string> = {
  'us-states': 'US',
  'canada-provinces': 'CA',
  'germany-states': 'DE',
  'austria-states': 'AT',
  'switzerland-cantons': 'CH',
  'france-departments': 'FR',
  'spain-provinces': 'ES',
  'italy-provinces': 'IT',
  'netherlands-provinces': 'NL',
  'poland-voivodeships': 'PL',
  'uk-counties': 'GB',
  'australia-states': 'AU',
  'brazil-states': 'BR',
  'mexico-states': 'MX',
  'india-states': 'IN',
  'china-provinces': 'CN',
  'japan-prefectures': 'JP',
  'korea-provinces': 'KR',
  'turkey-provinces': 'TR',
};

/** Of two names that are one in ISO 3166-2 (`Bern [Berne]`, `Alacant*`), each. */
function spellings(name: string): string[] {
  const bare = name.replaceAll('*', '');
  const parts = [
    bare.replaceAll(/\s*[([].*$/g, ''),
    ...[...bare.matchAll(/[([]([^)\]]+)[)\]]/g)].map((match) => match[1] ?? ''),
  ];
  return parts.flatMap((part) => part.split(/\s*[/;]\s*/)).flatMap(withPlainSpellings);
}

const GENERIC =
  / (Sheng|Shi|Zizhiqu|Zhuangzu Zizhiqu|Huizu Zizhiqu|Uygur Zizhiqu|Tebiexingzhengqu)$|-(do|teukbyeolsi|gwangyeoksi|teukbyeoljachido|teukbyeoljachisi)$/;

function subdivisionNames(country: string): string[] {
  return iso31662
    .filter(({ code }) => code.startsWith(`${country}-`))
    .flatMap(({ name }) => [...spellings(name), ...spellings(name.replace(GENERIC, ''))]);
}

type Locale = keyof typeof allLocales;
const statesOf = (locale: Locale): string[] => [
  ...((allLocales[locale].location?.state as readonly string[] | undefined) ?? []),
];
const citiesOf = (...locales: readonly Locale[]): string[] =>
  locales
    .flatMap((locale) => (allLocales[locale].location?.city_name as readonly string[] | undefined) ?? [])
    .flatMap(withPlainSpellings);

interface Airport {
  iata: string;
  name: string | null;
  status: number;
}

/** File → terms. */
export function buildPlaceTerms(): Record<string, string[]> {
  const files = Object.fromEntries(
    Object.entries(SUBDIVISIONS).map(([file, country]) => [file, subdivisionNames(country)]),
  );
  const shortJapanese = statesOf('ja').map((name) => (name === '北海道' ? name : name.replace(/[都府県]$/, '')));
  files['japan-prefectures']?.push(...statesOf('ja'), ...shortJapanese);
  files['korea-provinces']?.push(
    ...statesOf('ko'),
    ...statesOf('ko').map((name) => name.replace(/(특별자치도|특별자치시|특별시|광역시|도)$/, '')),
  );
  files['china-provinces']?.push(
    ...statesOf('zh_CN'),
    ...statesOf('zh_CN').map((name) =>
      name.replace(/(省|市|自治区|壮族自治区|回族自治区|维吾尔自治区|特别行政区)$/, ''),
    ),
  );
  files['india-states'] = files['india-states'] ?? [];
  for (const [file, country] of [
    ['us-state-codes', 'US'],
    ['canada-province-codes', 'CA'],
    ['australia-state-codes', 'AU'],
    ['brazil-state-codes', 'BR'],
    ['italy-province-codes', 'IT'],
  ] as const)
    files[file] = iso31662
      .filter(({ code }) => code.startsWith(`${country}-`))
      .map(({ code }) => code.slice(3))
      .filter((code) => /^[A-Z]{2,3}$/.test(code));
  files['subdivision-codes'] = iso31662.map(({ code }) => code);
  files['subdivision-names'] = iso31662.flatMap(({ name }) => spellings(name));
  files['cities-americas'] = citiesOf('en', 'en_CA', 'es_MX');
  files['cities-europe'] = citiesOf(
    'de',
    'de_AT',
    'de_CH',
    'fr',
    'fr_CH',
    'es',
    'it',
    'pt_PT',
    'pl',
    'da',
    'nb_NO',
    'fi',
    'cs_CZ',
    'sk',
    'ro',
    'hr',
    'sl_SI',
    'lv',
  );
  files['cities-asia-africa'] = citiesOf('en_IN', 'tr', 'id_ID', 'vi', 'en_HK', 'en_NG', 'en_GH', 'en_ZA', 'bn_BD');
  files['cities-other-scripts'] = citiesOf('ru', 'uk', 'el', 'he', 'ar', 'ko', 'zh_CN', 'th', 'fa');
  const airports = (require('airports') as Airport[]).filter(
    ({ iata, status }) => status === 1 && /^[A-Z]{3}$/.test(iata),
  );
  files['airport-codes'] = airports.map(({ iata }) => iata);
  files['airport-names'] = [
    ...airports.flatMap(({ name }) => (name ? withPlainSpellings(name) : [])),
    ...(allLocales.en.airline?.airport ?? []).map(({ name }) => name),
  ];
  return files;
}
