import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../src/connectors/connector.ts';
import { loadConnector } from '../../src/connectors/openers.ts';
import { profileRead } from '../../src/profile/duckdb/profile-read.ts';
import { knownValue } from '../../src/profile/figure.ts';
import { foldParts } from '../../src/profile/fold.ts';
import type { ColumnProfile, TableProfile } from '../../src/profile/profile.ts';
import { rowsOf } from '../conformance/rows-of.ts';
import { type Admin, connectMariadb, mariadb, mariadbSource } from './live-mariadb.ts';

/** What values of every type become on their way from the server into a profile. */

const signal = new AbortController().signal;
let admin: Admin;
let connection: Connection;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mariadb-types-'));
  admin = await connectMariadb();
  for (const sql of [
    'CREATE DATABASE kinds CHARACTER SET utf8mb4',
    'USE kinds',
    "SET sql_mode = '', time_zone = '+00:00'",
  ])
    await admin.query(sql);
  connection = await (await loadConnector('MARIADB')).connect(mariadbSource(), {
    signal,
    applicationName: 'assay types',
    fileRoots: [dirname(mariadb().ca)],
    protectedPaths: [],
    connectTimeoutMs: 5_000,
  });
});
afterAll(async () => {
  await connection?.close();
  await admin?.query('DROP DATABASE kinds');
  await admin?.end();
  await rm(folder, { recursive: true, force: true });
});

async function profileOf(table: string): Promise<TableProfile> {
  const read = await connection.read({ type: 'TABLE', path: ['kinds', table], signal });
  const session = { memoryMb: 256, threads: 2, tempFolder: folder, signal };
  return foldParts([await profileRead(read, session, { key: 'all', whole: true })]);
}

async function valuesOf(table: string): Promise<{ types: Record<string, string>; rows: (string | null)[][] }> {
  const read = await connection.read({ type: 'TABLE', path: ['kinds', table], signal });
  const columns = read.kind === 'bytes' ? read.columns : [];
  const { rows } = await rowsOf(read);
  return { types: Object.fromEntries(columns.map((column) => [column.name, column.duckdbType])), rows };
}

const byName = (table: TableProfile): Record<string, ColumnProfile> =>
  Object.fromEntries(table.columns.map((column) => [column.name, column]));

describe('types that DuckDB has too', () => {
  test('keep every value, with nothing unknown and nothing lost', async () => {
    await admin.query(`
      CREATE TABLE plain (i1 tinyint, u1 tinyint unsigned, i3 mediumint, u4 int unsigned, z int(6) zerofill, i8 bigint, u8 bigint unsigned,
        d decimal(20,5), f float, g double, b1 bit(1), b9 bit(9), y year, dt date, ts6 datetime(6), ti timestamp(3) NULL, tm time(2), c char(3), v varchar(9),
        t text, e enum('sad','glad'), s set('a','b','c'), j json, yb varbinary(4), bb blob, u uuid, ip inet6, p point)`);
    await admin.query(`
      INSERT INTO plain VALUES
        (-128, 255, -8388608, 4294967295, 42, -9223372036854775808, 18446744073709551615, 123456789012345.12345, 1.1, 0.1, 1, 511, 2155, '9999-12-31',
         '2024-02-29 23:59:59.999999', '2024-02-29 23:59:59.5', '23:59:59.99', 'x', 'a', 'q"\\\\N', 'glad', 'a,c', '{"a": [1, null]}', x'00ff', x'5c78', '00000000-0000-0000-0000-00000000000a',
         '::1', ST_GeomFromText('POINT(1 2)')),
        (127, 0, 8388607, 0, 1, 9223372036854775807, 0, -1, 16777216, -1.5e100, 0, 0, 1901, '0001-01-01', '1000-01-01', '1970-01-01 00:00:01', '00:00:00', '', '', '', 'sad', '', 'null',
         '', '', 'ffffffff-ffff-ffff-ffff-ffffffffffff', 'fe80::', ST_GeomFromText('POINT(0 0)')),
        (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`);
    const table = await profileOf('plain');
    expect(table.warnings).toEqual([]);
    const column = byName(table);
    const unknown = table.columns.flatMap((one) =>
      Object.entries(one).flatMap(([key, figure]) =>
        figure && typeof figure === 'object' && 'unknown' in figure ? [[one.name, key, figure]] : [],
      ),
    );
    expect(unknown).toEqual([]);
    const oneBlank = new Set(['c', 'v', 't', 's']);
    for (const one of table.columns)
      expect(one, one.name).toMatchObject({
        rows: { value: 3 },
        nulls: { value: 1 },
        distinct: { value: oneBlank.has(one.name) ? 1 : 2 },
      });
    expect(column.i8).toMatchObject({ min: { value: '-9223372036854775808' }, max: { value: '9223372036854775807' } });
    expect(column.u8).toMatchObject({ kind: 'integer', max: { value: '18446744073709551615' } });
    expect(column.z).toMatchObject({ kind: 'integer', max: { value: '42' } });
    expect(column.d).toMatchObject({ kind: 'decimal', max: { value: '123456789012345.12345' } });
    // All digits of the float, not the six that the server prints: 16777216 and not 16777200.
    expect(column.f).toMatchObject({ kind: 'float', min: { value: '1.1' }, max: { value: '16777216.0' } });
    expect(column.b1).toMatchObject({ kind: 'boolean' });
    expect(column.b9).toMatchObject({ kind: 'integer', max: { value: '511' } });
    expect(column.y).toMatchObject({ min: { value: '1901' }, max: { value: '2155' } });
    expect(column.ts6).toMatchObject({ kind: 'timestamp', max: { value: '2024-02-29T23:59:59.999999' } });
    expect(column.ti).toMatchObject({ kind: 'timestamp', max: { value: '2024-02-29T23:59:59.5Z' } });
    expect(column.tm).toMatchObject({ kind: 'time' });
    expect(column.yb).toMatchObject({ kind: 'blob', length: { value: { min: 0, max: 2 } } });
    expect(column.u).toMatchObject({ kind: 'uuid' });
    expect(knownValue(column.p?.topValues)?.map(({ value }) => value)).toEqual(['POINT(0 0)', 'POINT(1 2)']);
    expect(knownValue(column.t?.topValues)?.map(({ value }) => value)).toContain('q"\\N');
    expect(knownValue(column.j?.topValues)?.map(({ value }) => value)).toContain('{"a": [1, null]}');
  });
});

describe('types that DuckDB has not', () => {
  test('decimals of more than 38 digits are texts that lose no digit', async () => {
    const digits = `${'9'.repeat(35)}.${'1'.repeat(30)}`;
    await admin.query('CREATE TABLE wide (d decimal(65,30), e decimal(38,10))');
    await admin.query(`INSERT INTO wide VALUES (${digits}, 1), (-${digits}, -1)`);
    const { types, rows } = await valuesOf('wide');
    expect(types).toEqual({ d: 'VARCHAR', e: 'DECIMAL(38,10)' });
    expect(rows.map(([value]) => value)).toEqual([digits, `-${digits}`]);
  });

  test('zero dates and times beyond a day make their column text, with a warning, and are kept', async () => {
    await admin.query('CREATE TABLE odd (d date, dt datetime, ts timestamp NULL, tm time)');
    await admin.query(
      `INSERT INTO odd VALUES ('0000-00-00', '0000-00-00 00:00:00', '0000-00-00 00:00:00', '-838:59:59'), ('2024-00-00', '2024-01-02', '2024-01-02', '25:00:00')`,
    );
    const table = await profileOf('odd');
    expect(table.warnings).toEqual([
      expect.stringMatching(/"d": 2 values do not fit date/),
      expect.stringMatching(/"dt": 1 value does not fit datetime/),
      expect.stringMatching(/"ts": 1 value does not fit timestamp/),
      expect.stringMatching(/"tm": 2 values do not fit time/),
    ]);
    const column = byName(table);
    expect(column.d).toMatchObject({ kind: 'text', nulls: { value: 0 }, lexicalMin: { value: '0000-00-00' } });
    expect(knownValue(column.tm?.topValues)?.map(({ value }) => value)).toEqual(['-838:59:59', '25:00:00']);
  });
});

describe('text', () => {
  test('comes out the same from every character set', async () => {
    const word = 'Zoë – naïve';
    const sets = ['latin1', 'utf8mb3', 'utf8mb4', 'utf16', 'ucs2', 'utf32'];
    await admin.query(
      `CREATE TABLE sets (${sets.map((set) => `c_${set} varchar(40) CHARACTER SET ${set}`).join(', ')})`,
    );
    await admin.query(`INSERT INTO sets VALUES (${sets.map(() => `'${word}'`).join(', ')})`);
    expect((await valuesOf('sets')).rows).toEqual([sets.map(() => word)]);
  });

  test('keeps control characters, and what is no valid UTF-8 is shown as U+FFFD and told', async () => {
    await admin.query('CREATE TABLE broken (id int, good varchar(20), half varchar(20) CHARACTER SET ucs2)');
    await admin.query(`INSERT INTO broken VALUES (1, 'a\\0b', _ucs2 x'0061D8000062'), (2, 'ü', _ucs2 x'0063')`);
    const table = await profileOf('broken');
    expect(table.warnings).toEqual([expect.stringMatching(/column "half": 1 value is no valid UTF-8/)]);
    const column = byName(table);
    const [first] = knownValue(column.half?.topValues)?.map(({ value }) => value) ?? [];
    expect(first).toMatch(/^a\ufffd+b$/);
    expect((await valuesOf('broken')).rows.map((row) => row[1])).toEqual(['a\0b', 'ü']);
    // The store keeps no U+0000.
    expect(knownValue(column.good?.topValues)?.map(({ value }) => value)).toEqual(['a\ufffdb', 'ü']);
  });
});

test('names of any shape are listed and read', async () => {
  const names = ['a`b', 'new\nline', 'quo\'te"s', 'back\\slash', 'Ünïcödé', '100%', 'sp ace', '-- c /* */', 'ORDER'];
  const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
  for (const name of names) {
    await admin.query(
      `CREATE TABLE ${quote(name)} (${quote(name)} int COMMENT '${name.replaceAll('\\', '\\\\').replaceAll("'", "''")}')`,
    );
    await admin.query(`INSERT INTO ${quote(name)} VALUES (7)`);
  }
  const listed = new Map<string, string>();
  for await (const event of connection.introspect({ unit: { path: ['kinds'], type: 'SCHEMA' }, signal }))
    if (event.kind === 'objects')
      for (const { type, path, metadata } of event.objects)
        if (type === 'COLUMN')
          listed.set(path.slice(1).join('\0'), String((metadata.column as { remarks: string }).remarks));
  for (const name of names) {
    expect(listed.get(`${name}\0${name}`)).toBe(name);
    const { rows } = await valuesOf(name);
    expect(rows, name).toEqual([['7']]);
  }
});
