import { someDay, someTime, typedDate } from './calendar.ts';
import { dirty } from './dirt.ts';
import type { Cell, SampleTable } from './sample-table.ts';
import { columns } from './sample-table.ts';
import { fullName, type World } from './world.ts';

/** A file of the sample company: names and rows; whoever writes it quotes the cells. */
export interface SampleFile {
  path: string;
  delimiter: ',' | '\t' | '|';
  header: readonly string[];
  rows(world: World): Iterable<readonly Cell[]>;
}

const MONTHS = ['2026-08', '2026-09', '2026-10'];

/** What lies beside the database, in folders as departments keep them. */
export const SAMPLE_FILES: readonly SampleFile[] = [
  ...MONTHS.map(
    (month): SampleFile => ({
      path: `exports/card-settlement/${month}.csv`,
      delimiter: ',',
      header: ['settlement_id', 'settled_on', 'merchant', 'card_last4', 'amount', 'currency', 'remark'],
      *rows(world) {
        const random = world.random(`file ${month}`);
        for (let n = 1; n <= world.count(3_000); n++) {
          yield [
            `${month.replace('-', '')}-${String(n).padStart(6, '0')}`,
            `${month}-${String(random.between(1, 30)).padStart(2, '0')}`,
            `Shop ${random.skewed(world.merchants) + 1}`,
            random.digits(4),
            Math.exp(random.normal(3.2, 1)).toFixed(2),
            random.pick(['EUR', 'EUR', 'USD', 'GBP', 'JPY', 'eur']),
            random.chance(0.05) ? 'chargeback, see "disputes"' : null,
          ];
        }
      },
    }),
  ),
  {
    path: 'marketing/leads.csv',
    delimiter: ',',
    header: ['name', 'e-mail', 'phone', 'country', 'met on', 'interest'],
    *rows(world) {
      const random = world.random('file leads');
      for (let n = 0; n < world.count(2_000); n++) {
        const person = world.customers[random.between(0, world.customers.length - 1)]!;
        const { country } = person;
        yield [
          dirty.text(random, fullName(person)),
          dirty.email(random, person.email),
          dirty.phone(random, country.dialling, country.mobile(random)),
          random.pick([country.code, country.name, country.nativeName]),
          typedDate(random, someDay(random, 300, 1)),
          random.pick(['mortgage', 'savings, deposits', 'credit card', '']),
        ];
      }
    },
  },
  {
    path: 'hr/employees.tsv',
    delimiter: '\t',
    header: ['employee_id', 'name', 'email', 'iban', 'born'],
    *rows(world) {
      const random = world.random('file employees');
      for (const [index, person] of world.employees.entries()) {
        const iban = person.country.account(random, random.digits(8));
        yield [index + 1, fullName(person), person.email, dirty.checked(random, iban, 15), person.born];
      }
    },
  },
  {
    path: 'partners/atm-network/withdrawals.psv',
    delimiter: '|',
    header: ['terminal', 'at', 'amount', 'currency', 'result'],
    *rows(world) {
      const random = world.random('file withdrawals');
      for (let n = 0; n < world.count(4_000); n++) {
        yield [
          `T${String(random.skewed(140) + 1).padStart(4, '0')}`,
          someTime(random, someDay(random, 60, 0)),
          random.between(1, 40) * 10,
          random.pick(['EUR', 'GBP', 'USD', 'BRL']),
          random.chance(0.97) ? '00' : random.pick(['51', '55', '91']),
        ];
      }
    },
  },
];

/** Tables of the SQLite file, with SQLite's types. */
export const SQLITE_TABLES: readonly SampleTable[] = [
  {
    schema: 'main',
    name: 'terminal',
    comment: 'Cash machines',
    columns: columns(`
      terminal_id TEXT NOT NULL
      town TEXT
      installed TEXT
      cash_level REAL`),
    primaryKey: ['terminal_id'],
    foreignKeys: {},
    *rows(world) {
      const random = world.random('sqlite terminal');
      for (let n = 1; n <= world.count(140); n++) {
        const { country } = world.customers[n % world.customers.length]!;
        const id = `T${String(n).padStart(4, '0')}`;
        yield [id, random.pick(country.cities).native, someDay(random, 4000, 50), random.between(0, 1000) / 10];
      }
    },
  },
  {
    schema: 'main',
    name: 'incident',
    comment: 'Faults of cash machines',
    columns: columns(`
      incident_id INTEGER NOT NULL
      terminal_id TEXT NOT NULL
      reported TEXT NOT NULL
      code INTEGER
      technician TEXT
      solved INTEGER`),
    primaryKey: ['incident_id'],
    foreignKeys: { terminal_id: 'terminal(terminal_id)' },
    *rows(world) {
      const random = world.random('sqlite incident');
      const terminals = world.count(140);
      for (let id = 1; id <= world.count(2_500); id++) {
        const who = world.employees[random.between(0, world.employees.length - 1)]!;
        yield [
          id,
          `T${String(random.between(1, terminals)).padStart(4, '0')}`,
          someTime(random, someDay(random, 600, 0)),
          random.chance(0.05) ? null : random.between(100, 140),
          dirty.text(random, fullName(who)),
          random.chance(0.9) ? 1 : 0,
        ];
      }
    },
  },
];

/** One line of a delimited file; quotes only where needed, nulls as nothing. */
export function delimitedLine(cells: readonly Cell[], delimiter: string): string {
  const needsQuotes = delimiter === ',' ? /[",\r\n]/ : delimiter === '|' ? /["|\r\n]/ : /["\t\r\n]/;
  const one = (cell: Cell): string => {
    const text = cell === null ? '' : String(cell);
    return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `${cells.map(one).join(delimiter)}\n`;
}
