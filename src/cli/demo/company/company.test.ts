import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { isIban, isLuhn } from './check-digits.ts';
import { COUNTRIES } from './countries.ts';
import { delimitedLine, SAMPLE_FILES, SQLITE_TABLES } from './files.ts';
import type { Cell, SampleTable } from './sample-table.ts';
import { SAMPLE_TABLES } from './tables/all-tables.ts';
import { buildWorld } from './world.ts';

const SCALE = 0.02;

function digest(seed: number, rows: number): string {
  const world = buildWorld(seed, SCALE);
  const hash = createHash('sha256');
  for (const table of [...SAMPLE_TABLES, ...SQLITE_TABLES, ...SAMPLE_FILES]) {
    let left = rows;
    for (const row of table.rows(world)) {
      if (left-- === 0) break;
      hash.update(JSON.stringify(row));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

const column = (table: SampleTable, rows: (readonly Cell[])[], name: string): Cell[] => {
  const at = table.columns.findIndex((one) => one.name === name);
  return rows.map((row) => row[at] ?? null);
};

test('a seed always gives the same company', () => {
  expect(digest(1, 50)).toBe(digest(1, 50));
  expect(digest(2, 50)).not.toBe(digest(1, 50));
  // Rows that people compare between machines and versions: a change here is a change of the sample company.
  expect(digest(1, 50)).toBe('e4aecfae14fa0a1b');
});

test('the full company has about 20 tables and 300,000 rows', () => {
  const world = buildWorld(1, 1);
  let rows = 0;
  for (const table of SAMPLE_TABLES) for (const _ of table.rows(world)) rows++;
  expect(SAMPLE_TABLES).toHaveLength(20);
  expect(rows).toBeGreaterThan(290_000);
  expect(rows).toBeLessThan(330_000);
});

test('keys are unique and foreign keys point to rows that exist', () => {
  const world = buildWorld(7, SCALE);
  const rowsOf = new Map(SAMPLE_TABLES.map((table) => [`${table.schema}.${table.name}`, [...table.rows(world)]]));
  let checked = 0;
  for (const table of SAMPLE_TABLES) {
    const rows = rowsOf.get(`${table.schema}.${table.name}`)!;
    for (const row of rows) expect(row).toHaveLength(table.columns.length);
    const keys = rows.map((_, index) =>
      table.primaryKey.map((name) => column(table, rows, name)[index]).join('\u0000'),
    );
    expect(new Set(keys).size).toBe(rows.length);
    for (const [name, target] of Object.entries(table.foreignKeys)) {
      const [, place, key] = /^(.*)\((.*)\)$/.exec(target)!;
      const there = SAMPLE_TABLES.find((other) => `${other.schema}.${other.name}` === place)!;
      const known = new Set(column(there, rowsOf.get(place!)!, key!));
      for (const value of column(table, rows, name)) {
        if (value === null) continue;
        checked++;
        if (!known.has(value)) throw new Error(`${table.name}.${name} ${value} is not in ${target}`);
      }
    }
  }
  expect(checked).toBeGreaterThan(1_000);
});

test('account and card numbers are valid, except the few that are meant to be wrong', () => {
  const world = buildWorld(3, 0.1);
  const ibans = world.accounts.map((one) => one.number).filter((number) => /^[A-Z]{2}\d\d/.test(number));
  expect(ibans.length).toBeGreaterThan(500);
  expect(ibans.filter((iban) => !isIban(iban))).toEqual([]);
  const card = SAMPLE_TABLES.find((table) => table.name === 'card')!;
  const numbers = column(card, [...card.rows(world)], 'card_number') as string[];
  const wrong = numbers.filter((number) => !isLuhn(number)).length / numbers.length;
  expect(wrong).toBeGreaterThan(0);
  expect(wrong).toBeLessThan(0.02);
});

test('customers come from every country, in several scripts, with blanks, nulls and duplicates', () => {
  const world = buildWorld(5, 0.5);
  const customer = SAMPLE_TABLES.find((table) => table.name === 'customer')!;
  const rows = [...customer.rows(world)];
  expect(new Set(column(customer, rows, 'country_code')).size).toBe(COUNTRIES.length);
  const names = (column(customer, rows, 'full_name') as string[]).join('');
  for (const script of ['Latin', 'Han', 'Hangul', 'Greek', 'Cyrillic']) {
    expect(names).toMatch(new RegExp(`\\p{Script=${script}}`, 'u'));
  }
  const emails = column(customer, rows, 'email');
  expect(emails).toContain(null);
  expect(emails).toContain('');
  expect(new Set(world.customers).size).toBeLessThan(world.customers.length);
});

test('cells that hold the delimiter or a quote are quoted', () => {
  expect(delimitedLine(['a,b', null, 'say "x"', 3], ',')).toBe('"a,b",,"say ""x""",3\n');
  expect(delimitedLine(['a,b', 'c|d'], '|')).toBe('a,b|"c|d"\n');
});
