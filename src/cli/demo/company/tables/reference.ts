import { daysAgo } from '../calendar.ts';
import { COUNTRIES } from '../countries.ts';
import { columns, type SampleTable } from '../sample-table.ts';

const CURRENCIES: [code: string, name: string, symbol: string, decimals: number, perEuro: number][] = [
  ['EUR', 'Euro', '€', 2, 1],
  ['USD', 'US dollar', '$', 2, 1.09],
  ['GBP', 'Pound sterling', '£', 2, 0.86],
  ['JPY', 'Japanese yen', '¥', 0, 163.2],
  ['KRW', 'South Korean won', '₩', 0, 1478],
  ['BRL', 'Brazilian real', 'R$', 2, 5.91],
  ['TWD', 'New Taiwan dollar', 'NT$', 2, 34.9],
  ['UAH', 'Ukrainian hryvnia', '₴', 2, 44.8],
  ['CHF', 'Swiss franc', 'CHF', 2, 0.94],
];

/** Units of the currency for one euro, at the start of the series. */
export const perEuro = (currency: string): number => CURRENCIES.find(([code]) => code === currency)?.[4] ?? 1;

export const country: SampleTable = {
  schema: 'ref',
  name: 'country',
  comment: 'Countries the bank works in',
  columns: columns(`
    code char(2) NOT NULL | ISO 3166-1 alpha-2
    name text NOT NULL | English name
    native_name text NOT NULL | Name in the language of the country
    language char(2) NOT NULL | ISO 639-1
    currency_code char(3) NOT NULL
    dialling_code text NOT NULL`),
  primaryKey: ['code'],
  foreignKeys: { currency_code: 'ref.currency(code)' },
  *rows() {
    for (const c of COUNTRIES) yield [c.code, c.name, c.nativeName, c.language, c.currency, c.dialling];
  },
};

export const currency: SampleTable = {
  schema: 'ref',
  name: 'currency',
  comment: 'Currencies that accounts are held in',
  columns: columns(`
    code char(3) NOT NULL | ISO 4217
    name text NOT NULL
    symbol text
    decimals smallint NOT NULL | Digits after the point`),
  primaryKey: ['code'],
  foreignKeys: {},
  *rows() {
    for (const [code, name, symbol, decimals] of CURRENCIES) yield [code, name, symbol, decimals];
  },
};

export const exchangeRate: SampleTable = {
  schema: 'ref',
  name: 'exchange_rate',
  comment: 'Daily reference rates against the euro',
  columns: columns(`
    currency_code char(3) NOT NULL
    day date NOT NULL
    per_euro numeric(14,6) NOT NULL | Units of the currency for one euro
    source text | Where the rate came from`),
  primaryKey: ['currency_code', 'day'],
  foreignKeys: { currency_code: 'ref.currency(code)' },
  *rows(world) {
    const random = world.random('ref.exchange_rate');
    const days = world.count(1_100);
    for (const [code, , , , start] of CURRENCIES.slice(1)) {
      let rate = start;
      for (let day = days; day >= 0; day--) {
        rate *= 1 + random.normal(0, 0.004);
        yield [code, daysAgo(day), rate.toFixed(6), random.chance(0.9) ? 'central bank' : random.pick(['vendor', ''])];
      }
    }
  },
};
