import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { holdForWriting, kill, openDuckDbForTests, writeDuckDb } from '../../../test/support/duckdb-files.ts';
import { profileRead } from '../../profile/duckdb/profile-read.ts';
import type { ConnectContext, Connection, ListingEvent, OpenDuckDb, SourceObject } from '../connector.ts';
import { duckdbConnector } from './index.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'assay-duckdb-'));
  mkdirSync(at('in'));
  writeFileSync(at('in/outside.csv'), 'a,b\n1,2\n');
  await writeDuckDb(at('in/shop.duckdb'), [
    'CREATE SCHEMA "odd "" name"',
    `CREATE TYPE mood AS ENUM ('sad', 'gl]ad')`,
    'CREATE TABLE p (id INTEGER, tenant INTEGER, u VARCHAR UNIQUE, n DECIMAL(10,2) NOT NULL DEFAULT 5, PRIMARY KEY (tenant, id))',
    'CREATE TABLE c (x INTEGER, t INTEGER, y INTEGER, g INTEGER GENERATED ALWAYS AS (x + 1), FOREIGN KEY (t, y) REFERENCES p (tenant, id))',
    `COMMENT ON TABLE p IS 'people'`,
    `COMMENT ON COLUMN p.u IS 'unique name'`,
    'CREATE VIEW v AS SELECT id, u FROM p',
    `COMMENT ON VIEW v IS 'some of them'`,
    `CREATE VIEW external AS SELECT * FROM read_csv('${at('in/outside.csv')}')`,
    'CREATE TABLE gone (a INTEGER)',
    'CREATE VIEW broken AS SELECT a FROM gone',
    'DROP TABLE gone',
    `INSERT INTO p SELECT i, 1, 'u' || i, 1 FROM range(1000) t(i)`,
    'CREATE TABLE "odd "" name"."t ""1" ("c ""1" STRUCT(a INTEGER[], "b c" VARCHAR), e mood)',
  ]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const contextOf = (signal = new AbortController().signal): ConnectContext => ({
  signal,
  applicationName: 'test',
  fileRoots: [at('in')],
  protectedPaths: [],
  connectTimeoutMs: 1_000,
  openDuckDb: openDuckDbForTests,
});
const configOf = (name: string) => ({ databaseType: 'DUCKDB', path: at(name) });
const open = (name: string): Promise<Connection> => duckdbConnector.connect(configOf(name), contextOf());

async function listingOf(session: Connection, schema: string): Promise<ListingEvent[]> {
  const events: ListingEvent[] = [];
  const unit = { path: [schema], type: 'SCHEMA' as const };
  for await (const event of session.introspect({ unit, signal: contextOf().signal })) events.push(event);
  return events;
}
const objectsIn = (events: ListingEvent[]): SourceObject[] =>
  events.flatMap((event) => (event.kind === 'objects' ? event.objects : []));

describe('what is in a file', () => {
  test('keys, comments, defaults and row counts are listed; views that read other files are, too', async () => {
    const session = await open('in/shop.duckdb');
    expect((await session.listUnits()).map(({ path }) => path)).toEqual([['main'], ['odd " name']]);
    const events = await listingOf(session, 'main');
    expect(events.filter((event) => event.kind === 'failed')).toEqual([]);
    expect(events.at(-1)).toEqual({ kind: 'complete', path: ['main'] });
    const objects = objectsIn(events);
    const get = (...path: string[]) =>
      objects.find((one) => one.path.join('.') === ['main', ...path].join('.'))?.metadata;
    expect(get('p')).toMatchObject({
      table: {
        tableType: 'TABLE',
        remarks: 'people',
        primaryKey: { columns: ['tenant', 'id'] },
        uniqueKeys: [{ columns: ['u'] }],
      },
      stats: { rows: 1000 },
    });
    expect(get('p', 'id')).toMatchObject({ column: { isPrimaryKey: true, isNullable: false, sqlDataType: 'INTEGER' } });
    expect(get('p', 'u')).toMatchObject({ column: { remarks: 'unique name', isNullable: true } });
    expect(get('p', 'n')).toMatchObject({
      column: {
        dataType: 'DECIMAL(10,2)',
        typeName: 'DECIMAL',
        columnSize: 10,
        decimalDigits: 2,
        isNullable: false,
        defaultValue: '5',
      },
    });
    expect(get('c', 'y')).toMatchObject({
      column: { isForeignKey: true, references: [{ schema: 'main', table: 'p', column: 'id' }] },
    });
    expect(get('v')).toMatchObject({ table: { tableType: 'VIEW', remarks: 'some of them' }, stats: { rows: null } });
    expect(get('external', 'b')).toMatchObject({ column: { ordinalPosition: 2 } });
    expect(get('broken', 'a')).toBeDefined();
    expect(
      objectsIn(await listingOf(session, 'odd " name')).map(({ path, metadata }) => [path.slice(1), metadata.column]),
    ).toMatchObject([
      [[], undefined],
      [['t "1'], undefined],
      [['t "1', 'c "1'], { dataType: 'STRUCT(a INTEGER[], "b c" VARCHAR)', typeName: 'STRUCT' }],
      [['t "1', 'e'], { typeName: 'ENUM' }],
    ]);
    await session.close();
  });

  test('a broken view whose columns the file did not record is no failure', async () => {
    const unrecorded: OpenDuckDb = async (path, signal) => {
      const catalog = await openDuckDbForTests(path, signal);
      // As files of older versions have it, which this one cannot write.
      const query = async (sql: string, doing: string): Promise<unknown[][]> =>
        (await catalog.query(sql, doing)).filter(([table]) => !sql.includes('duckdb_columns') || table === 'p');
      return { query, close: () => catalog.close() };
    };
    const session = await duckdbConnector.connect(configOf('in/shop.duckdb'), {
      ...contextOf(),
      openDuckDb: unrecorded,
    });
    const events = await listingOf(session, 'main');
    await session.close();
    const why = 'view "broken": Catalog Error: Table with name gone does not exist!';
    expect(events.filter(({ kind }) => kind === 'failed')).toEqual([]);
    expect(events.filter(({ kind }) => kind === 'unproven')).toEqual([
      {
        kind: 'unproven',
        path: ['main', 'broken'],
        reason: expect.stringContaining(`the view main/broken is broken: ${why}`),
      },
      {
        kind: 'unproven',
        path: ['main', 'external'],
        reason: expect.stringMatching(/view main\/external is broken: it reads .*outside of the database/),
      },
    ]);
    expect(events.at(-1)).toEqual({ kind: 'complete', path: ['main'] });
    const objects = objectsIn(events);
    const get = (name: string) => objects.find((one) => one.path.join('.') === `main.${name}`)?.metadata.table;
    expect(get('broken')).toMatchObject({ broken: expect.stringContaining(why) });
    expect(get('v')).not.toHaveProperty('broken');
    expect(objects.map(({ path }) => path.join('.'))).toContain('main.v.u');
  });

  test('parts are whole row groups, without a gap, and the last is open', async () => {
    await writeDuckDb(at('in/large.duckdb'), [
      'CREATE TABLE t AS SELECT i FROM range(500000) r(i)',
      'CREATE VIEW v AS FROM t',
      'CREATE TABLE none (i INTEGER)',
    ]);
    const session = await open('in/large.duckdb');
    const parts = await session.planPartitions?.('TABLE', ['main', 't'], 200_000);
    expect(parts).toEqual([
      { key: '0', spec: { from: 0, to: 245_760 }, rows: 245_760 },
      { key: '1', spec: { from: 245_760, to: 491_520 }, rows: 245_760 },
      { key: '2', spec: { from: 491_520 }, rows: 8_480 },
    ]);
    expect(await session.planPartitions?.('VIEW', ['main', 'v'], 200_000)).toHaveLength(1);
    expect(await session.planPartitions?.('TABLE', ['main', 'none'], 200_000)).toHaveLength(1);
    await session.close();
  });

  test('a table with a column called rowid is one part, of all its rows', async () => {
    await writeDuckDb(at('in/rowid.duckdb'), [
      'CREATE TABLE t AS SELECT i - 200000 AS "RowID" FROM range(300000) r(i)',
      'CREATE TABLE far AS SELECT 1000000000000 AS rowid',
      'CREATE TABLE words (rowid VARCHAR)',
    ]);
    const session = await open('in/rowid.duckdb');
    const signal = contextOf().signal;
    const options = { memoryMb: 64, threads: 1, tempFolder: folder, signal };
    const rowsOf: number[] = [];
    for (const table of ['t', 'far', 'words']) {
      const parts = (await session.planPartitions?.('TABLE', ['main', table], 100_000)) ?? [];
      expect(parts).toEqual([{ key: '0', spec: { from: 0 }, uncut: expect.stringContaining('rowid') }]);
      const read = await session.read({ type: 'TABLE', path: ['main', table], partition: parts[0], signal });
      rowsOf.push((await profileRead(read, options, { key: 'all', whole: true })).rows);
    }
    expect(rowsOf).toEqual([300_000, 1, 0]);
    // Parts that were planned before the column came.
    const late = session.read({
      type: 'TABLE',
      path: ['main', 't'],
      partition: { key: '1', spec: { from: 122_880 } },
      signal,
    });
    await expect(late).rejects.toMatchObject({ code: 'SOURCE_NO_OBJECT' });
    await session.close();
  });

  test('a condition that brings statements of its own is refused before any of them runs', async () => {
    const catalog = await openDuckDbForTests(at('in/shop.duckdb'), contextOf().signal);
    const session = await duckdbConnector.connect(configOf('in/shop.duckdb'), {
      ...contextOf(),
      openDuckDb: async () => catalog,
    });
    const where =
      'true THEN true END; CREATE TABLE memory.main.zz AS SELECT 1; EXPLAIN SELECT 1 FROM src.main.p WHERE CASE WHEN true';
    const read = session.read({ type: 'TABLE', path: ['main', 'p'], where, signal: contextOf().signal });
    await expect(read).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringMatching(/3 statements were received, expected one/),
    });
    expect(await catalog.query(`SELECT table_name FROM duckdb_tables() WHERE table_name = 'zz'`, 'looking')).toEqual(
      [],
    );
    await session.close();
  });

  test('an abort stops a statement that is running in the file', async () => {
    const stop = new AbortController();
    const catalog = await openDuckDbForTests(at('in/large.duckdb'), stop.signal);
    const running = catalog.query('SELECT count(*) FROM src.t a, src.t b WHERE a.i * b.i % 7 = 3', 'counting for long');
    setImmediate(() => stop.abort());
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
    await catalog.close();
  });
});

describe('what cannot be opened is diagnosed', () => {
  /** The connection test, which ends with the step that failed; `connect` must say the same. */
  const diagnose = async (name: string) => {
    const thrown = await open(name).then(
      (session) => session.close(),
      (error: unknown) => error,
    );
    const steps = [];
    for await (const step of duckdbConnector.test(configOf(name), contextOf())) steps.push(step);
    const last = steps.at(-1);
    expect(last).toMatchObject({ name: 'open file', outcome: 'failed', remedy: expect.stringMatching(/./) });
    expect(thrown).toMatchObject({ code: last?.code });
    return `${last?.code}: ${last?.reason}; ${last?.remedy}`.replaceAll(folder, '');
  };
  const copy = (name: string): string => {
    copyFileSync(at('in/shop.duckdb'), at(`in/${name}`));
    return at(`in/${name}`);
  };

  test('missing, a folder, outside of the roots', async () => {
    expect(await diagnose('in/no.duckdb')).toMatch(/^SOURCE_NO_DATABASE: .*no file or folder/);
    mkdirSync(at('in/folder.duckdb'));
    expect(await diagnose('in/folder.duckdb')).toMatch(/^SOURCE_NO_DATABASE: .*is not a file/);
    copyFileSync(at('in/shop.duckdb'), at('elsewhere.duckdb'));
    expect(await diagnose('elsewhere.duckdb')).toMatch(/^SOURCE_NOT_ALLOWED: .*--file-root/);
  });

  test('something else than DuckDB', async () => {
    writeFileSync(at('in/noise.duckdb'), Buffer.alloc(100_000, 0xa5));
    expect(await diagnose('in/noise.duckdb')).toMatch(
      /^SOURCE_BAD_DATA: .*is not a DuckDB database file; Check the path/,
    );
    writeFileSync(at('in/empty.duckdb'), '');
    expect(await diagnose('in/empty.duckdb')).toMatch(/^SOURCE_BAD_DATA: .*is not a DuckDB database file/);
    const sqlite = new DatabaseSync(at('in/lite.duckdb'));
    sqlite.exec('CREATE TABLE t (a)');
    sqlite.close();
    expect(await diagnose('in/lite.duckdb')).toMatch(/^SOURCE_BAD_DATA: .*is a SQLite database.*SQLITE/);
  });

  test('cut off, damaged', async () => {
    for (const bytes of [20, 4_096, 12_288]) {
      truncateSync(copy('cut.duckdb'), bytes);
      expect(await diagnose('in/cut.duckdb'), `${bytes} bytes`).toMatch(
        /^SOURCE_BAD_DATA: .*is cut off.*Copy it again/,
      );
    }
    // The catalog is whole and rows are missing: DuckDB notices when it reads them.
    await writeDuckDb(at('in/half.duckdb'), ['CREATE TABLE t AS SELECT hash(i) AS h FROM range(500000) r(i)']);
    truncateSync(at('in/half.duckdb'), 12_288 + 5 * 262_144);
    const outcome = openDuckDbForTests(at('in/half.duckdb'), contextOf().signal).then(async (catalog) => {
      await catalog.query('SELECT sum(h) FROM src.t', 'adding up').finally(() => catalog.close());
    });
    await expect(outcome).rejects.toMatchObject({
      code: 'SOURCE_BAD_DATA',
      message: expect.stringMatching(/is cut off/),
    });
    const bytes = readFileSync(at('in/shop.duckdb'));
    for (let place = 12_288; place < bytes.length; place += 1_000) bytes[place] = (bytes[place] ?? 0) ^ 0xff;
    writeFileSync(at('in/damaged.duckdb'), bytes);
    expect(await diagnose('in/damaged.duckdb')).toMatch(/^SOURCE_BAD_DATA: .*is damaged.*Restore/);
  });

  test('of a newer storage version', async () => {
    const bytes = readFileSync(at('in/shop.duckdb'));
    bytes.writeBigUInt64LE(9_999n, 12);
    bytes.writeBigUInt64LE(checksumOf(bytes.subarray(8, 4_096)), 0);
    writeFileSync(at('in/newer.duckdb'), bytes);
    expect(await diagnose('in/newer.duckdb')).toMatch(/^SOURCE_BAD_DATA: .*storage version 9999.*STORAGE_VERSION/);
  });

  test('encrypted', async () => {
    // Written by the built-in cipher, which DuckDB wants to be asked for twice.
    await writeDuckDb(':memory:', [
      `SET force_mbedtls_unsafe = 'true'`,
      `ATTACH '${at('in/secret.duckdb')}' AS e (ENCRYPTION_KEY 'sesame')`,
      'CREATE TABLE e.t AS SELECT 1 AS a',
      'DETACH e',
    ]);
    expect(await diagnose('in/secret.duckdb')).toMatch(/^SOURCE_BAD_DATA: .*is encrypted; Give a copy/);
  });

  test('open for writing elsewhere; what its end leaves in the write-ahead log is read and warned of', async () => {
    copy('busy.duckdb');
    const writer = await holdForWriting(at('in/busy.duckdb'), ['CREATE TABLE late AS SELECT 1 AS a']);
    try {
      expect(await diagnose('in/busy.duckdb')).toMatch(
        new RegExp(`^SOURCE_BUSY: .*another program \\(process ${writer.pid}\\)`),
      );
    } finally {
      await kill(writer);
    }
    const before = [readFileSync(at('in/busy.duckdb')), readFileSync(at('in/busy.duckdb.wal'))];
    const session = await open('in/busy.duckdb');
    expect(objectsIn(await listingOf(session, 'main')).map(({ path }) => path.join('.'))).toContain('main.late.a');
    await session.close();
    const steps = [];
    for await (const step of duckdbConnector.test(configOf('in/busy.duckdb'), contextOf())) steps.push(step);
    expect(steps.map(({ outcome }) => outcome)).toEqual(['warning', 'ok', 'ok', 'ok']);
    expect(steps[0]?.remedy).toMatch(/CHECKPOINT/);
    expect([readFileSync(at('in/busy.duckdb')), readFileSync(at('in/busy.duckdb.wal'))]).toEqual(before);
  });

  test('a write-ahead log that leads out of the roots is not followed', async () => {
    copy('led.duckdb');
    writeFileSync(at('private.wal'), 'x');
    symlinkSync(at('private.wal'), at('in/led.duckdb.wal'));
    expect(await diagnose('in/led.duckdb')).toMatch(/^SOURCE_NOT_ALLOWED/);
  });
});

/** DuckDB's checksum of a block: each word times a constant, xor-ed. */
function checksumOf(block: Buffer): bigint {
  let sum = 5_381n;
  for (let at = 0; at < block.length; at += 8)
    sum ^= BigInt.asUintN(64, block.readBigUInt64LE(at) * 0xbf58476d1ce4e5b9n);
  return sum;
}
