import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeDuckDb } from '../../../test/support/duckdb-files.ts';
import { JobBench } from '../../../test/support/run-job.ts';
import { createTestApi, type TestApi } from '../../../test/support/test-api.ts';
import type { WatermarkBasis } from '../../profile/watermark.ts';
import { insertDataSource } from '../../store/data-sources.ts';
import { unpackValues } from '../../store/profile-values.ts';
import { listCurrentProfiles } from '../../store/profiles.ts';

/** Profiles that go on from the last one, on files that are changed between the runs. */
const SOURCES = ['SQLITE', 'DUCKDB', 'CSV', 'PARQUET'] as const;
type Kind = (typeof SOURCES)[number];
const idOf = (i: number): string => `65f0000000000000000003a${i}`;

let api: TestApi;
let bench: JobBench;
let folder: string;
const tables = {} as Record<Kind, string>;

beforeAll(async () => {
  api = await createTestApi();
  folder = await mkdtemp(join(tmpdir(), 'assay-watermark-'));
  bench = new JobBench(api.db, undefined, [folder], api.secrets);
  for (const [i, kind] of SOURCES.entries()) {
    await write(kind, 'SELECT 1 AS id');
    const databaseType = kind === 'SQLITE' || kind === 'DUCKDB' ? kind : 'FS';
    await insertDataSource(api.db, {
      id: idOf(i),
      resourceName: kind,
      fqdnId: kind,
      databaseType,
      config: { path: pathOf(kind) },
      secrets: {},
      createdBy: null,
    });
  }
}, 60_000);
afterAll(async () => {
  await api.drop();
  await rm(folder, { recursive: true, force: true });
});

const pathOf = (kind: Kind): string => join(folder, `t.${kind.toLowerCase()}`);

/** Makes the table anew from a query of DuckDB. */
async function write(kind: Kind, query: string): Promise<void> {
  const path = pathOf(kind);
  await rm(path, { force: true });
  if (kind === 'DUCKDB') return writeDuckDb(path, [`CREATE TABLE t AS ${query}`]);
  if (kind !== 'SQLITE')
    return writeDuckDb(':memory:', [`COPY (${query}) TO '${path}' (FORMAT ${kind.toLowerCase()})`]);
  const json = join(folder, 'rows.json');
  await writeDuckDb(':memory:', [`COPY (${query}) TO '${json}' (FORMAT json, ARRAY true)`]);
  const rows = JSON.parse(await readFile(json, 'utf8')) as Record<string, string | number | null>[];
  const names = Object.keys(rows[0] ?? {});
  const database = new DatabaseSync(path);
  const types = names.map(
    (name) => `"${name}" ${typeof rows.find((row) => row[name] !== null)?.[name] === 'string' ? 'TEXT' : 'INTEGER'}`,
  );
  database.exec(`CREATE TABLE t (${types.join(', ')}); BEGIN`);
  const insert = database.prepare(`INSERT INTO t VALUES (${names.map(() => '?').join(', ')})`);
  for (const row of rows) insert.run(...names.map((name) => row[name] ?? null));
  database.exec('COMMIT');
  database.close();
}

const rowsUpTo = (to: number, more = ''): string =>
  `SELECT i AS id, i % 7 AS part, 'name ' || (i % 900) AS name${more} FROM range(1, ${to + 1}) t(i)`;

async function ingest(kind: Kind): Promise<void> {
  expect((await bench.run('METADATA_INGEST', { resourceId: idOf(SOURCES.indexOf(kind)) })).status).toBe('COMPLETED');
  const found = await api.pool.query(`SELECT id FROM entity WHERE source_id = $1 AND type IN ('TABLE', 'FILE')`, [
    idOf(SOURCES.indexOf(kind)),
  ]);
  tables[kind] = found.rows[0].id;
}

type Body = Record<string, { value: unknown; basis: string; error?: number }>;
interface Seen {
  message: string;
  rows: number;
  watermark: WatermarkBasis | undefined;
  warnings: string;
  column(name: string): Body;
}
async function look(kind: Kind, message = ''): Promise<Seen> {
  const { rows } = await api.pool.query(`SELECT id, name FROM entity WHERE parent_id = $1 AND type = 'COLUMN'`, [
    tables[kind],
  ]);
  const found = await listCurrentProfiles(api.db, [tables[kind], ...rows.map(({ id }) => id)]);
  const table = found.find(({ entityId }) => entityId === tables[kind]);
  const bodies = new Map(found.map(({ entityId, body }) => [entityId, body as Body]));
  return {
    message,
    rows: Number((table?.body.rows as { value: number } | undefined)?.value),
    watermark: table?.basis.watermark as WatermarkBasis | undefined,
    warnings: ((table?.body.warnings ?? []) as string[]).join('\n'),
    column: (name) => bodies.get(rows.find((row) => row.name === name)?.id) ?? {},
  };
}
async function profile(kind: Kind, configs: object = { watermarkColumn: 'id' }): Promise<Seen> {
  const job = await bench.run('DATA_PROFILE', { scope: [tables[kind]], configs });
  expect([job.status, job.message]).toEqual(['COMPLETED', expect.any(String)]);
  return look(kind, job.message);
}

/** What bytes hold once unpacked, as far as they are packed at all. */
function unpacked(bytes: Buffer): string {
  try {
    return JSON.stringify(unpackValues(bytes));
  } catch {
    return '';
  }
}

describe.each(SOURCES)('%s', (kind) => {
  beforeEach(async () => {
    await write(kind, rowsUpTo(5_000));
    await ingest(kind);
    await api.pool.query('DELETE FROM profile WHERE table_id = $1', [tables[kind]]);
  });

  it('reads all rows once, then those above the mark, and says the same of all of them as one reading', async () => {
    const first = await profile(kind);
    expect(first.watermark).toMatchObject({ from: null, to: '5000', runs: 1, newRows: 5_000, nulls: 0 });
    const same = await profile(kind);
    expect(same.message).toMatch(/, 0 rows/);
    expect([same.rows, same.watermark]).toMatchObject([5_000, { from: '5000', to: '5000', runs: 2, newRows: 0 }]);
    await write(kind, rowsUpTo(5_700));
    const next = await profile(kind);
    expect(next.message).toMatch(/, 700 rows/);
    expect(next.watermark).toMatchObject({
      from: '5000',
      to: '5700',
      runs: 3,
      newRows: 700,
      since: first.watermark?.since,
    });
    expect(next.warnings).toMatch(/rows of 3 runs since .* are not noticed/);
    await write(kind, rowsUpTo(6_000));
    const last = await profile(kind);
    expect(last.watermark).toMatchObject({ from: '5700', to: '6000', runs: 4, newRows: 300 });
    const whole = await profile(kind, {});
    expect(whole.watermark).toBeUndefined();
    expect(last.rows).toBe(6_000);
    for (const name of ['id', 'part', 'name']) {
      const [folded, one] = [last.column(name), whole.column(name)];
      for (const figure of [
        'rows',
        'nulls',
        'min',
        'max',
        'lexicalMin',
        'lexicalMax',
        'sum',
        'mean',
        'length',
        'histogram',
      ])
        expect([name, figure, folded[figure]]).toEqual([name, figure, one[figure]]);
      const [distinct, exact] = [folded.distinct, one.distinct?.value as number];
      if (distinct?.basis === 'exact') expect(distinct.value).toBe(exact);
      else expect(Math.abs((distinct?.value as number) / exact - 1)).toBeLessThan(4 * 0.017);
    }
    expect(last.column('part').distinct).toEqual({ value: 7, basis: 'exact' });
    expect(last.column('id').distinct).toEqual({ value: 6_000, basis: 'exact' });
    expect(last.column('id').quantiles).toMatchObject({ basis: 'estimate', error: expect.any(Number) });
  }, 60_000);

  it('leaves no value of a row readable in the store', async () => {
    await profile(kind);
    const { rows } = await api.pool.query<Record<'samples' | 'kept' | 'part', Buffer | null>>(
      'SELECT v.* FROM profile_values v JOIN profile p ON p.id = v.profile_id WHERE p.table_id = $1',
      [tables[kind]],
    );
    const stored = rows.flatMap(({ samples, kept, part }) => [samples, kept, part].filter((bytes) => bytes !== null));
    expect(stored.length).toBeGreaterThanOrEqual(4);
    for (const bytes of stored) {
      expect(bytes.includes('name ')).toBe(false);
      // Packed first, a text would not be seen either: so no place in the bytes may be the beginning of what was packed.
      for (let from = 0; from < Math.min(bytes.length, 64); from++)
        expect(unpacked(bytes.subarray(from))).not.toContain('name ');
    }
  });

  it('reads all rows again, and says why, when the table was set back or its columns or options changed', async () => {
    await profile(kind);
    await write(kind, rowsUpTo(4_000));
    const back = await profile(kind);
    expect(back.watermark).toMatchObject({ from: null, to: '4000', runs: 1, why: expect.stringMatching(/set back/) });
    expect([back.rows, back.warnings]).toEqual([4_000, expect.stringMatching(/all rows were read, for .*set back/)]);
    // Another row holds the mark.
    await write(kind, `${rowsUpTo(4_000)} UNION ALL ${rowsUpTo(4_100)} WHERE i >= 4000`);
    expect((await profile(kind)).watermark?.why).toMatch(/2 rows hold .* then it was 1/);
    await write(kind, rowsUpTo(4_200, ", 'x' AS more"));
    await ingest(kind);
    const wider = await profile(kind);
    expect([wider.rows, wider.watermark?.why]).toEqual([4_200, expect.stringMatching(/columns .*is: "more"/)]);
    const filtered = await profile(kind, { watermarkColumn: 'id', whereClause: 'part = 3' });
    expect([filtered.rows, filtered.watermark?.why]).toEqual([600, expect.stringMatching(/whereClause/)]);
    await write(kind, rowsUpTo(4_900, ", 'x' AS more"));
    const more = await profile(kind, { watermarkColumn: 'id', whereClause: 'part = 3' });
    expect([more.rows, more.watermark]).toMatchObject([700, { from: '4196', newRows: 100, runs: 2 }]);
    expect((await profile(kind, { watermarkColumn: 'id', without: ['top'] })).watermark?.why).toMatch(/whereClause/);
    expect((await profile(kind, { watermarkColumn: 'part', without: ['top'] })).watermark?.why).toMatch(
      /by column "id"/,
    );
    // A run without the option leaves nothing to go on from.
    await profile(kind, {});
    expect((await profile(kind)).watermark).toMatchObject({ from: null, runs: 1 });
    expect((await profile(kind)).watermark).toMatchObject({ runs: 2 });
  }, 60_000);

  it('counts rows without a value once, and goes on from nothing where there is none', async () => {
    const nulls = `SELECT CASE WHEN id % 10 > 0 THEN id END AS id, part, name FROM (${rowsUpTo(100)})`;
    await write(kind, nulls);
    expect((await profile(kind)).watermark).toMatchObject({ to: '99', nulls: 10 });
    await write(kind, `${nulls} UNION ALL SELECT 200, 1, 'x' UNION ALL SELECT NULL, 2, 'y'`);
    const next = await profile(kind);
    expect([next.rows, next.watermark]).toMatchObject([101, { from: '99', to: '200', nulls: 10, newRows: 1 }]);
    expect(next.warnings).toMatch(/10 rows had no value in column "id"/);
    await write(kind, `SELECT CASE WHEN id < 0 THEN id END AS id, part, name FROM (${rowsUpTo(50)})`);
    if (kind === 'CSV') return;
    const none = await profile(kind);
    expect([none.rows, none.watermark]).toMatchObject([50, { to: null, nulls: 50 }]);
    expect(none.warnings).toMatch(/no row has a value/);
    expect((await profile(kind)).watermark).toMatchObject({ from: null, runs: 1 });
  }, 60_000);
});

it('goes by dates, timestamps and decimals, and by no texts, doubles or unknown columns', async () => {
  const rows = (to: number): string =>
    `SELECT i / 4 AS amount, (i / 4)::DECIMAL(12,2) AS dec, DATE '2024-01-01' + i::INTEGER AS day, TIMESTAMP '2024-01-01' + INTERVAL (i) SECOND + INTERVAL 500 MILLISECOND AS seen, TIMESTAMPTZ '2024-01-01 00:00:00+00' + INTERVAL (i) MINUTE AS at, 'v' || i AS word FROM range(1, ${to + 1}) t(i)`;
  await write('DUCKDB', rows(100));
  await ingest('DUCKDB');
  const marks = { dec: '25.00', day: '2024-04-10', seen: '2024-01-01T00:01:40.5', at: '2024-01-01T01:40:00Z' };
  for (const [watermarkColumn, to] of Object.entries(marks)) {
    await write('DUCKDB', rows(100));
    await profile('DUCKDB', {});
    expect((await profile('DUCKDB', { watermarkColumn })).watermark).toMatchObject({ to, runs: 1 });
    await write('DUCKDB', rows(130));
    const next = await profile('DUCKDB', { watermarkColumn });
    expect([next.rows, next.watermark]).toMatchObject([130, { from: to, runs: 2, newRows: 30 }]);
  }
  const { token } = await api.signUp('data_steward');
  const refused = async (watermarkColumn: string, scope = [tables.DUCKDB]): Promise<string> => {
    const body = { scope, configs: { watermarkColumn } };
    const answer = await api.call('POST', '/jobs/execute/data-profiling', { token, body });
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'BAD_REQUEST']);
    return answer.body;
  };
  expect(await refused('nope')).toMatch(/watermarkColumn: .*t has no column \\"nope\\" in the catalog/);
  const { rows: columns } = await api.pool.query(`SELECT id FROM entity WHERE parent_id = $1 AND name = 'day'`, [
    tables.DUCKDB,
  ]);
  expect(await refused('day', [columns[0].id])).toMatch(/scope: columns of .* expected the table/);
  for (const [column, says] of Object.entries({
    word: /is VARCHAR.*expected integers/,
    amount: /DOUBLE.*expected integers/,
  })) {
    const job = await bench
      .run('DATA_PROFILE', { scope: [tables.DUCKDB], configs: { watermarkColumn: column } })
      .catch((error: Error) => ({ status: 'FAILED', message: error.message }));
    expect([job.status, job.message]).toEqual(['FAILED', expect.stringMatching(says)]);
  }
  await write('CSV', "SELECT 'a' AS id");
  await ingest('CSV');
  const job = await bench.run('DATA_PROFILE', { scope: [tables.CSV], configs: { watermarkColumn: 'id' } });
  expect([job.status, job.message]).toEqual(['FAILED', expect.stringMatching(/column "id" is .*expected integers/)]);
}, 60_000);

it('keeps what it goes on from sealed, shows marks to those who may see values alone, and lets the later job win whole', async () => {
  await write('PARQUET', rowsUpTo(3_000));
  await ingest('PARQUET');
  await profile('PARQUET', { watermarkColumn: 'id', buildSamples: true });
  const kept = async (): Promise<{ part: Buffer; job: string }[]> =>
    (
      await api.pool.query(
        'SELECT v.part, p.job_id AS job FROM profile_values v JOIN profile p ON p.id = v.profile_id WHERE p.table_id = $1 AND v.part IS NOT NULL',
        [tables.PARQUET],
      )
    ).rows;
  const [first] = await kept();
  expect(String(first?.part)).not.toMatch(/name \d/);

  // Both begin where the first ended; the one that was accepted later does its work first.
  await write('PARQUET', rowsUpTo(3_500));
  const body = { scope: [tables.PARQUET], configs: { watermarkColumn: 'id', buildSamples: true } };
  const earlier = await bench.accept('DATA_PROFILE', body);
  const later = await bench.accept('DATA_PROFILE', body);
  await api.pool.query(`UPDATE task SET run_at = now() + interval '1 day' WHERE job_id = $1`, [earlier.id]);
  await bench.work();
  expect(await kept()).toMatchObject([{ job: later.id }]);
  await write('PARQUET', rowsUpTo(3_600));
  await api.pool.query('UPDATE task SET run_at = now() WHERE job_id = $1', [earlier.id]);
  await bench.work();
  expect((await bench.get(earlier.id)).message).toMatch(/keeps the profile of a later job/);
  expect([(await look('PARQUET')).rows, await kept()]).toMatchObject([3_500, [{ job: later.id }]]);
  expect((await profile('PARQUET', body.configs)).watermark).toMatchObject({ from: '3500', to: '3600', newRows: 100 });

  const places = [`/entities/${tables.PARQUET}/profile`, `/entities/${tables.PARQUET}/profiles`];
  const [reader, steward] = [await api.signUp('data_user'), await api.signUp('data_steward')];
  for (const place of places) {
    expect((await api.call('GET', place, { token: steward.token })).body).toContain('"to":"3600"');
    const hidden = (await api.call('GET', place, { token: reader.token })).body;
    expect(hidden).toContain('"to":"******"');
    expect(hidden).not.toMatch(/"(from|to)":"3\d00"/);
  }
  await api.pool.query('DELETE FROM profile WHERE table_id = $1', [tables.PARQUET]);
  expect(await kept()).toEqual([]);
}, 60_000);

it('reads all rows again where what was kept cannot be read', async () => {
  await write('PARQUET', rowsUpTo(200));
  await ingest('PARQUET');
  await profile('PARQUET');
  await api.pool.query(`UPDATE profile SET job_id = lpad('', 24, 'a') WHERE entity_id = $1 AND current`, [
    tables.PARQUET,
  ]);
  // Its bytes are sealed for another run.
  const again = await profile('PARQUET');
  expect([again.rows, again.watermark]).toMatchObject([200, { runs: 1, why: expect.stringMatching(/cannot be read/) }]);
  expect((await profile('PARQUET')).watermark).toMatchObject({ runs: 2 });
}, 60_000);
