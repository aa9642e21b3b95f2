import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { quoteText } from '../sql.ts';
import { withoutValues } from './without-values.ts';

let instance: DuckDBInstance;
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
});
afterAll(() => instance.closeSync());

/** Expressions over a text column `s` that stumble over most texts. */
const STUMBLING: readonly string[] = [
  's::INTEGER',
  's::DATE',
  's::TIMESTAMP',
  's::TIME',
  's::UUID',
  's::BIT',
  's::JSON',
  's::BOOLEAN',
  's::DECIMAL(3,2)',
  's::STRUCT(a INTEGER)',
  's::INTEGER[]',
  "s::ENUM('a')",
  "strptime(s, '%Y')",
  "regexp_matches('x', s || '(')",
  "error('not ' || s)",
  "json_extract(s, '$.a')",
  'json_extract(\'{"a":1}\', s)',
  'from_base64(s)',
  "date_part(s, DATE '2020-01-01')",
  'timezone(s, now())',
  "timezone(s, TIMESTAMP '2020-01-01')",
  'now() AT TIME ZONE s',
  "time_bucket(INTERVAL 1 DAY, DATE '2020-01-01', s)",
  'make_timestamptz(1, 1, 1, 1, 1, 1.5, s)',
];

/** Nothing in DuckDB's own words looks like it, with signs that its messages are made of. */
const secrets = fc
  .tuple(fc.constantFrom('', "'", '"', "' to ", '\n', ': '), fc.stringMatching(/^q[a-z]{6}zx\d{3}$/), fc.string())
  .map(([before, secret, after]) => ({ secret, value: `${before}${secret}${after.replaceAll('\0', '')}` }));

test('no value of a row is in what is said of an error', async () => {
  const connection = await instance.connect();
  const stumbled = new Set<string>();
  try {
    await fc.assert(
      fc.asyncProperty(secrets, fc.constantFrom(...STUMBLING), async ({ secret, value }, expression) => {
        // The column hides the text from the statement that DuckDB shows.
        await connection.run(`CREATE OR REPLACE TABLE t AS SELECT ${quoteText(value)} AS s`);
        const thrown = await connection.runAndReadAll(`SELECT ${expression} FROM t`).then(
          () => undefined,
          (error: Error) => error,
        );
        if (!thrown) return;
        if (thrown.message.includes(secret)) stumbled.add(expression);
        expect(withoutValues(thrown.message), expression).not.toContain(secret);
      }),
      { numRuns: 400 },
    );
  } finally {
    connection.closeSync();
  }
  // Most quote what they stumbled over.
  expect(stumbled.size).toBeGreaterThan(STUMBLING.length - 4);
});

/** Something of a type that most functions take. */
const GIVEN: Readonly<Record<string, string>> = {
  VARCHAR: "'a'",
  BIGINT: '1',
  DOUBLE: '1.5',
  DATE: "DATE '2020-01-01'",
  TIMESTAMP: "TIMESTAMP '2020-01-01'",
  'TIMESTAMP WITH TIME ZONE': 'now()',
  INTERVAL: 'INTERVAL 1 DAY',
  JSON: "'{}'::JSON",
  'VARCHAR[]': "['a']",
};

test('no function of DuckDB, given a value in any place, gets it into what is said', async () => {
  const connection = await instance.connect();
  const kinds = new Set<string>();
  try {
    await connection.run(`CREATE OR REPLACE TABLE t AS SELECT 'geheim4711' AS s`);
    const functions = await connection.runAndReadAll(
      `SELECT DISTINCT function_name, parameter_types FROM duckdb_functions() WHERE function_type = 'scalar'`,
    );
    for (const [name, types] of functions.getRowsJson() as [string, (string | null)[]][])
      for (const place of types.keys()) {
        const given = types.map((type, i) => (i === place ? 's' : (GIVEN[type ?? ''] ?? "'a'")));
        const thrown = await connection.runAndReadAll(`SELECT "${name}"(${given.join(', ')}) FROM t`).then(
          () => '',
          (error: Error) => error.message,
        );
        if (thrown.includes('geheim')) kinds.add(thrown.slice(0, thrown.indexOf(':')));
        expect(withoutValues(thrown), name).not.toContain('geheim');
      }
  } finally {
    connection.closeSync();
  }
  expect(kinds).toEqual(new Set(['Conversion Error', 'Invalid Input Error', 'Not implemented Error']));
});

test('what went wrong is still said', () => {
  const said = [
    `Conversion Error: Could not convert string 'a@b.c' to INT32 when casting from source column s\n\nLINE 1: SELECT`,
    "Conversion Error: Type INT64 with value 1900000 can't be cast because the value is out of range for the destination type INT8",
    'Conversion Error: CSV Error on Line: 30002\nOriginal Line: alice,secret\nExpected Number of Columns: 3 Found: 2',
    `Invalid Input Error: Malformed JSON at byte 7 of input: unexpected character.  Input: "alice"`,
    'Invalid Input Error: no alice',
    'IO Error: No files found that match the pattern "/data/a.csv"',
    "Not implemented Error: Unknown TimeZone 'alice'!",
    'Not implemented Error: Unimplemented type for cast (VARCHAR -> INTEGER)',
    'Not implemented Error: Unsupported GZIP compression method',
    'something else of alice',
  ].map(withoutValues);
  expect(said).toEqual([
    'Conversion Error: Could not convert string, to INT32',
    'Conversion Error: value is out of range, for the destination type INT8',
    'Conversion Error: CSV Error on Line: 30002, Expected Number of Columns: 3 Found: 2',
    'Invalid Input Error: Malformed JSON, at byte 7, unexpected character',
    'Invalid Input Error: it does not work with one of the values',
    'IO Error: No files found that match the pattern "/data/a.csv"',
    'Not implemented Error: Unknown TimeZone',
    'Not implemented Error: Unimplemented type for cast',
    'Not implemented Error: Unsupported GZIP compression',
    'DuckDB Error: it does not work with one of the values',
  ]);
});
