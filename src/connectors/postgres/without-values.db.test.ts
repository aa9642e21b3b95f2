import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import type { Connection } from '../connector.ts';
import { readAddress } from './address.ts';
import { postgresConnector } from './index.ts';
import { toSourceError } from './source-error.ts';
import { withoutValues } from './without-values.ts';

const { signal } = new AbortController();
let database: TestDatabase;
let connection: Connection;

beforeAll(async () => {
  database = await createTestDatabase({ empty: true });
  await database.pool.query(`
    CREATE TYPE mood AS ENUM ('ok');
    CREATE TABLE t AS SELECT 'zgeheim' AS s;
    CREATE FUNCTION raised(s text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is bad', s; END $$`);
  connection = await postgresConnector.connect(
    { databaseType: 'POSTGRES', uri: database.connectionString },
    { signal, applicationName: 'assay test', fileRoots: [], protectedPaths: [], connectTimeoutMs: 3_000 },
  );
});
afterAll(async () => {
  await connection?.close();
  await database?.drop();
});

const NOTHING = 'it does not work with one of the values of a row';

/** Expressions over a text column `s`, and what is said of them. */
const STUMBLING: [string, string][] = [
  ['s::int', 'invalid input syntax for type integer (22P02)'],
  ["(s || '-5')::uuid", 'invalid input syntax for type uuid (22P02)'],
  ['s::date', 'invalid input syntax for type date (22007)'],
  ["('2024-02-99' || left(s, 0))::date", 'date/time field value out of range (22008)'],
  ["('99999' || left(s, 0))::smallint", 'is out of range for type smallint (22003)'],
  ['s::json', 'invalid input syntax for type json (22P02)'],
  ["('{' || s)::int[]", 'malformed array literal (22P02)'],
  ['s::mood', 'invalid input value for enum (22P02)'],
  ['now() AT TIME ZONE s', 'time zone … not recognized (22023)'],
  ["to_tsquery('simple', s || ' ' || s)", 'syntax error in tsquery (42601)'],
  ["regexp_replace('x', s || '(', '')", 'invalid regular expression (2201B)'],
  ["decode(s, 'hex')", 'invalid hexadecimal digit (22023)'],
  ["encode('x', s)", `${NOTHING} (22023)`],
  ['s::regclass', 'relation … does not exist (42P01)'],
  ["(s || '.x')::regclass", 'schema … does not exist (3F000)'],
  ['s::regnamespace', 'schema … does not exist (3F000)'],
  ['s::regtype', 'type … does not exist (42704)'],
  ['s::regrole', 'role … does not exist (42704)'],
  ['nextval(s)::text', 'relation … does not exist (42P01)'],
  ["format('%' || s, 1)", `${NOTHING} (22023)`],
  ["(s || '<')::xml", 'invalid XML (2200N)'],
  ["jsonb_path_query('{}', s::jsonpath)", `${NOTHING} (42601)`],
  ['current_setting(s)', `${NOTHING} (42704)`],
  ['raised(s)', `${NOTHING} (P0001)`],
  ['length(s) / (length(s) - length(s))', 'division by zero (22012)'],
];

const causesOf = ({ cause }: Error): string[] =>
  cause === undefined ? [] : [String(cause), ...(cause instanceof Error ? causesOf(cause) : [])];

test('no value of a row is in what is said of a view that stumbles over it', async () => {
  const said: [string, string][] = [];
  let quoted = 0;
  for (const [expression] of STUMBLING) {
    await database.pool.query(`CREATE OR REPLACE VIEW v AS SELECT (${expression})::text AS x FROM t`);
    const read = await connection.read({ type: 'VIEW', path: ['public', 'v'], signal });
    if (read.kind !== 'bytes') throw new Error(`expected bytes, received ${read.kind}`);
    const error = await buffer(read.stream).then(
      () => new Error('no error'),
      (thrown: Error) => thrown,
    );
    if (/geheim|2024-02-99|99999/.test(causesOf(error).join())) quoted++;
    said.push([expression, error.message]);
  }
  expect(said.map(([, words]) => words).join()).not.toMatch(/geheim|2024-02-99|99999/);
  const told = (words: string): string =>
    /\((42P01|3F000)\)$/.test(words)
      ? `the view public/v is broken: PostgreSQL says: ${words}; mend or drop it in the source`
      : `PostgreSQL says: ${words}`;
  expect(said).toEqual(STUMBLING.map(([expression, words]) => [expression, told(words)]));
  expect(quoted).toBeGreaterThan(STUMBLING.length - 8);
});

test('whatever the words of a value are, none of them is left', () => {
  const templates = [
    '*',
    'invalid input syntax for type integer: *',
    'value * is out of range for type integer',
    'relation * does not exist',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...templates), fc.string(), fc.string(), (template, before, after) => {
      const message = template.replace('*', () => `"${before}geheim${after}"`);
      for (const state of ['22P02', '42P01', 'P0001', 'XX000'])
        expect(withoutValues(state, message)).not.toContain('geheim');
    }),
  );
});

test('the policy of a table, asked for one row by the test of a connection, gets no value into what is said', () => {
  const thrown = Object.assign(new Error('invalid input syntax for type integer: "geheim"'), { code: '22P02' });
  const { address } = readAddress({ databaseType: 'POSTGRES', uri: database.connectionString });
  const { message } = toSourceError(thrown, address);
  expect(message).toBe('PostgreSQL says: invalid input syntax for type integer (22P02)');
});

test('what is of the server and of rights is said whole', () => {
  const said = 'permission denied for table "orders"';
  for (const state of ['42501', '57014', '53100', 'XX001']) expect(withoutValues(state, said)).toBe(said);
});
