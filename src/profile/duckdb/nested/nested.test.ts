import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeDuckDb } from '../../../../test/support/duckdb-files.ts';
import type { ReadColumn, ReadResult } from '../../../connectors/connector.ts';
import { findInColumn } from '../../findings.ts';
import { foldParts } from '../../fold.ts';
import type { PathProfile } from '../../nested/finish-paths.ts';
import type { TablePart } from '../../part.ts';
import type { ColumnProfile, TableProfile } from '../../profile.ts';
import { profileRead } from '../profile-read.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-nested-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const partOf = (read: ReadResult, key = 'all'): Promise<TablePart> =>
  profileRead(
    read,
    { memoryMb: 256, threads: 2, tempFolder: at('temp'), signal: new AbortController().signal },
    { key, whole: key === 'all' },
  );
async function ofParquet(select: string): Promise<TableProfile> {
  await writeDuckDb(at('made.duckdb'), [`COPY (${select}) TO '${at('made.parquet')}' (FORMAT parquet)`]);
  return foldParts([await partOf({ kind: 'relation', spec: { kind: 'parquet', paths: [at('made.parquet')] } })]);
}
async function ofDuckDb(select: string): Promise<TableProfile> {
  rmSync(at('db.duckdb'), { force: true });
  await writeDuckDb(at('db.duckdb'), [`CREATE TABLE t AS ${select}`]);
  return foldParts([
    await partOf({ kind: 'relation', spec: { kind: 'duckdb', path: at('db.duckdb'), schema: 'main', table: 't' } }),
  ]);
}
async function ofJson(records: readonly unknown[]): Promise<TableProfile> {
  writeFileSync(at('made.jsonl'), records.map((record) => JSON.stringify(record)).join('\n'));
  return foldParts([await partOf({ kind: 'relation', spec: { kind: 'json', paths: [at('made.jsonl')] } })]);
}
const batchesOf = (column: Partial<ReadColumn>, values: readonly (string | null)[]): ReadResult => ({
  kind: 'batches',
  columns: [{ name: 'c', nativeType: 'text', duckdbType: 'VARCHAR', typeBasis: 'precise', ...column }],
  batches: (async function* () {
    yield [[...values]];
  })(),
});
const ofTexts = async (column: Partial<ReadColumn>, values: readonly (string | null)[]): Promise<TableProfile> =>
  foldParts([await partOf(batchesOf(column, values))]);

/** Path → rows, nulls, rows of the table that have it, and its sum or largest value. */
const brief = (column: ColumnProfile | undefined): Record<string, unknown[]> =>
  Object.fromEntries(
    (column?.paths ?? []).map((path) => [
      path.path,
      [path.rows, path.nulls, path.presentIn, path.sum ?? path.lexicalMax ?? path.max].map((figure) =>
        figure === undefined ? '-' : 'value' in figure ? figure.value : 'unknown',
      ),
    ]),
  );
const pathOf = (table: TableProfile, path: string): PathProfile => {
  const found = table.columns.flatMap(({ paths }) => paths ?? []).find((one) => one.path === path);
  if (!found) throw new Error(`no path ${path}`);
  return found;
};

describe('patterns and regular expressions', () => {
  const codes = Array.from({ length: 20 }, (_, i) => `K-${100 + i}`);
  test('are those of what lies within, and none of the JSON around it, which is no misfit where it is declared', async () => {
    const table = await ofJson(codes.map((code) => ({ who: { code } })));
    expect(table.columns[0]?.regexes).toEqual({ unknown: expect.stringMatching(/^its values are JSON/) });
    expect(pathOf(table, 'who.code').regexes).toMatchObject({ value: [{ coverage: 1 }, {}, {}] });
    expect(pathOf(table, 'who.code').patterns).toMatchObject({ value: [{ pattern: 'Asddd' }] });
    const misfits = ({ columns: [column] }: TableProfile) =>
      findInColumn(column as ColumnProfile).filter(({ code }) => code === 'TYPE_MISFIT');
    expect(misfits(table)).toEqual([]);
    const texts = await ofTexts(
      {},
      codes.map((code) => JSON.stringify({ code })),
    );
    expect(misfits(texts)).toHaveLength(1);
  });

  test('structs have none, and what lies within them has', async () => {
    const table = await ofParquet(`SELECT {'code': 'K-' || (100 + i)} AS s FROM range(20) AS t(i)`);
    expect(table.columns[0]).not.toHaveProperty('patterns');
    expect(pathOf(table, 's.code').patterns).toMatchObject({ value: [{ pattern: 'Asddd' }] });
  });
});

describe('nested columns of Parquet', () => {
  test('structs, lists and maps are profiled by path', async () => {
    const table = await ofParquet(`SELECT * FROM (VALUES
      ({'city': 'Bonn', 'zip.code': 53111, 'tags': ['a', 'b']}, [{'sku': 'x', 'qty': 2}, {'sku': 'y', 'qty': NULL}], MAP {'k1': 1.5, 'k2': NULL}),
      ({'city': NULL, 'zip.code': 10115, 'tags': []}, [], MAP {}),
      (NULL, [NULL, {'sku': 'x', 'qty': 5}], NULL),
      ({'city': 'Ulm', 'zip.code': NULL, 'tags': NULL}, NULL, MAP {'k1': 2.5})) t(address, orders, attrs)`);
    const [address, orders, attrs] = table.columns;
    expect(table.warnings).toEqual([]);
    expect(brief(address)).toEqual({
      'address.city': [3, 1, 3, 'Ulm'],
      'address.tags': [3, 1, 3, '-'],
      'address.tags[]': [2, 0, 1, 'b'],
      "address['zip.code']": [3, 1, 3, '63226'],
    });
    expect(brief(orders)).toEqual({
      'orders[]': [4, 1, 2, '-'],
      'orders[].qty': [3, 1, 2, '7'],
      'orders[].sku': [3, 0, 2, 'y'],
    });
    expect(brief(attrs)).toEqual({
      'attrs{}': [3, 0, 2, '-'],
      'attrs{}.key': [3, 0, 2, 'k2'],
      'attrs{}.value': [3, 1, 2, '4.0'],
    });
    expect(pathOf(table, 'orders[]').arrayLength).toMatchObject({ value: { min: 0, max: 2, mean: 4 / 3 } });
    expect(pathOf(table, 'attrs{}').arrayLength).toMatchObject({ value: { min: 0, max: 2, mean: 1 } });
    expect(pathOf(table, 'orders[].sku')).toMatchObject({
      distinct: { value: 2 },
      kind: 'text',
      nativeType: 'VARCHAR',
    });
  });

  test('arrays of arrays, and names that need quotes', async () => {
    const table = await ofParquet(
      `SELECT [[1, 2], [], NULL, [3]] AS matrix, {'it''s "q"': 1, 'a b': {'[]': 2}} AS "odd.name" FROM range(2)`,
    );
    expect(brief(table.columns[0])).toEqual({ 'matrix[]': [8, 2, 2, '-'], 'matrix[][]': [6, 0, 2, '12'] });
    expect(brief(table.columns[1])).toEqual({
      "['odd.name']['a b']": [2, 0, 2, '-'],
      "['odd.name']['a b']['[]']": [2, 0, 2, '4'],
      "['odd.name']['it\\'s \"q\"']": [2, 0, 2, '2'],
    });
  });

  test('no more than 200 paths, with a warning that names what was left out', async () => {
    const fields = Array.from({ length: 230 }, (_, i) => `'f${i}': ${i}`).join(', ');
    const table = await ofParquet(`SELECT {${fields}} AS wide`);
    expect(table.columns[0]?.paths).toHaveLength(200);
    expect(table.columns[0]?.pathsLeftOut).toHaveLength(30);
    expect(table.warnings).toEqual([
      'column "wide": 30 of the paths within it are left out, for there are too many or they lie too deep: wide.f200, wide.f201, wide.f202, wide.f203, wide.f204, …',
    ]);
  }, 120_000);

  test('nothing in nothing: no rows, empty lists, nulls', async () => {
    expect(brief((await ofParquet('SELECT [1] AS l, {a: 1} AS s LIMIT 0')).columns[0])).toEqual({
      'l[]': [0, 0, 0, null],
    });
    const nulls = await ofParquet('SELECT NULL::STRUCT(a INTEGER[])[] AS l FROM range(3)');
    expect(brief(nulls.columns[0])).toEqual({
      'l[]': [0, 0, 0, '-'],
      'l[].a': [0, 0, 0, '-'],
      'l[].a[]': [0, 0, 0, null],
    });
  });
});

test('unions, arrays of fixed length and JSON within structs of DuckDB', async () => {
  const table =
    await ofDuckDb(`SELECT [1, 2, 3]::INTEGER[3] AS a, CASE WHEN i = 0 THEN union_value(n := 7)::UNION(n INTEGER, s VARCHAR) ELSE 'x'::UNION(n INTEGER, s VARCHAR) END AS u,
    {'j': '{"k": [1, {"z": "q"}]}'::JSON} AS s FROM range(2) r(i)`);
  expect(brief(table.columns[0])).toEqual({ 'a[]': [6, 0, 2, '12'] });
  expect(brief(table.columns[1])).toEqual({ 'u.n': [1, 0, 1, '7'], 'u.s': [1, 0, 1, 'x'] });
  expect(brief(table.columns[2])).toMatchObject({ 's.j.k[]': [4, 0, 2, '{"z":"q"}'], 's.j.k[].z': [2, 0, 2, 'q'] });
});

describe('JSON', () => {
  test('objects in objects and arrays of a file, missing keys told from nulls', async () => {
    const table = await ofJson([
      { id: 1, who: { name: 'Ann', geo: { lat: 1.5 } }, tags: ['a', 'b', null] },
      { id: 2, who: { name: null }, tags: [] },
      { id: 3, who: null },
      { id: 4, who: { geo: null, 'e-mail': 'x' }, tags: 'none' },
    ]);
    expect(brief(table.columns[1])).toEqual({
      'who.e-mail': [1, 0, 1, 'x'],
      'who.geo': [2, 1, 2, '-'],
      'who.geo.lat': [1, 0, 1, '1.5'],
      'who.name': [2, 1, 2, 'Ann'],
    });
    expect(brief(table.columns[2])).toEqual({ 'tags[]': [3, 1, 1, 'b'] });
    expect(pathOf(table, 'who.geo').types).toEqual({ object: 1 });
    expect(pathOf(table, 'tags[]').arrayLength).toMatchObject({ value: { min: 0, max: 3 } });
  });

  test('an object with more than 200 keys is a map; values of several types are texts with their types told', async () => {
    const prices = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`k${i}`, i % 3 === 0 ? { p: i } : i]));
    const table = await ofJson([{ prices }, { prices: { one: 'x' } }]);
    expect(brief(table.columns[0])).toEqual({
      'prices{}': [301, 0, 2, '-'],
      'prices{}.key': [301, 0, 2, 'one'],
      'prices{}.value': [301, 0, 2, '{"p":9}'],
      'prices{}.value.p': [100, 0, 1, '14850'],
    });
    expect(pathOf(table, 'prices{}.value')).toMatchObject({
      types: { number: 200, object: 100, string: 1 },
      nativeType: 'number or object or string',
    });
  });

  test.each([
    ['arrays', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('%s within each other, 100,000 deep, end at 16 with a warning', async (_, open, close) => {
    writeFileSync(at('deep.json'), `{"c":${open.repeat(100_000)}1${close.repeat(100_000)}}`);
    const table = foldParts([await partOf({ kind: 'relation', spec: { kind: 'json', paths: [at('deep.json')] } })]);
    expect(table.columns[0]?.paths?.length).toBe(16);
    expect(table.warnings.join()).toMatch(/left out/);
  });

  test('columns of databases: by their type, and texts that are JSON throughout', async () => {
    const values = ['{"a": {"b": 1}}', null, '{"a": {"b": 2}}'];
    const expected = { 'c.a': [2, 0, 2, '-'], 'c.a.b': [2, 0, 2, '3'] };
    for (const nativeType of ['jsonb', 'json', 'text', 'varchar(200)'])
      expect(brief((await ofTexts({ nativeType }, values)).columns[0]), nativeType).toEqual(expected);
    expect((await ofTexts({}, [...values, '{no json'])).columns[0]?.paths).toBeUndefined();
    expect(brief((await ofTexts({ nativeType: 'jsonb' }, [...values, '7', 'null', '[]'])).columns[0])).toEqual({
      ...expected,
      'c[]': [0, 0, 0, null],
    });
  });

  test.each([
    ['integer[]', ['{1,NULL,3}', '{}', '[0:1]={4,5}'], [5, 1, 2, '13']],
    ['text[]', ['{a,"b,\\"c\\\\","NULL",NULL,"{}"}'], [5, 1, 1, '{}']],
    ['boolean[]', ['{t,f,NULL}'], [3, 1, 1, '-']],
  ])('arrays of PostgreSQL: %s', async (nativeType, values, expected) => {
    expect(brief((await ofTexts({ nativeType }, values)).columns[0])['c[]']).toEqual(expected);
  });
});

describe('parts', () => {
  test('of JSON columns fold to the figures of the whole; what one part lacks has no value there', async () => {
    const values = ['{"a": 1, "l": ["x"]}', '{"b": "q"}', '{"a": 5, "l": ["y", "z"]}', null];
    const column = { nativeType: 'jsonb' };
    const parts = [values.slice(0, 1), values.slice(1, 2), values.slice(2)];
    const folded = foldParts(await Promise.all(parts.map((part, i) => partOf(batchesOf(column, part), String(i)))));
    const whole = await ofTexts(column, values);
    expect(brief(folded.columns[0])).toEqual(brief(whole.columns[0]));
    expect(pathOf(folded, 'c.l[]').arrayLength).toEqual(pathOf(whole, 'c.l[]').arrayLength);
  });

  test('say nothing of texts that are JSON in some parts only', async () => {
    const parts = [['{"a": 1}'], ['{not']].map((values, i) => partOf(batchesOf({}, values), String(i)));
    expect(foldParts(await Promise.all(parts)).columns[0]?.paths).toBeUndefined();
  });
});

test('a path has the profile of the same values in a flat column', async () => {
  const value = fc.oneof(fc.constant(null), fc.integer(), fc.string({ unit: 'grapheme' }), fc.constant(''));
  const rows = fc
    .array(fc.array(value, { maxLength: 6 }), { minLength: 1, maxLength: 12 })
    .filter((lists) => lists.flat().length > 0);
  await fc.assert(
    fc.asyncProperty(rows, async (lists) => {
      const table = await ofJson(lists.map((list) => ({ o: { l: list.map((v) => ({ v })) } })));
      const nested = pathOf(table, 'o.l[].v');
      const flat = (await ofJson(lists.flat().map((v) => ({ v })))).columns[0];
      if (!flat) throw new Error('no column');
      const { name: _name, ordinal: _ordinal, distinctCounter, valueSet, ...figures } = flat;
      expect(nested).toEqual({ ...figures, path: 'o.l[].v', presentIn: nested.presentIn, types: nested.types });
      expect(table.columns[0]?.pathSketches?.['o.l[].v']).toEqual({ distinctCounter, valueSet });
    }),
    { numRuns: 20, examples: [[[['a', 'b', null, '']]], [[[1, 2], [3]]]] },
  );
});
