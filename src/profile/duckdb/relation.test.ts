import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ReadColumn, ReadResult, RelationSpec } from '../../connectors/connector.ts';
import { AssayError } from '../../errors/assay-error.ts';
import { knownValue } from '../figure.ts';
import { foldParts } from '../fold.ts';
import type { ColumnProfile, TableProfile } from '../profile.ts';
import { measureRelation } from './measure-relation.ts';
import { profileRead } from './profile-read.ts';
import { toRelation } from './relation.ts';
import { openSession } from './session.ts';

let folder: string;
let temp: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relation-'));
  temp = join(folder, 'temp');
  await mkdir(temp);
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(async () => expect(await readdir(temp)).toEqual([]));

const options = (signal = new AbortController().signal, memoryMb = 256) => ({
  memoryMb,
  threads: 2,
  tempFolder: temp,
  signal,
});
const column = (name: string, duckdbType = 'VARCHAR', typeBasis: 'precise' | 'inferred' = 'precise'): ReadColumn => ({
  name,
  nativeType: duckdbType,
  duckdbType,
  typeBasis,
});
const profile = async (read: ReadResult, limit?: number): Promise<TableProfile> =>
  foldParts([await profileRead(read, options(), { key: 'all', whole: true, limit })]);
const stream = (columns: ReadColumn[], text: string | Readable, nullText = '\\N'): ReadResult => ({
  kind: 'bytes',
  format: 'csv',
  csv: { delimiter: ',', quote: '"', escape: '"', header: false, nullText },
  columns,
  stream: typeof text === 'string' ? Readable.from([Buffer.from(text)]) : text,
});
const batches = (columns: ReadColumn[], ...all: unknown[][][]): ReadResult => ({
  kind: 'batches',
  columns,
  batches: (async function* () {
    yield* all;
  })(),
});
const file = async (name: string, content: string | Buffer): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};
const ofFile = async (
  name: string,
  content: string | Buffer,
  spec: Partial<RelationSpec> = {},
): Promise<TableProfile> =>
  profile({ kind: 'relation', spec: { kind: 'csv', paths: [await file(name, content)], ...spec } as RelationSpec });
const top = (column: ColumnProfile | undefined) =>
  knownValue(column?.topValues)?.map(({ value, count }) => [value, count]);
const [first] = [(table: TableProfile) => table.columns[0] as ColumnProfile];

describe('a CSV stream', () => {
  it('tells nulls from empty texts, keeps quotes, delimiters, line ends and the null text in quotes', async () => {
    const { columns } = await profile(
      stream([column('a'), column('b')], '1,\\N\n2,\n3,""\n4,"\\N"\n5,"x,""y""\r\nz"\n6,  \n'),
    );
    expect(columns[1]).toMatchObject({ nulls: { value: 1 }, blanks: { value: 3 } });
    expect(top(columns[1])).toEqual([
      ['', 2],
      ['  ', 1],
      ['\\N', 1],
      ['x,"y"\r\nz', 1],
    ]);
  });

  it.each([
    ['short', '\uFEFFa', 'EFBBBF61', 1],
    ['short', '"\uFEFF\uFEFFa"', 'EFBBBFEFBBBF61', 1],
    ['long', '\uFEFFa', 'EFBBBF61', 300_000],
    ['long', '"\uFEFF\uFEFFa"', 'EFBBBFEFBBBF61', 300_000],
  ])(
    'that is %s keeps the byte order mark at the beginning, for it is part of a value: %s',
    async (_, first, bytes, others) => {
      await using session = await openSession(options());
      const read = stream([column('a'), column('b')], `${first},b\n${'c,d\n'.repeat(others)}`);
      const { name, columns } = await toRelation(session, read);
      const sql = `SELECT max(hex(${columns[0]?.ref})), count(*)::VARCHAR FROM ${name}`;
      expect(await session.query(sql, 'looking')).toEqual([[bytes, String(others + 1)]]);
    },
  );

  it("reads PostgreSQL's own null, which is nothing at all", async () => {
    const { columns } = await profile(stream([column('a'), column('b')], '1,\n2,""\n', ''));
    expect(columns[1]).toMatchObject({ nulls: { value: 1 }, blanks: { value: 1 } });
  });

  it('makes a column text when a value does not fit, and loses none', async () => {
    const table = await profile(
      stream([column('n', 'INTEGER'), column('d', 'DATE')], '1,2024-01-01\nmany,2024-02-30\n\\N,\\N\n'),
    );
    expect(table.warnings).toEqual([
      'column "n": 1 value does not fit INTEGER; the column is measured as text',
      'column "d": 1 value does not fit DATE; the column is measured as text',
    ]);
    expect(top(table.columns[0])).toEqual([
      ['1', 1],
      ['many', 1],
    ]);
    expect(top(table.columns[1])).toEqual([
      ['2024-01-01', 1],
      ['2024-02-30', 1],
    ]);
  });

  it('keeps years before Christ, microseconds, zones and infinity', async () => {
    const table = await profile(
      stream(
        [column('t', 'TIMESTAMP'), column('z', 'TIMESTAMP WITH TIME ZONE'), column('d', 'DATE')],
        '2024-01-02 03:04:05.123456,2024-01-02 03:04:05.5+02,0044-03-15 (BC)\ninfinity,2024-01-02 00:00:00+00,0044-03-15 BC\n0044-03-15 10:00:00 BC,\\N,-infinity\n',
      ),
    );
    expect(table.warnings).toEqual([]);
    const [t, z, d] = table.columns;
    expect([knownValue(t?.min), knownValue(t?.max)]).toEqual(['0044-03-15 (BC) 10:00:00', 'infinity']);
    expect(knownValue(t?.quantiles)?.['0.5']).toBe('2024-01-02T03:04:05.123456');
    expect([knownValue(z?.min), knownValue(z?.max)]).toEqual(['2024-01-02T00:00:00Z', '2024-01-02T01:04:05.5Z']);
    expect(top(d)).toEqual([
      ['0044-03-15 (BC)', 2],
      ['-infinity', 1],
    ]);
  });

  it('takes names of any kind, also twice', async () => {
    const names = ['a"b', "c'd", 'é ü', 'A', 'a', 'a', ''];
    const table = await profile(
      stream(
        names.map((name) => column(name)),
        '1,2,3,4,5,6,7\n',
      ),
    );
    expect(table.columns.map(({ name }) => name)).toEqual(names);
    expect(table.columns.map((one) => knownValue(one.lexicalMin))).toEqual(['1', '2', '3', '4', '5', '6', '7']);
  });

  it('counts the rows of a table without columns', async () => {
    expect(await profile(stream([], '\n\n\n'))).toMatchObject({ rows: { value: 3 }, columns: [] });
  });

  it('gives an empty table no figure that it cannot have', async () => {
    const table = await profile(stream([column('n', 'BIGINT'), column('t')], ''));
    expect(table.rows).toEqual({ value: 0, basis: 'exact' });
    expect(table.columns[0]).toMatchObject({
      nulls: { value: 0 },
      distinct: { value: 0 },
      min: { value: null },
      sum: { value: null },
      mean: { value: null },
      standardDeviation: { value: null },
      uniqueness: { unknown: 'there are no rows' },
      histogram: { value: [] },
    });
  });

  it('takes a value of ten megabytes and keeps its beginning only', async () => {
    const table = await profile(stream([column('a'), column('b', 'BIGINT')], `${'x'.repeat(10_000_000)},1\n`));
    expect(knownValue(first(table).length)).toMatchObject({ max: 10_000_000 });
    expect(knownValue(first(table).lexicalMax)).toBe(`${'x'.repeat(1024)}…`);
    expect(top(first(table))?.[0]?.[0]).toHaveLength(1025);
  });

  /** What comes before a stream breaks or falls silent: little, much of one column, and so much that it is read into columns. */
  const BEGINNINGS = [
    ['little', ['a'], '1\n2\n'],
    ['much of one column', ['a'], '1\n2\n'.repeat(400_000)],
    ['much', ['a', 'b'], '1,2\n'.repeat(400_000)],
  ] as const;

  it.each(BEGINNINGS)(
    'passes on the error of the source, with its code, when it breaks in the middle: %s',
    async (_, names, text) => {
      const broken = Readable.from(
        (async function* () {
          yield Buffer.from(text);
          throw new AssayError('SOURCE_LOST', 'the connection broke');
        })(),
      );
      const columns = names.map((name) => column(name, 'BIGINT'));
      await expect(profile(stream(columns, broken))).rejects.toMatchObject({ code: 'SOURCE_LOST' });
    },
  );

  it('says what is wrong with rows that are read into columns', async () => {
    const columns = [column('a', 'BIGINT'), column('b', 'BIGINT')];
    await expect(profile(stream(columns, `${'1,2\n'.repeat(400_000)}3\n`))).rejects.toMatchObject({
      code: 'SOURCE_BAD_DATA',
      message: 'reading the rows: a row has more or fewer fields than there are columns',
    });
  });

  it.each(BEGINNINGS)(
    'ends at once when it is called off, while the source is still thinking: %s',
    async (_, names, text) => {
      const control = new AbortController();
      const slow = new Readable({ read() {} });
      slow.push(text);
      const columns = names.map((name) => column(name));
      const work = profileRead(stream(columns, slow), options(control.signal), { key: 'all', whole: true });
      setTimeout(() => control.abort(), 50);
      await expect(work).rejects.toMatchObject({ code: 'CANCELLED' });
      expect(slow.destroyed).toBe(true);
    },
  );
});

describe('measuring', () => {
  it('stops a running statement when it is called off', async () => {
    const control = new AbortController();
    await using session = await openSession(options(control.signal));
    setTimeout(() => control.abort(), 50);
    await expect(
      session.query('SELECT count(*) FROM range(100000000000) a(i) WHERE i % 7 = 3', 'counting'),
    ).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(session.query('SELECT 1', 'again')).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('opens nothing but what it was given, and cannot be told otherwise', async () => {
    const secret = await file('secret.csv', 'a\n1\n');
    await using session = await openSession(options());
    await toRelation(session, batches([column('a')], [['1']]));
    for (const sql of [
      `SELECT * FROM read_csv('${secret}')`,
      `ATTACH '${folder}/x.db'`,
      'SET enable_external_access = true',
      'INSTALL httpfs',
      'LOAD httpfs',
    ]) {
      await expect(session.run(sql, 'trying'), sql).rejects.toBeInstanceOf(AssayError);
    }
  });

  it('measures one relation after another in one DuckDB, which keeps nothing of the first', async () => {
    const secret = await file('secret.csv', 'a\n1\n');
    const again = { ...options(), again: true };
    const measureOne = async (): Promise<string> => {
      await using session = await openSession(again);
      expect(await session.query("SELECT name FROM (SHOW ALL TABLES) WHERE database <> 'system'", 'looking')).toEqual(
        [],
      );
      await expect(session.run(`SELECT * FROM read_csv('${secret}')`, 'trying')).rejects.toBeInstanceOf(AssayError);
      const relation = await toRelation(
        session,
        stream([column('a', 'TIMESTAMP WITH TIME ZONE')], '2024-01-01 00:00:00+02\n'),
      );
      await session.run('CREATE TEMP TABLE g AS SELECT 1', 'making');
      expect(await session.query(`SELECT c0::VARCHAR FROM ${relation.name}`, 'reading')).toEqual([
        ['2023-12-31 22:00:00+00'],
      ]);
      await expect(session.run('SET enable_external_access = true', 'trying')).rejects.toBeInstanceOf(AssayError);
      return session.folder;
    };
    await (await openSession(options())).close();
    const first = await openSession(again);
    await first.lock([]);
    await first.close();
    expect(await readdir(temp)).toEqual([]);
    expect(await measureOne()).toBe(first.folder);
    expect(await measureOne()).toBe(first.folder);
    const control = new AbortController();
    const stopped = await openSession({ ...again, signal: control.signal });
    expect(stopped.folder).toBe(first.folder);
    control.abort();
    await stopped.close();
    const fresh = await openSession(again);
    expect(fresh.folder).not.toBe(first.folder);
    await fresh.close();
  });

  it('reads a table of 1,600 columns in 256 MB', async () => {
    const columns = Array.from({ length: 1_600 }, (_, i) =>
      column(`c${i}`, ['BIGINT', 'VARCHAR', 'DOUBLE', 'DATE'][i % 4]),
    );
    const line = (row: number): string =>
      `${columns.map((_, i) => [row * i, `v${row}`, row / 4, '2024-01-01'][i % 4]).join(',')}\n`;
    await using session = await openSession(options());
    const relation = await toRelation(
      session,
      stream(columns, `${Array.from({ length: 20 }, (_, row) => line(row)).join('')}${line(1)}`),
    );
    expect(relation.columns.map(({ name }) => name)).toEqual(columns.map(({ name }) => name));
    const chosen = columns.filter((_, i) => i % 200 === 0).map(({ name }) => name);
    const part = await measureRelation(session, relation, { key: 'all', whole: true, columns: chosen });
    expect(foldParts([part]).columns.map(({ nonNull }) => knownValue(nonNull))).toEqual(chosen.map(() => 21));
  }, 180_000);

  it('removes the folders that a killed process left behind, and no other', async () => {
    const ended = spawnSync('true').pid;
    const mine = await openSession(options());
    const name = basename(mine.folder).replace(`-${process.pid}-`, `-${ended}-`);
    await mkdir(join(temp, name));
    await mkdir(join(temp, 'duckdb-other-1-x'));
    await (await openSession(options())).close();
    expect((await readdir(temp)).sort()).toEqual([basename(mine.folder), 'duckdb-other-1-x'].sort());
    await mine.close();
    await rm(join(temp, 'duckdb-other-1-x'), { recursive: true });
  });

  it('measures more rows than its memory holds, by spilling', async () => {
    const rows = 400_000;
    const wide = Readable.from(
      (function* () {
        for (let from = 0; from < rows; from += 1000)
          yield Buffer.from(
            Array.from(
              { length: 1000 },
              (_, i) => `${from + i},${String((from + i) * 7919).padStart(120, 'x')}\n`,
            ).join(''),
          );
      })(),
    );
    const part = await profileRead(stream([column('a', 'BIGINT'), column('b')], wide), options(undefined, 96), {
      key: 'all',
      whole: true,
    });
    const table = foldParts([part]);
    expect(table.rows).toMatchObject({ value: rows });
    expect(table.columns.map(({ distinct }) => distinct)).toEqual([
      { value: rows, basis: 'exact' },
      { value: rows, basis: 'exact' },
    ]);
  }, 180_000);
});

describe('batches', () => {
  it('take numbers, big numbers, texts, bytes and booleans as they are', async () => {
    const table = await profile(
      batches(
        [
          column('i', 'BIGINT'),
          column('d', 'DOUBLE'),
          column('b', 'BOOLEAN'),
          column('x', 'BLOB'),
          column('m', 'DECIMAL(38,10)'),
          column('t'),
        ],
        [
          [1, 9223372036854775807n, null],
          [0.1, Number.NaN, -Infinity],
          [true, false, null],
          [new Uint8Array([0, 255]), new Uint8Array(), null],
          ['1234567890123456789012345678.0123456789', 2, null],
          ['a\u0000b', '\ud800', 'c'],
        ],
      ),
    );
    const [i, d, b, x, m, t] = table.columns;
    expect(table.warnings).toEqual([]);
    expect(i).toMatchObject({ max: { value: '9223372036854775807' }, sum: { value: '9223372036854775808' } });
    expect(d).toMatchObject({
      nan: { value: 1 },
      infinite: { value: 1 },
      min: { value: '-Infinity' },
      max: { value: '0.1' },
      sum: { value: '0.1' },
    });
    expect(top(b)).toEqual([
      ['false', 1],
      ['true', 1],
    ]);
    expect(x).toMatchObject({ kind: 'blob', length: { value: { min: 0, max: 2 } }, distinct: { value: 2 } });
    expect(m).toMatchObject({
      max: { value: '1234567890123456789012345678.0123456789' },
      sum: { value: '1234567890123456789012345680.0123456789' },
    });
    expect(JSON.stringify(t)).not.toMatch(/\\u0000|\\ud800/);
  });

  it('keep what does not fit the declared type', async () => {
    const table = await profile(
      batches(
        [column('i', 'BIGINT'), column('d', 'DOUBLE')],
        [
          [1, 1.5, 'x'],
          [2n, '3', null],
        ],
      ),
    );
    expect(top(table.columns[0])).toEqual([
      ['1', 1],
      ['1.5', 1],
      ['x', 1],
    ]);
    expect(table.warnings).toHaveLength(2);
  });
});

describe('a CSV file', () => {
  it('finds names and types, and leaves numbers with leading zeros texts', async () => {
    const table = await ofFile('a.csv', 'id,zip,price,born\n1,01234,1.50,2001-02-03\n2,99999,2,1999-12-31\n');
    expect(table.columns.map(({ name, kind }) => [name, kind])).toEqual([
      ['id', 'integer'],
      ['zip', 'text'],
      ['price', 'float'],
      ['born', 'date'],
    ]);
  });

  it('never rounds a value that comes after the rows the type was guessed from', async () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => `${i},x`);
    const table = await ofFile('late.csv', `n,t\n${lines.join('\n')}\n1.5,x\nmany,x\n`);
    expect(first(table)).toMatchObject({ kind: 'text', distinct: { value: 60_002 } });
    expect(table.warnings[0]).toMatch(/column "n": 2 values do not fit BIGINT/);
  });

  it('pads short lines with nulls, leaves out long ones, counts both and says so', async () => {
    const table = await ofFile('ragged.csv', `a,b\n${'1,2\n'.repeat(30_000)}1,2,3\n4\n5,6\n`);
    expect(table).toMatchObject({ rows: { value: 30_002 }, rejectedRows: 1 });
    expect(table.warnings).toEqual([
      '1 row has fewer fields than there are columns; the missing ones are null',
      '1 line has more fields than there are columns and was left out',
    ]);
    expect(table.columns[1]).toMatchObject({ nulls: { value: 1 } });
  });

  it('reads Latin-1, semicolons, no header, nothing, and only a header', async () => {
    const latin = await ofFile('latin.csv', Buffer.from('name;city\nJosé;Málaga\nZoë;Köln\n', 'latin1'), {
      delimiter: ',',
    });
    expect(latin.columns.map(({ name }) => name)).toEqual(['name', 'city']);
    expect(knownValue(latin.columns[1]?.lexicalMin)).toBe('Köln');
    expect(latin.warnings).toEqual(['the file is not UTF-8; it was read as ISO-8859-1 (frequency of characters)']);
    const bare = await ofFile('bare.csv', '1,x\n2,y\n', { told: { header: false } });
    expect(bare.columns.map(({ name }) => name)).toEqual(['column-0', 'column-1']);
    expect(await ofFile('empty.csv', '')).toMatchObject({
      rows: { value: 0 },
      columns: [],
      warnings: ['the file is empty'],
    });
    expect(await ofFile('head.csv', 'a,b\n', { told: { header: true } })).toMatchObject({
      rows: { value: 0 },
      columns: [{ name: 'a' }, { name: 'b' }],
    });
  });

  it('reads exactly the file whose name looks like a pattern', async () => {
    const named = { 'x*.csv': 'xa.csv', '[a].csv': 'a.csv', 'q?.csv': 'qq.csv', "y[1]*'.csv": "y1b'.csv" };
    for (const [odd, other] of Object.entries(named)) {
      await file(other, 'n,m\nwrong,1\n');
      const path = await file(odd, 'n,m\nright,1\n');
      const spec: RelationSpec = { kind: 'csv', paths: [path], delimiter: ',', told: { header: true } };
      const table = await profile({ kind: 'relation', spec });
      expect(table.columns[0], odd).toMatchObject({ rows: { value: 1 }, lexicalMin: { value: 'right' } });
    }
  });

  it('keeps blanks out of the distinct count and out of its counter', async () => {
    const of = async (values: string[]) =>
      (await profile(batches([column('v')], [values]))).columns[0] as ColumnProfile;
    const [mixed, plain] = [await of(['a', '', ' ', '\u2003', 'b', 'b']), await of(['a', 'b'])];
    expect(mixed).toMatchObject({ distinct: { value: 2 }, blanks: { value: 3 } });
    expect(mixed.distinctCounter).toBe(plain.distinctCounter);
  });

  it('says that the figures are of the first rows when it was told to read no more', async () => {
    const path = await file('first.csv', 'a\n1\n2\n3\n');
    const table = await profile({ kind: 'relation', spec: { kind: 'csv', paths: [path] } }, 2);
    expect(table.basis).toEqual({ kind: 'first rows', rowsRead: 2, partitions: 1 });
    expect(first(table)).toMatchObject({ max: { basis: 'sample', ofRows: 2 }, rows: { basis: 'sample' } });
  });

  it('is SOURCE_NO_OBJECT when it is gone', async () => {
    const spec: RelationSpec = { kind: 'csv', paths: [join(folder, 'gone.csv')] };
    await expect(profile({ kind: 'relation', spec })).rejects.toMatchObject({ code: 'SOURCE_NO_OBJECT' });
  });
});

describe('other files', () => {
  it('are Parquet, JSON and DuckDB, with nested columns', async () => {
    const [parquet, json, db] = ['t.parquet', 't.json', 't.duckdb'].map((name) => join(folder, name));
    const instance = await DuckDBInstance.create(db);
    const connection = await instance.connect();
    await connection.run(
      `CREATE SCHEMA "s""1"; CREATE TABLE "s""1"."t 1" AS SELECT i AS "I d", [i, i + 1] AS list, {'a': i} AS obj, i::UUID_TEXT AS u FROM range(3) r(i)`.replace(
        'i::UUID_TEXT',
        "('00000000-0000-0000-0000-00000000000' || i)::UUID",
      ),
    );
    await connection.run(`COPY "s""1"."t 1" TO '${parquet}'; COPY "s""1"."t 1" TO '${json}'`);
    connection.closeSync();
    instance.closeSync();
    const specs: RelationSpec[] = [
      { kind: 'parquet', paths: [parquet as string] },
      { kind: 'json', paths: [json as string] },
      { kind: 'duckdb', path: db as string, schema: 's"1', table: 't 1' },
    ];
    for (const spec of specs) {
      const table = await profile({ kind: 'relation', spec });
      expect(
        table.columns.map(({ name, distinct }) => [name, knownValue(distinct)]),
        spec.kind,
      ).toEqual([
        ['I d', 3],
        ['list', 3],
        ['obj', 3],
        ['u', 3],
      ]);
      // Nested values of JSON are measured as the text they have there.
      expect(table.columns[1]).toMatchObject(
        spec.kind === 'json'
          ? { kind: 'text', nativeType: 'array', topValues: { value: [{ value: '[0,1]' }, {}, {}] } }
          : { kind: 'nested', topValues: { value: [{ value: '[0, 1]' }, {}, {}] } },
      );
    }
  });

  it('are refused with SOURCE_BAD_DATA when they are not what they say', async () => {
    const path = await file('no.parquet', 'this is no parquet file at all');
    await expect(profile({ kind: 'relation', spec: { kind: 'parquet', paths: [path] } })).rejects.toMatchObject({
      code: 'SOURCE_BAD_DATA',
    });
  });
});
