import * as check from './check-digits.ts';
import { CITIES, NAMES } from './names.ts';
import type { Random } from './random.ts';

/** A name in its own script, in Latin letters, and for Japan in kana. */
export interface NamePart {
  native: string;
  latin: string;
  kana?: string;
}

export interface City {
  native: string;
  latin: string;
  postcode: string;
}

export type Sex = 'F' | 'M';

/** What the generator knows of one country. Share: of the bank's customers, in percent. */
export interface Country {
  code: string;
  name: string;
  nativeName: string;
  language: string;
  currency: string;
  dialling: string;
  share: number;
  familyFirst: boolean;
  family: NamePart[];
  given: Record<Sex, NamePart[]>;
  cities: City[];
  street(random: Random): string;
  /** National part of a mobile number, without the leading zero. */
  mobile(random: Random): string;
  nationalId(random: Random, person: PersonFacts): string;
  /** IBAN, or the account number of a country without IBANs. */
  account(random: Random, bank: string): string;
}

export interface PersonFacts {
  sex: Sex;
  /** `YYYY-MM-DD`. */
  born: string;
  family: string;
  given: string;
}

type Rules = Pick<Country, 'street' | 'mobile' | 'nationalId' | 'account'>;

const house = (random: Random): number => random.skewed(180) + 1;
const streetOf =
  (streets: readonly string[], put: (street: string, number: number) => string) =>
  (random: Random): string =>
    put(random.pick(streets), house(random));
const list = (text: string): string[] => text.split(',').map((one) => one.trim());

const RULES: Record<string, Rules> = {
  DE: {
    street: streetOf(
      list('Hauptstraße,Bahnhofstraße,Gartenweg,Schillerstraße,Am Mühlbach,Lindenallee,Kirchgasse'),
      (s, n) => `${s} ${n}`,
    ),
    mobile: (r) => `1${r.pick(['51', '60', '70', '76'])}${r.digits(8)}`,
    nationalId(r) {
      const ten = r.between(1, 9) + r.digits(9);
      return ten + check.steuerIdDigit(ten);
    },
    account: (r, bank) => check.toIban('DE', bank.padEnd(8, '0').slice(0, 8) + r.digits(10)),
  },
  FR: {
    street: streetOf(
      list("rue Victor Hugo,avenue de la République,rue de l'Église,place du Marché,boulevard Pasteur"),
      (s, n) => `${n}, ${s}`,
    ),
    mobile: (r) => `${r.pick(['6', '7'])}${r.digits(8)}`,
    nationalId(r, { sex, born }) {
      const thirteen = `${sex === 'M' ? 1 : 2}${born.slice(2, 4)}${born.slice(5, 7)}${String(r.between(1, 95)).padStart(2, '0')}${r.digits(6)}`;
      return thirteen + check.nirKey(thirteen);
    },
    account(r, bank) {
      const [branch, account] = [r.digits(5), r.digits(11)];
      const code = bank.padEnd(5, '0').slice(0, 5);
      return check.toIban('FR', code + branch + account + check.ribKey(code, branch, account));
    },
  },
  ES: {
    street: streetOf(
      list('Calle Mayor,Avenida de la Constitución,Calle del Carmen,Paseo de Gracia,Plaza de España'),
      (s, n) => `${s}, ${n}`,
    ),
    mobile: (r) => `6${r.digits(8)}`,
    nationalId(r) {
      const eight = r.digits(8);
      return eight + check.dniLetter(eight);
    },
    account(r, bank) {
      const [code, account] = [bank.padEnd(4, '0').slice(0, 4) + r.digits(4), r.digits(10)];
      return check.toIban('ES', code + check.spanishControl(code, account) + account);
    },
  },
  IT: {
    street: streetOf(
      list('Via Roma,Via Garibaldi,Corso Italia,Piazza San Marco,Via dei Mille,Viale Europa'),
      (s, n) => `${s}, ${n}`,
    ),
    mobile: (r) => `3${r.digits(9)}`,
    nationalId: (r, person) => codiceFiscale(r, person),
    account(r, bank) {
      const bban = bank.padEnd(5, '0').slice(0, 5) + r.digits(17);
      return check.toIban('IT', check.italianLetter(bban) + bban);
    },
  },
  GB: {
    street: streetOf(
      list('High Street,Station Road,Church Lane,Victoria Road,Mill Lane,The Crescent'),
      (s, n) => `${n} ${s}`,
    ),
    mobile: (r) => `7${r.digits(9)}`,
    nationalId: (r) => `${r.pick(list('AB,CE,HJ,JK,LM,NP,PR,SR,TW,WX'))}${r.digits(6)}${r.pick(list('A,B,C,D'))}`,
    account: (r) => check.toIban('GB', `ASSY${r.digits(14)}`),
  },
  US: {
    street: streetOf(list('Main St,Oak Ave,Maple Dr,Washington Blvd,2nd St,Lake View Rd'), (s, n) => `${n * 13} ${s}`),
    mobile: (r) => `${r.between(2, 9)}${r.between(0, 8)}${r.between(1, 9)}555${r.digits(4)}`,
    nationalId: (r) =>
      `${r.pick(list('123,219,305,417,512,618,734,755'))}-${String(r.between(1, 99)).padStart(2, '0')}-${String(r.between(1, 9999)).padStart(4, '0')}`,
    account(r, bank) {
      const eight = bank.padEnd(8, '0').slice(0, 8);
      return `${eight}${check.routingDigit(eight)}-${r.digits(10)}`;
    },
  },
  BR: {
    street: streetOf(
      list('Rua das Flores,Avenida Paulista,Rua São João,Travessa da Paz,Alameda Santos'),
      (s, n) => `${s}, ${n * 7}`,
    ),
    mobile: (r) => `${r.pick(['11', '21', '31', '51', '71'])}9${r.digits(8)}`,
    nationalId(r) {
      const nine = r.digits(9);
      const all = nine + check.cpfDigits(nine);
      return `${all.slice(0, 3)}.${all.slice(3, 6)}.${all.slice(6, 9)}-${all.slice(9)}`;
    },
    account: (r, bank) => check.toIban('BR', `${bank.padEnd(8, '0').slice(0, 8)}${r.digits(15)}C1`),
  },
  JP: {
    street: (r) =>
      `${r.pick(list('本町,中央,栄町,緑町,東山,桜木'))}${r.between(1, 6)}丁目${r.between(1, 30)}-${r.between(1, 20)}`,
    mobile: (r) => `${r.pick(['70', '80', '90'])}${r.digits(8)}`,
    nationalId(r) {
      const eleven = r.digits(11);
      return eleven + check.myNumberDigit(eleven);
    },
    account: (r, bank) => `${bank.slice(0, 4)}-${r.digits(3)}-${r.digits(7)}`,
  },
  KR: {
    street: (r) => `${r.pick(list('세종대로,테헤란로,한강대로,중앙로,동백로'))} ${house(r)}`,
    mobile: (r) => `10${r.digits(8)}`,
    nationalId(r, { sex, born }) {
      const century = born < '2000' ? (sex === 'M' ? 1 : 2) : sex === 'M' ? 3 : 4;
      const twelve = `${born.slice(2, 4)}${born.slice(5, 7)}${born.slice(8)}${century}${r.digits(5)}`;
      return `${twelve.slice(0, 6)}-${twelve.slice(6)}${check.residentDigit(twelve)}`;
    },
    account: (r, bank) => `${bank.slice(0, 3)}-${r.digits(6)}-${r.digits(5)}`,
  },
  TW: {
    street: (r) => `${r.pick(list('中山路,中正路,民生路,復興路,和平路'))}${r.between(1, 5)}段${house(r)}號`,
    mobile: (r) => `9${r.digits(8)}`,
    nationalId(r, { sex }) {
      const start = `${r.pick(list('A,B,D,E,F,H'))}${sex === 'M' ? 1 : 2}${r.digits(7)}`;
      return start + check.taiwanDigit(start);
    },
    account: (r, bank) => `${bank.slice(0, 3)}${r.digits(11)}`,
  },
  GR: {
    street: streetOf(list('Ερμού,Σταδίου,Τσιμισκή,Ακαδημίας,Αριστοτέλους'), (s, n) => `${s} ${n}`),
    mobile: (r) => `69${r.digits(8)}`,
    nationalId(r) {
      const eight = r.digits(8);
      return eight + check.afmDigit(eight);
    },
    account: (r, bank) => check.toIban('GR', bank.padEnd(7, '0').slice(0, 7) + r.digits(16)),
  },
  UA: {
    street: streetOf(
      list('вул. Шевченка,вул. Лесі Українки,просп. Перемоги,вул. Садова,вул. Франка'),
      (s, n) => `${s}, ${n}`,
    ),
    mobile: (r) => `${r.pick(['50', '63', '67', '93'])}${r.digits(7)}`,
    nationalId(r, { born }) {
      const days = Math.round((Date.parse(born) - Date.parse('1899-12-31')) / 86_400_000);
      const nine = String(days).padStart(5, '0') + r.digits(4);
      return nine + check.rnokppDigit(nine);
    },
    account: (r, bank) => check.toIban('UA', bank.padEnd(6, '0').slice(0, 6) + r.digits(19)),
  },
};

const FACTS: [
  code: string,
  name: string,
  native: string,
  language: string,
  currency: string,
  dialling: string,
  share: number,
][] = [
  ['DE', 'Germany', 'Deutschland', 'de', 'EUR', '+49', 22],
  ['FR', 'France', 'France', 'fr', 'EUR', '+33', 13],
  ['JP', 'Japan', '日本', 'ja', 'JPY', '+81', 13],
  ['GB', 'United Kingdom', 'United Kingdom', 'en', 'GBP', '+44', 12],
  ['US', 'United States', 'United States', 'en', 'USD', '+1', 10],
  ['ES', 'Spain', 'España', 'es', 'EUR', '+34', 8],
  ['IT', 'Italy', 'Italia', 'it', 'EUR', '+39', 8],
  ['BR', 'Brazil', 'Brasil', 'pt', 'BRL', '+55', 5],
  ['KR', 'Korea', '대한민국', 'ko', 'KRW', '+82', 4],
  ['GR', 'Greece', 'Ελλάδα', 'el', 'EUR', '+30', 2],
  ['UA', 'Ukraine', 'Україна', 'uk', 'UAH', '+380', 2],
  ['TW', 'Taiwan', '臺灣', 'zh', 'TWD', '+886', 1],
];

export const COUNTRIES: readonly Country[] = FACTS.map(
  ([code, name, nativeName, language, currency, dialling, share]): Country => ({
    code,
    name,
    nativeName,
    language,
    currency,
    dialling,
    share,
    familyFirst: ['JP', 'KR', 'TW'].includes(code),
    family: parseNames(NAMES[code]!.family),
    given: { F: parseNames(NAMES[code]!.women), M: parseNames(NAMES[code]!.men) },
    cities: CITIES[code]!.split(' ').map((city) => {
      const [native, latin, postcode] = city.replaceAll('_', ' ').split('/');
      return { native: native!, latin: latin || native!, postcode: postcode! };
    }),
    ...RULES[code]!,
  }),
);

function parseNames(text: string): NamePart[] {
  return text.split(' ').map((name) => {
    const [native, latin, kana] = name.replaceAll('_', ' ').split('/');
    return { native: native!, latin: latin ?? native!, kana };
  });
}

/** Italy's personal code; the place of birth is one of a few. */
function codiceFiscale(random: Random, { family, given, born, sex }: PersonFacts): string {
  const letters = (name: string): string =>
    name
      .normalize('NFD')
      .toUpperCase()
      .replace(/[^A-Z]/g, '');
  const code = (name: string, isGiven: boolean): string => {
    let consonants = letters(name).replace(/[AEIOU]/g, '');
    if (isGiven && consonants.length > 3) consonants = consonants[0]! + consonants.slice(2);
    return `${consonants}${letters(name).replace(/[^AEIOU]/g, '')}XXX`.slice(0, 3);
  };
  const day = Number(born.slice(8)) + (sex === 'F' ? 40 : 0);
  const start = `${code(family, false)}${code(given, true)}${born.slice(2, 4)}${'ABCDEHLMPRST'[Number(born.slice(5, 7)) - 1]}${String(day).padStart(2, '0')}${random.pick(list('F205,H501,L219,F839,A944,D612,G273'))}`;
  return start + check.italianLetter(start);
}
