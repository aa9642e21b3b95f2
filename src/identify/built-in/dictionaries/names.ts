import type { Naming } from '../aliases.ts';
import type { DictionarySpec } from '../dictionary-spec.ts';
import { SOURCES } from './sources.ts';

const FIRST: Naming = {
  anywhere: [
    'first name',
    'given name',
    'fore name',
    'middle name',
    'christian name',
    'preferred name',
    'nickname',
    'vorname',
    'rufname',
    'prénom',
    'prenom',
    'primer nombre',
    'segundo nombre',
    'nombre de pila',
    'primeiro nome',
    'voornaam',
    'roepnaam',
    'imię',
    'fornamn',
    'fornavn',
    'förnamn',
    'etunimi',
    'imya',
    'имя',
    'keresztnév',
    'prenume',
    'jméno',
    'الاسم الأول',
  ],
  words: ['fname', 'first nm', 'fst nm', 'fn', 'imie', 'mei', '名', '名字'],
  hints: ['contact', 'patient', 'student', 'employee', 'member', '名前', '이름'],
  exactly: [
    'name',
    'first',
    'nombre',
    'nombres',
    'nome',
    'naam',
    'ad',
    'adi',
    'customer name',
    'user name',
    'person',
    'who',
  ],
};
const LAST: Naming = {
  anywhere: [
    'last name',
    'surname',
    'sur name',
    'family name',
    'maiden name',
    'nachname',
    'familienname',
    'zuname',
    'nom de famille',
    'apellido',
    'cognome',
    'sobrenome',
    'apelido',
    'achternaam',
    'nazwisko',
    'efternamn',
    'etternavn',
    'efternavn',
    'sukunimi',
    'фамилия',
    'familiya',
    'vezetéknév',
    'příjmení',
    'prijmeni',
    'اللقب',
  ],
  words: [
    'lname',
    'last nm',
    'lst nm',
    'ln',
    'soyad',
    'soyadi',
    'soyadı',
    'sei',
    '姓',
    '苗字',
    '名字',
    '氏',
    '성',
    '성씨',
    '姓氏',
  ],
  hints: ['contact', 'patient', 'student', 'employee', 'member'],
  exactly: ['name', 'last', 'nom', 'customer name', 'user name', 'person'],
};

/** File suffix, people, language. */
const PEOPLES: readonly (readonly [string, string, string])[] = [
  ['en', 'English', 'en'],
  ['de', 'German', 'de'],
  ['fr', 'French', 'fr'],
  ['es', 'Spanish', 'es'],
  ['it', 'Italian', 'it'],
  ['pt', 'Portuguese', 'pt'],
  ['nl', 'Dutch', 'nl'],
  ['nordic', 'Nordic', 'mul'],
  ['pl', 'Polish', 'pl'],
  ['cs-sk', 'Czech and Slovak', 'mul'],
  ['hu', 'Hungarian', 'hu'],
  ['ro', 'Romanian', 'ro'],
  ['south-slavic', 'South Slavic', 'mul'],
  ['tr', 'Turkish', 'tr'],
  ['ru', 'Russian', 'ru'],
  ['uk', 'Ukrainian', 'uk'],
  ['el', 'Greek', 'el'],
  ['he', 'Hebrew', 'he'],
  ['ar', 'Arabic', 'ar'],
  ['fa', 'Persian', 'fa'],
  ['in', 'Indian, in Latin letters', 'mul'],
  ['id', 'Indonesian', 'id'],
  ['vi', 'Vietnamese', 'vi'],
  ['th', 'Thai', 'th'],
  ['africa', 'African', 'mul'],
  ['ja', 'Japanese', 'ja'],
  ['ko', 'Korean', 'ko'],
  ['zh', 'Chinese', 'zh'],
  ['zh-traditional', 'Chinese, traditional characters', 'zh-Hant'],
];
/** Those that are written in letters that few other lists share. */
const OF_A_SCRIPT = new Set(['ru', 'uk', 'el', 'he', 'ar', 'fa', 'th', 'ja', 'ko', 'zh', 'zh-traditional']);
/** `name_jp` of such a list speaks of it as far as a hint does. */
const NAME_OF_A_PERSON = ['name', 'names'];
const hinted = (naming: Naming): Naming => ({ ...naming, hints: [...(naming.hints ?? []), ...NAME_OF_A_PERSON] });
const IN_LATIN: readonly (readonly [string, string, string])[] = [
  ['ja-latin', 'Japanese, in Latin letters', 'ja-Latn'],
  ['ko-latin', 'Korean, in Latin letters', 'ko-Latn'],
  ['zh-latin', 'Chinese, in Latin letters', 'zh-Latn'],
];

const name =
  (kind: 'First' | 'Last', source: string, leastShare: number) =>
  ([suffix, people, language]: readonly [string, string, string]): DictionarySpec => ({
    ...(OF_A_SCRIPT.has(suffix)
      ? { weight: 'script', naming: hinted(kind === 'First' ? FIRST : LAST) }
      : { weight: 'both', naming: kind === 'First' ? FIRST : LAST }),
    name: `${kind} Names (${people})`,
    file: `${kind.toLowerCase()}-names-${suffix}`,
    tag: `${kind} Name`,
    category: 'People',
    language,
    source,
    sensitivity: 'MEDIUM',
    leastShare,
  });

export const NAMES: readonly DictionarySpec[] = [
  ...PEOPLES.map((people) => name('First', people[0] === 'de' ? SOURCES.fakerAndOwn : SOURCES.faker, 0.35)(people)),
  ...IN_LATIN.map(name('First', SOURCES.own, 0.35)),
  name('First', SOURCES.own, 0.35)(['generations', 'several generations, Europe and America', 'mul']),
  ...PEOPLES.map(name('Last', SOURCES.faker, 0.35)),
  ...IN_LATIN.map(name('Last', SOURCES.own, 0.35)),
  name('Last', SOURCES.own, 0.35)(['frequent', 'most frequent of many countries', 'mul']),
];
