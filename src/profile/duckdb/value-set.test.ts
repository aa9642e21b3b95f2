import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalText } from '../../sketch/canonical-text.ts';
import { ValueSet } from '../../sketch/value-set.ts';
import { fromBase64, toBase64, valueSetHash } from '../../sketch/value-set-codec.ts';
import { measuredColumn } from '../column.ts';
import { foldParts } from '../fold.ts';
import { canonicalKind, canonicalSql } from '../measures/canonical-sql.ts';
import { readHashes, valueSetSql } from '../measures/value-set.ts';
import { profileRead } from './profile-read.ts';

let folder: string;
let connection: DuckDBConnection;
let instance: DuckDBInstance;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'value-set-'));
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
});
afterAll(async () => {
  connection.closeSync();
  instance.closeSync();
  await rm(folder, { recursive: true, force: true });
});

const columnOf = (duckdbType: string) =>
  measuredColumn({ name: 'c', nativeType: duckdbType, duckdbType, typeBasis: 'precise' }, 'v');

/** The set that SQL makes of the texts, once each is cast to the type. */
async function setBySql(texts: readonly string[], type: string): Promise<ValueSet> {
  await connection.run('CREATE OR REPLACE TABLE t (x VARCHAR)');
  const appender = await connection.createAppender('t');
  for (const text of texts) {
    appender.appendVarchar(text);
    appender.endRow();
  }
  appender.closeSync();
  await connection.run(`CREATE OR REPLACE VIEW w AS SELECT x::${type} AS v FROM t`);
  const sql = valueSetSql(columnOf(type), 'w', 'v');
  const list = Object.entries(sql).map(([alias, expression]) => `(${expression})::VARCHAR AS ${alias}`);
  const reader = await connection.runAndReadAll(`SELECT ${list.join(', ')}`);
  return new ValueSet(readHashes(reader.getRowObjectsJson()[0] as Record<string, string | null>));
}

/** The set that JavaScript makes of what DuckDB writes for them. */
async function setByHand(type: string): Promise<ValueSet> {
  const column = columnOf(type);
  // Behind a character of ours, for the reader drops a byte order mark at the start.
  const text = column.kind === 'blob' ? 'hex(v)' : 'v::VARCHAR';
  const reader = await connection.runAndReadAll(`SELECT concat('=', ${text}) FROM w`);
  const canonical = reader.getRows().map(([value]) => canonicalText(String(value).slice(1), canonicalKind(column)));
  return new ValueSet(canonical.filter((value) => value !== '').map(valueSetHash));
}

const character = fc.oneof(
  fc.constantFrom(...'aAzZ09 \t\u0085\u00a0\ufeff\u3000İıΣσςßẞéÉ\u0301\u0307\u0345ǅΩÅK한글가각가\u05d0ĲŒ'),
  fc.integer({ min: 1, max: 0x10ffff }).map((point) => (point >> 11 === 27 ? 'x' : String.fromCodePoint(point))),
  fc.integer({ min: 1, max: 0x2fff }).map((point) => String.fromCodePoint(point)),
);

describe('the value set in SQL', () => {
  it('has the canonical texts of JavaScript, for every character there is', async () => {
    const points = Array.from({ length: 0x110000 - 1 }, (_, i) => i + 1).filter((point) => point >> 11 !== 27);
    const wrong: string[] = [];
    for (let from = 0; from < points.length; from += 2_000) {
      const texts = points.slice(from, from + 2_000).map((point) => `A${String.fromCodePoint(point)}`);
      const [sql, hand] = [
        await setBySql(texts, 'VARCHAR'),
        new ValueSet(texts.map((text) => valueSetHash(canonicalText(text)))),
      ];
      if (toBase64(sql) !== toBase64(hand)) wrong.push((points[from] ?? 0).toString(16));
    }
    expect(wrong).toEqual([]);
    // 10 s on idle cores; the tests behind it use the same table.
  }, 300_000);

  it('has the canonical texts of JavaScript, for any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: character }), { minLength: 1, maxLength: 100 }), async (texts) => {
        const set = await setBySql(texts, 'VARCHAR');
        expect(toBase64(set)).toBe(toBase64(await setByHand('VARCHAR')));
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['BIGINT', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)],
    ['DECIMAL(18,3)', fc.integer({ min: -9_000_000, max: 9_000_000 }).map((n) => (n / 1_000).toFixed(3))],
    [
      'DOUBLE',
      fc.oneof(fc.double().map(String), fc.integer().map(String), fc.constantFrom('-0', 'nan', '-inf', '1e16', '1e-5')),
    ],
    ['FLOAT', fc.oneof(fc.float().map(String), fc.integer().map(String))],
    ['BOOLEAN', fc.boolean().map(String)],
    ['DATE', fc.constantFrom('2020-01-31', '0044-03-15 (BC)', '29427-12-31', 'infinity')],
    [
      'TIMESTAMP',
      fc.oneof(
        fc
          .integer({ min: -70_000_000_000, max: 300_000_000_000 })
          .map((s) => new Date(s * 1_000).toISOString().replace(/^\+0*|^-0*(?=\d{4}-)|Z$/g, '')),
        fc.constantFrom(
          '2020-01-31 10:00:00.50',
          '0044-03-15 (BC) 10:00:00',
          '1999-12-31 23:59:59.000001',
          '9999-12-31 23:59:59.999999',
          '10000-01-01',
          'infinity',
          '-infinity',
        ),
      ),
    ],
    ['TIMESTAMP_NS', fc.constantFrom('2020-01-31 10:00:00.123456789', '1999-12-31 23:59:59', 'infinity')],
    ['TIMESTAMP_S', fc.constantFrom('2020-01-31 10:00:01', '0044-03-15 (BC) 10:00:00', '1999-12-31 23:59:59')],
    [
      'TIMESTAMPTZ',
      fc.constantFrom('2020-01-31 10:00:00+02', '0044-03-15 (BC) 10:00:00+00', '1999-12-31 00:00:00.001Z'),
    ],
    ['UUID', fc.uuid().map((text) => text.toUpperCase())],
    ['BLOB', fc.constantFrom('abc', '\\xFF\\x00', '')],
  ])('has them for %s', async (type, texts) => {
    await fc.assert(
      fc.asyncProperty(fc.array(texts, { minLength: 1, maxLength: 100 }), async (values) => {
        const set = await setBySql(values, type);
        expect(toBase64(set)).toBe(toBase64(await setByHand(type)));
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    // Sizes from 1e-8 to 1e20, prices, quotients, the finest steps, and both ends of what is written as JSON.
    '(hash(i) / 18446744073709551616.0) * pow(10.0, (i % 29)::INTEGER - 8)',
    '(hash(i) % 100000000) * 0.01',
    '(hash(i) % 1000000) / 997.0',
    'pow(2.0, (i % 66) - 15) * (1 + (hash(i) % 4096) * pow(2.0, -52))',
    '1e15 + ((hash(i) % 10000000) - 5000000.0) / 8.0',
    '1e-4 + ((hash(i) % 10000000) - 5000000.0) * pow(2.0, -66)',
  ])('writes doubles with the digits that their text has: %s', async (numbers) => {
    const [column, rows] = [columnOf('DOUBLE'), 100_000];
    const written = `SELECT ${canonicalSql('v', column, 'float')} AS c, regexp_replace(v::VARCHAR, '\\.0$', '') AS text FROM
      (SELECT (CASE WHEN i % 2 = 0 THEN -x ELSE x END)::DOUBLE AS v FROM (SELECT i, ${numbers} AS x FROM range(1, ${rows}) r(i)) WHERE x <> 0)`;
    const reader = await connection.runAndReadAll(
      `SELECT count(*)::INTEGER, min(text) FROM (${written}) WHERE c <> text`,
    );
    expect(reader.getRows()).toEqual([[0, null]]);
  });

  it('is one set for numbers, whatever their type, and for words in any case', async () => {
    const numbers = [];
    for (const type of ['BIGINT', 'DECIMAL(18,3)', 'DOUBLE', 'FLOAT', 'VARCHAR'])
      numbers.push(toBase64(await setBySql(['1', '20', '-3', '400000'], type)));
    expect(new Set(numbers).size).toBe(1);
    expect((await setBySql(['a', 'A ', ' a', '\t', ''], 'VARCHAR')).hashes).toEqual([valueSetHash('a')]);
  });
});

describe('the value set of a profile', () => {
  it('is the same however the table was cut', async () => {
    const values = Array.from({ length: 6_000 }, (_, i) => (i % 7 === 0 ? null : `Name ${i % 4_000}`));
    const part = (rows: readonly (string | null)[], key: string) =>
      profileRead(
        {
          kind: 'batches',
          columns: [{ name: 'c', nativeType: 'text', duckdbType: 'VARCHAR', typeBasis: 'precise' }],
          batches: (async function* () {
            yield [[...rows]];
          })(),
        },
        { memoryMb: 256, threads: 1, tempFolder: folder, signal: new AbortController().signal },
        { key, whole: rows.length === values.length },
      );
    const whole = foldParts([await part(values, 'all')]).columns[0]?.valueSet ?? '';
    const cut = [await part(values.slice(0, 2_500), 'a'), await part(values.slice(2_500), 'b')];
    expect(foldParts(cut).columns[0]?.valueSet).toBe(whole);
    expect(fromBase64(whole).cut).toBe(true);
  });
});
