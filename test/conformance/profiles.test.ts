import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection, Partition, ReadRequest } from '../../src/connectors/connector.ts';
import { loadConnector } from '../../src/connectors/openers.ts';
import { profileRead } from '../../src/profile/duckdb/profile-read.ts';
import { knownValue } from '../../src/profile/figure.ts';
import { foldParts } from '../../src/profile/fold.ts';
import type { TablePart } from '../../src/profile/part.ts';
import type { ColumnProfile } from '../../src/profile/profile.ts';
import { openDuckDbForTests, readRowGroupsForTests, writeDuckDb } from '../support/duckdb-files.ts';
import { createTestDatabase } from '../support/test-database.ts';
import { CASES_ELSEWHERE, CASES_HERE, type ConformanceSource, MANY_ROWS } from './connector-sources.ts';

/** The same rows have the same profile, whatever source and whatever way they come. */

const signal = new AbortController().signal;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'profiles-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function connect(
  databaseType: string,
  source: Pick<ConformanceSource, 'config' | 'fileRoots'>,
): Promise<Connection> {
  const connector = await loadConnector(databaseType);
  return connector.connect(source.config, {
    signal,
    applicationName: 'assay profiles',
    fileRoots: source.fileRoots,
    protectedPaths: [],
    connectTimeoutMs: 5_000,
    openDuckDb: openDuckDbForTests,
    readRowGroups: readRowGroupsForTests,
  });
}

async function partOf(connection: Connection, request: Omit<ReadRequest, 'signal'>, key = 'all'): Promise<TablePart> {
  const read = await connection.read({ ...request, signal });
  return profileRead(read, { memoryMb: 256, threads: 2, tempFolder: folder, signal }, { key, whole: key === 'all' });
}

const top = (column: ColumnProfile | undefined) => knownValue(column?.topValues)?.map(({ value }) => value);

it.skip.each(CASES_ELSEWHERE)('%s', () => {});

describe.each(CASES_HERE)('a profile from $databaseType $format', ({ databaseType, open }) => {
  let source: ConformanceSource;
  let connection: Connection;
  beforeAll(async () => {
    source = await open();
    connection = await connect(databaseType, source);
  });
  afterAll(async () => {
    await connection?.close();
    await source?.drop();
  });

  it('tells nulls, blanks and values that formats use themselves', async () => {
    const table = foldParts([await partOf(connection, source.people)]);
    expect(table).toMatchObject({ rows: { value: 7 }, warnings: [], rejectedRows: 0 });
    const [id, name, note] = table.columns;
    expect(id).toMatchObject({
      kind: 'integer',
      min: { value: '1' },
      max: { value: '7' },
      sum: { value: '28' },
      mean: { value: '4' },
      distinct: { value: 7 },
    });
    expect(name).toMatchObject({
      nulls: { value: 1 },
      blanks: { value: 2 },
      distinct: { value: 4 },
      length: { value: { min: 0, max: 14 } },
    });
    expect(top(name)).toEqual(['', '   ', 'Ann', 'Zoë 🙂 İstanbul', '\\N', 'tab\there']);
    expect(note).toMatchObject({ nulls: { value: 1 }, blanks: { value: 1 }, distinct: { value: 5 } });
    expect(top(note)).toContain('two\nlines\r\nthree');
  });

  it('reads the many rows whole', async () => {
    const [id] = foldParts([await partOf(connection, source.many)]).columns;
    expect(id).toMatchObject({
      distinct: { value: MANY_ROWS, basis: 'exact' },
      sum: { value: String((MANY_ROWS * (MANY_ROWS + 1)) / 2) },
    });
  });

  it('reads the rows that are chosen: so many, each with the same chance, the same ones each time', async () => {
    const chosen = async (request: Pick<ReadRequest, 'sample' | 'where'>) => {
      const part = await partOf(connection, { ...source.many, ...request });
      const [id] = foldParts([part]).columns;
      return {
        rows: part.rows,
        distinct: knownValue(id?.distinct),
        sum: Number(knownValue(id?.sum)),
        max: knownValue(id?.max),
      };
    };
    const some = await chosen({ sample: { kind: 'rows', rows: 400, seed: 5 } });
    expect(some).toMatchObject({ rows: 400, distinct: 400 });
    // The mean of 400 of the numbers to N has the deviation N / √(12·400); six of them.
    expect(Math.abs(some.sum / 400 / MANY_ROWS - 0.5)).toBeLessThan(6 / Math.sqrt(12 * 400));
    expect(await chosen({ sample: { kind: 'rows', rows: 400, seed: 5 } })).toEqual(some);
    expect((await chosen({ sample: { kind: 'rows', rows: 400, seed: 6 } })).sum).not.toBe(some.sum);
    const share = await chosen({ sample: { kind: 'share', percent: 10, seed: 5 } });
    expect(Math.abs(share.rows - MANY_ROWS / 10)).toBeLessThan(6 * Math.sqrt(MANY_ROWS * 0.09));
    expect(share.distinct).toBe(share.rows);
    expect(await chosen({ sample: { kind: 'share', percent: 10, seed: 5 } })).toEqual(share);
    const tenth = await chosen({ sample: { kind: 'nth', n: 10 } });
    expect(tenth).toMatchObject({ rows: Math.floor(MANY_ROWS / 10), distinct: Math.floor(MANY_ROWS / 10) });
    const few = await chosen({ where: 'id <= 1000', sample: { kind: 'rows', rows: 100, seed: 5 } });
    expect(few).toMatchObject({ rows: 100, distinct: 100 });
    expect(Number(few.max)).toBeLessThanOrEqual(1000);
    expect(await chosen({ sample: { kind: 'rows', rows: MANY_ROWS + 1, seed: 5 } })).toMatchObject({ rows: MANY_ROWS });
  });

  it('is the same from the parts of a table, where the source can cut one', async () => {
    const partitions: Partition[] =
      (await connection.planPartitions?.(source.many.type, source.many.path, MANY_ROWS / 3)) ?? [];
    // A source that cannot cut gives one part or none: the whole, which the test above reads.
    if (partitions.length < 2)
      return expect(connection.planPartitions === undefined || partitions.length < 2).toBe(true);
    const parts: TablePart[] = [];
    for (const partition of partitions)
      parts.push(await partOf(connection, { ...source.many, partition }, partition.key));
    const [id] = foldParts(parts).columns;
    expect(id).toMatchObject({
      nonNull: { value: MANY_ROWS },
      min: { value: '1' },
      max: { value: String(MANY_ROWS) },
      distinct: { basis: 'estimate' },
    });
    expect(Math.abs((knownValue(id?.distinct) ?? 0) / MANY_ROWS - 1)).toBeLessThan(0.055);
  });
});

describe('a profile from PostgreSQL', () => {
  it('keeps every type the source has, with nothing unknown and nothing lost', async () => {
    const database = await createTestDatabase({ empty: true });
    try {
      await database.pool.query(`
        CREATE TYPE mood AS ENUM ('sad', 'glad');
        CREATE TABLE kinds (i2 smallint, i8 bigint, n numeric, n2 numeric(30,10), f4 real, f8 double precision, b boolean, t text, c char(3), d date, ts timestamp, tz timestamptz,
          tm time, iv interval, u uuid, j jsonb, a int[], y bytea, e mood, ip inet, m money, free numeric, odd numeric(5,2));
        INSERT INTO kinds VALUES
          (1, 9223372036854775807, 'NaN', 12345678901234567890.0123456789, 'NaN', 'Infinity', true, 'a', 'x', '2024-02-29', '2024-02-29 23:59:59.999999', '2024-02-29 23:59:59.5+02',
           '24:00', '1 year 2 days', '00000000-0000-0000-0000-00000000000a', '{"a": [1, null]}', '{1,NULL,3}', '\\x00ff', 'glad', '10.0.0.1/8', 12.5, 12.50, 'NaN'),
          (-1, -9223372036854775808, 1e100, -1, 1.5, -0.1, false, E'q"\\n\\\\N', 'yz', '0044-03-15 BC', 'infinity', '0044-03-15 12:00 BC', '00:00', '-1 mon', 'ffffffff-ffff-ffff-ffff-ffffffffffff', 'null', '{}', '', 'sad', '::1', -1, -999999999999999999.00000000000000000001, 1.50),
          (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`);
      const {
        user,
        password,
        database: databaseName,
        host,
        port,
      } = new pg.Client({ connectionString: database.connectionString });
      const connection = await connect('POSTGRES', {
        config: {
          databaseType: 'POSTGRES',
          host,
          port: String(port),
          userName: user,
          password: password ?? '',
          databaseName,
        },
        fileRoots: [],
      });
      const table = foldParts([await partOf(connection, { type: 'TABLE', path: ['public', 'kinds'] })]);
      await connection.close();
      expect(table.warnings).toEqual(['column "n": 2 values do not fit numeric; the column is measured as text']);
      const column = Object.fromEntries(table.columns.map((one) => [one.name, one]));
      const unknown = table.columns.flatMap((one) =>
        Object.entries(one).flatMap(([key, figure]) =>
          figure && typeof figure === 'object' && 'unknown' in figure ? [[one.name, key, figure]] : [],
        ),
      );
      expect(unknown).toEqual([]);
      // A number that is none is counted apart, and is no value of the decimals.
      expect(column.odd).toMatchObject({
        ...{ kind: 'decimal', nulls: { value: 1 }, nonNull: { value: 2 }, nan: { value: 1 }, distinct: { value: 1 } },
        ...{ sum: { value: '1.50' }, max: { value: '1.50' } },
      });
      for (const one of table.columns.filter(({ name }) => name !== 'odd'))
        expect(one, one.name).toMatchObject({ rows: { value: 3 }, nulls: { value: 1 }, distinct: { value: 2 } });
      expect(column.i8).toMatchObject({
        min: { value: '-9223372036854775808' },
        max: { value: '9223372036854775807' },
        sum: { value: '-1' },
      });
      expect(column.n2).toMatchObject({
        max: { value: '12345678901234567890.0123456789' },
        sum: { value: '12345678901234567889.0123456789' },
      });
      // Whose texts for people are those of the numbers, without the zeros of a common scale.
      expect(column.free).toMatchObject({
        kind: 'decimal',
        min: { value: '-999999999999999999.00000000000000000001' },
        max: { value: '12.5' },
        sum: { value: '-999999999999999986.50000000000000000001' },
      });
      expect(column.f4).toMatchObject({ nan: { value: 1 }, max: { value: '1.5' } });
      expect(column.f8).toMatchObject({ infinite: { value: 1 }, min: { value: '-0.1' }, max: { value: 'Infinity' } });
      expect(column.d).toMatchObject({ min: { value: '0044-03-15 (BC)' }, max: { value: '2024-02-29' } });
      expect(column.ts).toMatchObject({ min: { value: '2024-02-29T23:59:59.999999' }, max: { value: 'infinity' } });
      expect(column.tz).toMatchObject({ max: { value: '2024-02-29T21:59:59.5Z' } });
      expect(column.y).toMatchObject({ kind: 'blob', length: { value: { min: 0, max: 2 } } });
      expect(column.t).toMatchObject({ lexicalMax: { value: 'q"\n\\N' } });
    } finally {
      await database.drop();
    }
  });
});

describe('a profile from DuckDB', () => {
  it('measures every type the file has; a view that leads out of the file is refused by name, alone', async () => {
    const path = join(folder, 'kinds.duckdb');
    await writeFile(join(folder, 'outside.csv'), 'a\n1\n');
    await writeDuckDb(path, [
      `CREATE TYPE mood AS ENUM ('sad', 'glad]')`,
      `CREATE TABLE kinds (s STRUCT(a INT, b VARCHAR), l INT[], arr INT[3], m MAP(VARCHAR, INT), un UNION(i INT, t VARCHAR), h HUGEINT,
         uh UHUGEINT, big BIGNUM, e mood, b BIT, tns TIMESTAMP_NS, tms TIMESTAMP_MS, ts TIMESTAMP_S, iv INTERVAL, bl BLOB, u UUID, tz TIMETZ, ttz TIMESTAMPTZ, t TIME, tn TIME_NS, f FLOAT, j JSON, d DATE)`,
      `INSERT INTO kinds VALUES
         ({'a': 1, 'b': 'x'}, [1, NULL], [1, 2, 3], MAP {'k': 1}, union_value(i := 1), 170141183460469231731687303715884105727,
          340282366920938463463374607431768211455, 12345678901234567890123456789012345678901234567890, 'sad', '10110'::BIT, '2024-01-01 00:00:00.123456789', '2024-01-01 00:00:00.123', '2024-01-01 00:00:01', INTERVAL 1 DAY,
          '\\xAA'::BLOB, '00000000-0000-0000-0000-00000000000a', '10:00:00+02', '2024-01-01 00:00:00+02', '10:00', '10:00:00.123456789', 'nan', '{"a": 1}', '0044-03-15 (BC)'),
         ({'a': NULL, 'b': ''}, [], [NULL, NULL, NULL], MAP {}, union_value(t := 'w'), -170141183460469231731687303715884105728,
          0, -1, 'glad]', '0'::BIT, '1970-01-01', '1970-01-01', 'infinity', INTERVAL '-1 month', ''::BLOB, 'ffffffff-ffff-ffff-ffff-ffffffffffff', '00:00:00-15', 'infinity', '24:00', '00:00', 'inf', 'null', '2024-02-29'),
         (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
      `CREATE VIEW external AS SELECT * FROM read_csv('${join(folder, 'outside.csv')}')`,
      'CREATE VIEW two AS SELECT d, u FROM kinds WHERE d IS NOT NULL',
    ]);
    const connection = await connect('DUCKDB', { config: { databaseType: 'DUCKDB', path }, fileRoots: [folder] });
    const table = foldParts([await partOf(connection, { type: 'TABLE', path: ['main', 'kinds'] })]);
    const unknown = table.columns.flatMap((one) =>
      Object.entries(one).flatMap(([key, figure]) =>
        figure && typeof figure === 'object' && 'unknown' in figure ? [[one.name, key, figure]] : [],
      ),
    );
    // 2^128 - 1 is more than any type of DuckDB adds up exactly.
    expect(unknown.map(([name, key]) => `${name} ${key}`)).toEqual(['uh sum', 'uh mean', 'uh standardDeviation']);
    expect(JSON.stringify(unknown)).toMatch(/out of range/);
    expect(table).toMatchObject({ rows: { value: 3 }, warnings: [] });
    for (const one of table.columns) expect(one, one.name).toMatchObject({ nulls: { value: 1 } });
    expect(table.columns.map(({ name, kind }) => `${name} ${kind}`).join(', ')).toBe(
      's nested, l nested, arr nested, m nested, un nested, h integer, uh integer, big other, e text, b other, tns timestamp, tms timestamp, ts timestamp, iv interval, bl blob, u uuid, tz other, ttz timestamp, t time, tn other, f float, j text, d date',
    );
    const column = Object.fromEntries(table.columns.map((one) => [one.name, one]));
    expect(column.h).toMatchObject({
      min: { value: '-170141183460469231731687303715884105728' },
      max: { value: '170141183460469231731687303715884105727' },
      sum: { value: '-1' },
    });
    expect(column.uh).toMatchObject({ max: { value: '340282366920938463463374607431768211455' } });
    expect(column.tns).toMatchObject({ max: { value: '2024-01-01T00:00:00.123456789' } });
    expect(top(column.s)).toContain("{'a': 1, 'b': x}");
    await expect(partOf(connection, { type: 'VIEW', path: ['main', 'external'] })).rejects.toMatchObject({
      code: 'SOURCE_NOT_ALLOWED',
      message: expect.stringMatching(/outside\.csv.*outside of the database/),
    });
    expect(await partOf(connection, { type: 'VIEW', path: ['main', 'two'], columns: ['u'] })).toMatchObject({
      rows: 2,
    });
    expect(
      await partOf(connection, {
        type: 'TABLE',
        path: ['main', 'kinds'],
        columns: ['u', 'd'],
        where: "e = 'sad' -- one",
      }),
    ).toMatchObject({ rows: 1, columns: [{ column: { name: 'u' } }, { column: { name: 'd' } }] });
    await connection.close();
  });
});
