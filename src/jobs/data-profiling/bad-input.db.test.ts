import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDuckDb } from '../../../test/support/duckdb-files.ts';
import { JobBench } from '../../../test/support/run-job.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { insertDataSource } from '../../store/data-sources.ts';
import type { JobRow } from '../../store/database.ts';
import { listCurrentProfiles } from '../../store/profiles.ts';

/** What no profiler likes to meet, in whole jobs over real sources: the table fails with its reason, or tells of it; the others go on. */
let catalog: TestDatabase;
let postgres: TestDatabase;
let folder: string;
let bench: JobBench;
beforeAll(async () => {
  catalog = await createTestDatabase();
  postgres = await createTestDatabase({ empty: true });
  folder = await mkdtemp(join(tmpdir(), 'assay-bad-'));
  bench = new JobBench(catalog.db, undefined, [folder]);
});
afterAll(async () => {
  await postgres.drop();
  await catalog.drop();
  await rm(folder, { recursive: true, force: true });
});

const IDS = {
  POSTGRES: '65f0000000000000000000b1',
  SQLITE: '65f0000000000000000000b2',
  DUCKDB: '65f0000000000000000000b3',
  FS: '65f0000000000000000000b4',
};
type Kind = keyof typeof IDS;

async function ingest(kind: Kind, config: Record<string, unknown>): Promise<void> {
  const id = IDS[kind];
  const row = { id, resourceName: kind, fqdnId: kind, databaseType: kind, config, secrets: {}, createdBy: null };
  await insertDataSource(catalog.db, row);
  expect((await bench.run('METADATA_INGEST', { resourceId: id })).status).toBe('COMPLETED');
}

/** Entities of a source by their names; of columns by that of their table as well. */
async function entities(kind: Kind, type: string): Promise<Map<string, string>> {
  const { rows } = await catalog.pool.query(
    `SELECT e.id, CASE WHEN e.type = 'COLUMN' THEN p.name || '.' || e.name ELSE e.name END AS name
     FROM entity e LEFT JOIN entity p ON p.id = e.parent_id WHERE e.source_id = $1 AND e.type = $2`,
    [IDS[kind], type],
  );
  return new Map(rows.map(({ id, name }) => [name, id]));
}

async function profile(kind: Kind, tables: readonly string[], configs: object = {}): Promise<JobRow> {
  const all = new Map([
    ...(await entities(kind, 'TABLE')),
    ...(await entities(kind, 'VIEW')),
    ...(await entities(kind, 'FILE')),
  ]);
  return bench.run('DATA_PROFILE', { scope: tables.map((name) => all.get(name)), configs });
}

async function figures(kind: Kind, type: string, name: string): Promise<Record<string, unknown>> {
  const [found] = await listCurrentProfiles(catalog.db, [(await entities(kind, type)).get(name) as string]);
  const body = (found?.body ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(body).map(([key, figure]) => [
      key,
      typeof figure === 'object' && figure !== null && 'value' in figure ? figure.value : figure,
    ]),
  );
}

const warnings = async (job: JobRow): Promise<string[]> =>
  (
    await catalog.pool.query(`SELECT message FROM job_event WHERE job_id = $1 AND level = 'warning' ORDER BY message`, [
      job.id,
    ])
  ).rows.map(({ message }) => message);

describe('PostgreSQL', () => {
  beforeAll(async () => {
    await postgres.pool.query(`
      CREATE TABLE plain AS SELECT i AS id, 'v' || i AS v FROM generate_series(1, 100) i;
      CREATE TABLE empty (a int, b text, c float8, d timestamp);
      CREATE TABLE without_columns (); INSERT INTO without_columns DEFAULT VALUES; INSERT INTO without_columns DEFAULT VALUES;
      CREATE TABLE odd (d float8, n numeric, dt date, ts timestamp);
      INSERT INTO odd VALUES ('NaN', 'NaN', '0001-01-01 BC', '0001-01-01 BC'), ('Infinity', 1, '5874897-12-31', '294276-12-31 23:59:59'),
        ('-Infinity', 2, 'infinity', '2024-01-01'), (2.5, 3, '2024-01-01', 'infinity');
      CREATE TABLE big (t text, b bytea);
      INSERT INTO big SELECT repeat('x', 1000000) || i, decode(repeat('ab', 1000000), 'hex') FROM generate_series(1, 3) i;
      CREATE TABLE "quo""te's
line" ("co""l'
x" int, " " text);
      INSERT INTO "quo""te's
line" VALUES (1, 'a');
      CREATE FUNCTION gone() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT count(*) FROM not_there); END';
      CREATE VIEW broken AS SELECT gone() AS x;
      CREATE VIEW failing AS SELECT 1 / (id - 50) AS x FROM plain;`);
    await ingest('POSTGRES', { uri: postgres.connectionString });
  });

  it('a view that is broken or fails does so alone, with the right advice', async () => {
    const job = await profile('POSTGRES', ['plain', 'broken', 'failing']);
    expect(job.message).toMatch(/^2 of 3 tables failed: /);
    expect(job.message).toMatch(
      /the view public\/broken is broken: .*relation … does not exist.*mend or drop it in the source/,
    );
    expect(job.message).toMatch(/public\.failing: PostgreSQL says: division by zero/);
    expect(job.message).not.toMatch(/[Ii]ngest/);
    expect(job.effects).toMatchObject({ created: { 'table profiles': 1, 'column profiles': 2 } });
  });

  it('no rows, no columns, names with quotes and line ends', async () => {
    const names = ['empty', 'without_columns', 'quo"te\'s\nline'];
    expect((await profile('POSTGRES', names)).status).toBe('COMPLETED');
    expect(await figures('POSTGRES', 'TABLE', 'without_columns')).toMatchObject({ rows: 2 });
    expect(await figures('POSTGRES', 'COLUMN', 'empty.c')).toMatchObject({
      rows: 0,
      min: null,
      mean: null,
      distinct: 0,
    });
    expect(await figures('POSTGRES', 'COLUMN', `${names[2]}.co"l'\nx`)).toMatchObject({ rows: 1, max: '1' });
  });

  it('values that hardly fit anywhere are measured, or make their column text, with a word', async () => {
    const job = await profile('POSTGRES', ['odd', 'big']);
    expect(job.status).toBe('COMPLETED');
    expect(await figures('POSTGRES', 'COLUMN', 'odd.d')).toMatchObject({
      nan: 1,
      infinite: 2,
      max: 'Infinity',
      mean: '2.5',
    });
    expect(await figures('POSTGRES', 'COLUMN', 'odd.dt')).toMatchObject({
      min: '0001-01-01 (BC)',
      max: 'infinity',
      kind: 'date',
    });
    expect(await figures('POSTGRES', 'COLUMN', 'odd.n')).toMatchObject({ kind: 'decimal', nan: 1, infinite: 0 });
    expect(await warnings(job)).toEqual([
      'public.odd: column "ts": 1 value does not fit timestamp without time zone; the column is measured as text',
    ]);
    expect(await figures('POSTGRES', 'COLUMN', 'big.t')).toMatchObject({ distinct: 3, length: { max: 1_000_001 } });
    expect(await figures('POSTGRES', 'COLUMN', 'big.b')).toMatchObject({ distinct: 1, length: { max: 1_000_000 } });
  });

  it('a condition that fails while it counts for a sample, in the source itself or on a view is named, and no value with it', async () => {
    const job = (table: string, configs: object) => profile('POSTGRES', [table], configs);
    const whereClause = "('x' || v)::int > 0";
    const says = 'PostgreSQL says: invalid input syntax for type integer (22P02)';
    const counted = await job('plain', { whereClause, sampleType: 'number of rows', sampleValue: 5 });
    expect(counted.message).toBe(`whereClause: ${says}`);
    const pushed = await job('plain', { whereClause, pushDown: 'always' });
    expect(pushed.message).toBe(`whereClause: ${says}`);
    const viewed = await job('failing', { whereClause: 'x > 0' });
    expect(viewed.message).toBe('whereClause, or the view itself: PostgreSQL says: division by zero (22012)');
  });

  it.each([
    ['no_column = 1', /whereClause: PostgreSQL says: column "no_column" does not exist/],
    ['id = 1; DROP TABLE plain', /whereClause: PostgreSQL says: syntax error/],
    [') OR (1 = 1', /whereClause: PostgreSQL says: syntax error/],
    ['id IN (DELETE FROM plain RETURNING id)', /whereClause: PostgreSQL says: syntax error/],
    ['lo_create(77) > 0', /whereClause: received the name of lo_create\(\)/],
    ['1 / (id - 5) > 0', /^whereClause: PostgreSQL says: division by zero \(22012\)$/],
    ['id', /^whereClause: expected a condition, received an expression of type integer$/],
    ['id > 0 AND pg_sleep(1000) IS NULL', /it took longer than 1 s \(timeLimitSeconds\)/],
  ])('the condition %s fails its table, and nothing in the source changes', async (whereClause, message) => {
    const job = await profile('POSTGRES', ['plain'], { whereClause, timeLimitSeconds: 1 });
    expect([job.status, job.message]).toEqual(['FAILED', expect.stringMatching(message)]);
    const { rows } = await postgres.pool.query('SELECT count(*)::int AS n FROM plain');
    expect(rows).toEqual([{ n: 100 }]);
  });
});

describe('SQLite', () => {
  beforeAll(async () => {
    const path = join(folder, 't.sqlite');
    const database = new DatabaseSync(path);
    database.exec(`CREATE TABLE plain (id INTEGER, v TEXT); INSERT INTO plain VALUES (1, 'a'), (5, 'b');
      CREATE TABLE gone (a); CREATE VIEW broken AS SELECT a FROM gone;
      CREATE TABLE bytes (t TEXT); INSERT INTO bytes VALUES (CAST(x'ff61' AS TEXT)), ('ok');
      CREATE TABLE infinite (x REAL); INSERT INTO infinite VALUES (9e999), (-9e999), (1.5);
      CREATE TABLE "q""u'
x" ("c""o'
l" INT); INSERT INTO "q""u'
x" VALUES (1);`);
    await ingest('SQLITE', { path });
    database.exec('DROP TABLE gone');
    database.close();
  });

  it('a broken view fails alone, with the right advice; odd names and values are measured', async () => {
    const job = await profile('SQLITE', ['plain', 'broken', 'bytes', 'infinite', 'q"u\'\nx']);
    expect(job.message).toMatch(
      /^1 of 5 tables failed: main\.broken: the view main\/broken is broken: no such table: main\.gone; mend or drop it in the source/,
    );
    expect(job.message).not.toMatch(/[Ii]ngest/);
    expect(await figures('SQLITE', 'COLUMN', 'bytes.t')).toMatchObject({ lexicalMax: '\ufffda', distinct: 2 });
    expect(await figures('SQLITE', 'COLUMN', 'infinite.x')).toMatchObject({
      infinite: 2,
      min: '-Infinity',
      mean: '1.5',
    });
    expect(await figures('SQLITE', 'COLUMN', 'q"u\'\nx.c"o\'\nl')).toMatchObject({ max: '1' });
  });
});

describe('DuckDB', () => {
  it('a broken view fails alone, with the right advice; values at the ends of their types are measured', async () => {
    const path = join(folder, 't.duckdb');
    await writeDuckDb(path, [
      'CREATE TABLE gone (a INT)',
      'CREATE VIEW broken AS SELECT a FROM gone',
      "CREATE TABLE words AS SELECT 'geheim' || i AS v FROM range(10) r(i)",
      `CREATE TABLE odd AS SELECT * FROM (VALUES
        ('NaN'::DOUBLE, DATE '5877642-06-25 (BC)', TIMESTAMP '294246-12-31'),
        ('-inf'::DOUBLE, DATE 'infinity', TIMESTAMP '290309-12-22 (BC) 00:00:00'),
        (1.5, DATE '0001-01-01 (BC)', TIMESTAMP 'infinity')) t(d, dt, ts)`,
    ]);
    await ingest('DUCKDB', { path });
    await writeDuckDb(path, ['DROP TABLE gone']);
    const job = await profile('DUCKDB', ['broken', 'odd']);
    expect(job.message).toMatch(
      /^1 of 2 tables failed: main\.broken: the view main\/broken is broken: .*Table with name gone does not exist.*mend or drop it in the source/,
    );
    expect(job.message).not.toMatch(/[Ii]ngest|LINE 1/);
    expect(await figures('DUCKDB', 'COLUMN', 'odd.d')).toMatchObject({ nan: 1, infinite: 1, mean: '1.5' });
    expect(await figures('DUCKDB', 'COLUMN', 'odd.dt')).toMatchObject({ min: '5877642-06-25 (BC)', max: 'infinity' });
  });

  it('a condition that fails while rows are read is named, of files as well, and no value with it', async () => {
    const words = "SELECT 'geheim' || i AS v, i FROM range(10) r(i)";
    await writeDuckDb(':memory:', [
      `COPY (${words}) TO '${join(folder, 'words.parquet')}' (FORMAT parquet)`,
      `COPY (${words}) TO '${join(folder, 'words.csv')}'`,
    ]);
    await ingest('FS', { path: folder });
    const whereClause = 'v::INTEGER > 0';
    for (const configs of [{ whereClause }, { whereClause, sampleType: 'number of rows', sampleValue: 5 }])
      for (const [kind, name] of [
        ['DUCKDB', 'words'],
        ['FS', 'words.parquet'],
        ['FS', 'words.csv'],
      ] as const) {
        const { status, message } = await profile(kind, [name], configs);
        expect([status, message]).toEqual(['FAILED', expect.stringMatching(/^whereClause: .*Conversion Error/)]);
        expect(message).not.toContain('geheim');
      }
  });
});
