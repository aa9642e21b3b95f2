import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDuckDb } from '../../../test/support/duckdb-files.ts';
import { JobBench } from '../../../test/support/run-job.ts';
import { createTestApi, type TestApi } from '../../../test/support/test-api.ts';
import { insertDataSource } from '../../store/data-sources.ts';
import { dropEntities } from '../../store/drop-entities.ts';
import { listCurrentProfiles } from '../../store/profiles.ts';
import { FINGERPRINT_META_KEY } from '../../store/secrets/load-secrets.ts';
import { rotateKey } from '../../store/secrets/rotate-key.ts';
import { openSecrets } from '../../store/secrets/secrets.ts';

/** Samples, conditions and sample rows on real files of every kind that is read in this process. */
const ROWS = 10_000;
/** id 1 … n, a group of ten, a time that is newest in the middle of the file. */
const rowsSql = `SELECT i AS id, i % 10 AS part, TIMESTAMP '2024-01-01' + INTERVAL (CASE WHEN i = 5000 THEN 99999 ELSE i END) MINUTE AS seen, 'name ' || i AS name FROM range(1, ${ROWS + 1}) t(i)`;
const SOURCES = ['SQLITE', 'DUCKDB', 'CSV', 'PARQUET', 'JSON'] as const;
type Kind = (typeof SOURCES)[number];

let api: TestApi;
let bench: JobBench;
let folder: string;
const paths = {} as Record<Kind, string>;
const tables = {} as Record<Kind, string>;
const idOf = (i: number): string => `65f0000000000000000001a${i}`;

beforeAll(async () => {
  api = await createTestApi();
  folder = await mkdtemp(join(tmpdir(), 'assay-chosen-'));
  bench = new JobBench(api.db, undefined, [folder], api.secrets);
  const place = (name: string) => join(folder, name);
  Object.assign(paths, { SQLITE: place('t.sqlite'), DUCKDB: place('t.duckdb') });
  for (const kind of ['CSV', 'PARQUET', 'JSON'] as const) paths[kind] = place(`t.${kind.toLowerCase()}`);
  await writeDuckDb(':memory:', [
    `COPY (${rowsSql}) TO '${paths.CSV}' (FORMAT csv)`,
    `COPY (${rowsSql}) TO '${paths.PARQUET}' (FORMAT parquet)`,
    `COPY (${rowsSql}) TO '${paths.JSON}' (FORMAT json)`,
  ]);
  await writeDuckDb(paths.DUCKDB, [`CREATE TABLE t AS ${rowsSql}`, 'CREATE TABLE other AS SELECT 1 AS id']);
  const sqlite = new DatabaseSync(paths.SQLITE);
  sqlite.exec(`CREATE TABLE t (id INTEGER PRIMARY KEY, part INTEGER, seen TEXT, name TEXT); CREATE TABLE other (id INTEGER);
    INSERT INTO other VALUES (1);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
    INSERT INTO t SELECT i, i % 10, datetime('2024-01-01', i || ' minutes'), 'name ' || i FROM n`);
  sqlite.close();
  for (const [i, kind] of SOURCES.entries()) {
    const databaseType = kind === 'SQLITE' || kind === 'DUCKDB' ? kind : 'FS';
    const row = { id: idOf(i), resourceName: kind, fqdnId: kind, databaseType, config: { path: paths[kind] } };
    await insertDataSource(api.db, { ...row, secrets: {}, createdBy: null });
    expect((await bench.run('METADATA_INGEST', { resourceId: idOf(i) })).status).toBe('COMPLETED');
    const found = await api.pool.query(
      `SELECT id FROM entity WHERE source_id = $1 AND type IN ('TABLE', 'FILE') AND name <> 'other'`,
      [idOf(i)],
    );
    tables[kind] = found.rows[0].id;
  }
}, 60_000);
afterAll(async () => {
  await api.drop();
  await rm(folder, { recursive: true, force: true });
});

const columnIds = async (table: string): Promise<Record<string, string>> => {
  const { rows } = await api.pool.query(`SELECT id, name FROM entity WHERE parent_id = $1 AND type = 'COLUMN'`, [
    table,
  ]);
  return Object.fromEntries(rows.map(({ id, name }) => [name, id]));
};
const profile = async (kind: Kind, configs: object) => {
  const job = await bench.run('DATA_PROFILE', { scope: [tables[kind]], configs });
  expect([job.status, job.message]).toEqual(['COMPLETED', expect.any(String)]);
  const { id = '', part = '' } = await columnIds(tables[kind]);
  const [found] = await listCurrentProfiles(api.db, [id]);
  const [parts] = await listCurrentProfiles(api.db, [part]);
  const body = found?.body as Record<string, { value: unknown; basis: string; ofRows?: number }>;
  const value = (name: string): string => String(body[name]?.value);
  return { basis: found?.basis, body, value, parts: parts?.body as typeof body };
};

describe.each(SOURCES)('%s', (kind) => {
  it('takes every n-th row, whole numbers of rows, shares and first rows, the same ones each time', async () => {
    const nth = await profile(kind, { sampleType: 'Every Nth Row', nthValue: 100 });
    expect(nth.basis).toMatchObject({ kind: 'every n-th row', n: 100, rowsRead: 100 });
    expect([nth.value('min'), nth.value('max')]).toEqual(['100', '10000']);
    expect(nth.body.nonNull).toEqual({ value: 100, basis: 'sample', ofRows: 100 });

    const rows = { sampleType: 'SAMPLE_CLAUSE', sampleMethod: 'ROWS', sampleValue: 1_000 };
    const some = await profile(kind, rows);
    expect(some.basis).toMatchObject({ kind: 'rows chosen at random', wanted: 1_000, rowsRead: 1_000 });
    // 1,000 of 10,000 in a row: the mean of uniform ids lies within five deviations (5 · 2,887 / √1,000 = 456) of 5,000.
    expect(Math.abs(Number(some.value('mean')) - 5_000)).toBeLessThan(456);
    expect(await profile(kind, rows)).toMatchObject({ body: { sum: some.body.sum } });

    const share = await profile(kind, { sampleMethod: 'percent', sampleValue: 10 });
    expect(share.basis).toMatchObject({ kind: 'percentage', percent: 10 });
    expect(Math.abs(Number(share.basis?.rowsRead) - 1_000)).toBeLessThan(5 * 30);
    expect(Math.abs(Number(share.value('mean')) - 5_000)).toBeLessThan(500);

    const first = await profile(kind, { sampleType: 'first n rows', jdbcRowLimitSize: 50 });
    expect([first.basis, first.value('max')]).toMatchObject([{ kind: 'first rows', wanted: 50 }, '50']);
    expect((await profile(kind, { sampleMethod: 'rows', sampleValue: 99_999 })).basis).toMatchObject({
      kind: 'all rows',
    });
  }, 60_000);

  it('reads by a condition, alone, sampled and limited', async () => {
    const filtered = await profile(kind, { whereClause: 'part = 3 -- ends here' });
    expect(filtered.basis).toMatchObject({ kind: 'filter', rowsRead: 1_000 });
    expect(filtered.parts.distinct).toEqual({ value: 1, basis: 'sample', ofRows: 1_000 });
    const both = await profile(kind, { whereClause: 'part = 3', nthValue: 10, jdbcRowLimitSize: 7 });
    expect(both.basis).toMatchObject({ kind: 'every n-th row', filtered: true, rowsRead: 7 });
    expect(both.parts.distinct).toMatchObject({ value: 1 });
    const random = await profile(kind, { whereClause: 'part = 3', sampleMethod: 'rows', sampleValue: 100 });
    expect(random.basis).toMatchObject({ kind: 'rows chosen at random', filtered: true, rowsRead: 100 });
  }, 60_000);

  it('leaves out the measures that are not wanted, and says so', async () => {
    const off = { unknown: 'switched off by the request (without)' };
    const { body } = await profile(kind, {
      without: ['distinct', 'top', 'quantiles', 'minmax'],
      distinct: 'estimated',
    });
    expect(body).toMatchObject({ distinct: off, selectivity: off, topValues: off, quantiles: off, min: off, max: off });
    expect([body.sum?.value, body.histogram?.basis]).toEqual([String((ROWS * (ROWS + 1)) / 2), 'exact']);
    const { body: whole } = await profile(kind, { distinct: 'exact' });
    expect(whole.distinct).toEqual({ value: ROWS, basis: 'exact' });
  }, 60_000);

  it('says of the table which columns are keys, how fresh it is and how many rows are copies', async () => {
    await profile(kind, {});
    const read = async (role: 'data_steward' | 'business_user') => {
      const { token } = await api.signUp(role);
      return (await api.call('GET', `/entities/${tables[kind]}/profile`, { token })).json().data;
    };
    const data = await read('data_steward');
    const keyOf = (column: string) => ({ column, as: 'key', distinct: { value: ROWS, basis: 'exact' } });
    expect(data).toMatchObject({ fields: 4, duplicateRows: { value: 0, basis: 'exact' } });
    expect(data.keys).toEqual(['id', 'seen', 'name'].map(keyOf));
    const hidden = await read('business_user');
    expect([hidden.keys, hidden.freshness]).toEqual([data.keys, undefined]);
    // SQLite has no type of times.
    if (kind === 'SQLITE') return;
    const newest = '2024-03-10T10:39:00';
    expect(data.newest).toEqual([{ column: 'seen', value: { value: newest, basis: 'exact' } }]);
    expect(data.freshness).toEqual({ column: 'seen', newest, days: expect.any(Number) });
    expect(JSON.stringify([hidden.newest])).not.toMatch(/2024/);
    expect((await profile(kind, { nthValue: 10, whereClause: 'part = 3' })).basis).toBeDefined();
    expect(await read('data_steward')).toMatchObject({
      keys: [{ as: 'likely key' }, { as: 'likely key' }, { as: 'likely key' }],
      duplicateRows: { value: 0, basis: 'sample', ofRows: 100 },
    });
  }, 60_000);

  it('fails alone of a condition that is none, writes, breaks out, fails or reads other files; the file stays as it is', async () => {
    const digest = async (): Promise<string> =>
      createHash('md5')
        .update(await readFile(paths[kind]))
        .digest('hex');
    const before = await digest();
    const secret = join(folder, 'secret.txt');
    await writeFile(secret, 'the secret');
    const hostile = [
      ['nonsense +', /whereClause/],
      ['no_such_column = 1', /no_such_column/],
      ['1 = 1) ; DROP TABLE t; --', /whereClause|syntax/],
      ['1 = 1; DELETE FROM t', /whereClause|syntax/],
      ['id IN (DELETE FROM t RETURNING id)', /whereClause|syntax/],
      ...(kind === 'SQLITE'
        ? [['load_extension(name)', /not authorized|no such function|whereClause/]]
        : [
            [`EXISTS (FROM read_text('${secret}'))`, /disabled|not allowed|whereClause/i],
            [`EXISTS (FROM read_csv('/etc/passwd'))`, /disabled|not allowed|whereClause/i],
            ["CASE WHEN id = 9000 THEN error('row') ELSE true END", /whereClause/],
          ]),
    ] as [string, RegExp][];
    for (const [whereClause, reason] of hostile) {
      const job = await bench.run('DATA_PROFILE', { scope: [tables[kind]], configs: { whereClause } });
      expect([whereClause, job.status, job.message]).toEqual([whereClause, 'FAILED', expect.stringMatching(reason)]);
      expect(job.message).not.toMatch(/the secret|root:/);
    }
    expect(await digest()).toBe(before);
  }, 60_000);

  it('keeps sample rows that line up, the newest first, and shows them to who may see them', async () => {
    await profile(kind, { buildSamples: true });
    const { token } = await api.signUp('data_steward');
    const { token: reader } = await api.signUp('business_user');
    const answer = await api.call('GET', `/entities/${tables[kind]}/samples`, { token });
    expect(answer.statusCode).toBe(200);
    const { columns, rows, masked } = answer.json().data;
    expect([columns.map((one: { name: string }) => one.name), rows.length, masked]).toEqual([
      ['id', 'part', 'seen', 'name'],
      200,
      false,
    ]);
    for (const [id, part, , name] of rows) expect([part, name]).toEqual([String(Number(id) % 10), `name ${id}`]);
    // SQLite has no type of times, so there the last row counts as the newest.
    expect(rows[0][0]).toBe(kind === 'SQLITE' ? '10000' : '5000');
    expect(new Set(rows.map(([id]: string[]) => id)).size).toBe(200);
    const hidden = (await api.call('GET', `/entities/${tables[kind]}/samples`, { token: reader })).json().data;
    expect([hidden.masked, new Set(hidden.rows.flat())]).toEqual([true, new Set(['******'])]);

    const filters = { parentIds: [tables[kind]] };
    const info = await api.call('POST', '/entities/filter/profiling-info?sampleLimit=3', { token, body: { filters } });
    const ids = info.json().data.find((one: { name: string }) => one.name === 'id').profilingInfo;
    expect(ids.sampleValues).toEqual(rows.slice(0, 3).map(([id]: string[]) => id));
    expect([ids.dataSampling.sample, ids.sampling.sample]).toEqual([ids.sampleValues, ids.sampleValues]);

    // What lies in the store can be read only with the key, and goes with the next run.
    const stored = await api.pool.query('SELECT samples, kept FROM profile_values WHERE samples IS NOT NULL');
    expect(stored.rows).not.toHaveLength(0);
    for (const { samples, kept } of stored.rows) expect(`${samples}${kept}`).not.toMatch(/name \d/);
    await profile(kind, {});
    expect((await api.call('GET', `/entities/${tables[kind]}/samples`, { token })).statusCode).toBe(404);
    const seen = await api.pool.query(`SELECT FROM audit_log WHERE action = 'samples viewed' AND target = $1`, [
      tables[kind],
    ]);
    expect(seen.rows).not.toHaveLength(0);
  }, 60_000);
});

it.each(['DUCKDB', 'CSV', 'PARQUET'] as const)(
  'a condition of %s that never ends is stopped',
  async (kind) => {
    const whereClause = 'id < 0 OR (SELECT sum(a.range * b.range + id) FROM range(10000000) a, range(10000000) b) > 0';
    const job = await bench.run('DATA_PROFILE', {
      scope: [tables[kind]],
      configs: { whereClause, timeLimitSeconds: 1 },
    });
    expect([job.status, job.message]).toEqual(['FAILED', expect.stringMatching(/timeLimitSeconds/)]);
    expect((await profile(kind, {})).basis).toMatchObject({ kind: 'all rows', rowsRead: ROWS });
  },
  60_000,
);

it('kept values and samples follow the key, and go with their profile', async () => {
  await profile('CSV', { buildSamples: true });
  const { token } = await api.signUp('data_steward');
  const rows = async () => (await api.call('GET', `/entities/${tables.CSV}/samples`, { token })).json().data?.rows;
  const before = await rows();
  const [own, next] = [api.secrets, openSecrets(randomBytes(32))];
  await api.db
    .insertInto('meta')
    .values({ key: FINGERPRINT_META_KEY, value: JSON.stringify({ fingerprint: own.fingerprint }) })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({ value: JSON.stringify({ fingerprint: own.fingerprint }) }),
    )
    .execute();
  const moved = await rotateKey(api.db, own, next);
  expect(moved.profile_values).toBeGreaterThanOrEqual(8);
  await rotateKey(api.db, next, own);
  expect(await rows()).toEqual(before);
  await api.db.transaction().execute(async (trx) => {
    await sql`CREATE TEMP TABLE gone ON COMMIT DROP AS SELECT ${tables.CSV}::uuid AS id`.execute(trx);
    await dropEntities(trx, 'gone');
  });
  const left = await api.pool.query(
    'SELECT FROM profile_values v JOIN profile p ON p.id = v.profile_id WHERE p.table_id = $1',
    [tables.CSV],
  );
  expect(left.rows).toHaveLength(0);
});
