import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeDuckDb } from '../../../test/support/duckdb-files.ts';
import { JobBench } from '../../../test/support/run-job.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { purge } from '../../engine/purge.ts';
import { buildFilter } from '../../sketch/build-filter.ts';
import { keyOfHash } from '../../sketch/membership-filter.ts';
import { toBytes } from '../../sketch/membership-filter-codec.ts';
import { valueSetHash } from '../../sketch/value-set-codec.ts';
import { insertDataSource } from '../data-sources.ts';
import { findFilter } from '../profile-filters.ts';
import { listSamples, unpackValues, valuesPlace } from '../profile-values.ts';
import { backup } from './backup.ts';
import { restore } from './restore.ts';

/** What a profile keeps beside its JSON: sample rows, values for patterns, what the next run goes on from, membership filters. */
const SOURCE = '65f0000000000000000004a1';
let folder: string;
let source: TestDatabase;
let target: TestDatabase;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-kept-'));
  [source, target] = [await createTestDatabase(), await createTestDatabase({ empty: true })];
}, 60_000);
afterAll(async () => {
  await source.drop();
  await target.drop();
  await rm(folder, { recursive: true, force: true });
});

const contentOf = async ({ pool }: TestDatabase) => ({
  values: (await pool.query('SELECT * FROM profile_values ORDER BY profile_id')).rows,
  filters: (await pool.query('SELECT * FROM profile_filter ORDER BY profile_id')).rows,
});

it('comes back from a backup byte for byte, can be opened with the same key, and is gone on from', async () => {
  const bench = new JobBench(source.db, undefined, [folder]);
  const path = join(folder, 't.duckdb');
  const write = async (rows: number): Promise<void> => {
    await rm(path, { force: true });
    await writeDuckDb(path, [`CREATE TABLE t AS SELECT i AS id, 'name ' || i AS name FROM range(1, ${rows + 1}) t(i)`]);
  };
  await write(5_000);
  const config = { path };
  const row = { id: SOURCE, resourceName: 'kept', fqdnId: 'kept', databaseType: 'DUCKDB', config };
  await insertDataSource(source.db, { ...row, secrets: {}, createdBy: null });
  expect((await bench.run('METADATA_INGEST', { resourceId: SOURCE })).status).toBe('COMPLETED');
  const entities = await source.pool.query(
    `SELECT id, name, type FROM entity WHERE source_id = $1 AND type IN ('TABLE', 'COLUMN')`,
    [SOURCE],
  );
  const idOf = (name: string): string => entities.rows.find((one) => one.name === name).id;
  const scope = [idOf('t')];
  const profile = async (on: JobBench, configs: object) => {
    const job = await on.run('DATA_PROFILE', { scope, configs });
    expect([job.status, job.message]).toEqual(['COMPLETED', expect.any(String)]);
    return job.message;
  };
  await profile(bench, { buildSamples: true });
  const filter = await findFilter(source.db, idOf('name'));
  const names = BigUint64Array.from({ length: 5_000 }, (_, i) => keyOfHash(valueSetHash(`name ${i + 1}`)));
  expect(filter?.equals(toBytes(buildFilter(names)))).toBe(true);
  const whole = await contentOf(source);
  expect([whole.filters.length, whole.values.length]).toEqual([2, 2]);
  // Of the profiles before only figures stay. What is gone on from is kept with the table.
  await profile(bench, { buildSamples: true });
  expect((await contentOf(source)).filters).toHaveLength(2);
  await profile(bench, { buildSamples: true, watermarkColumn: 'id' });
  expect((await contentOf(source)).values.filter(({ part }) => part !== null)).toHaveLength(1);
  expect((await contentOf(source)).filters).toHaveLength(0);
  await profile(bench, { buildSamples: true });
  const before = await contentOf(source);
  await profile(bench, { buildSamples: true, watermarkColumn: 'id' });
  const marked = await contentOf(source);
  expect(before.filters).toHaveLength(2);

  const file = join(folder, 'kept.backup');
  await backup(source.pool, file, '0.1.0');
  await restore(target.pool, file);
  expect(await contentOf(target)).toEqual(marked);
  const [samples] = await listSamples(target.db, [idOf('name')]);
  const place = valuesPlace(idOf('name'), samples?.jobId ?? '', 'samples');
  const opened = unpackValues(bench.secrets.unseal(samples?.samples ?? Buffer.alloc(0), place)) as string[];
  expect(opened).toHaveLength(200);
  expect(opened[0]).toMatch(/^name \d+$/);

  await write(5_100);
  const restored = new JobBench(target.db, undefined, [folder]);
  expect(await profile(restored, { buildSamples: true, watermarkColumn: 'id' })).toMatch(/, 100 rows/);
  await profile(restored, {});
  expect((await contentOf(target)).filters).toHaveLength(2);
  // Retention takes what belongs to a profile with it, and so does the deletion of profiles.
  await purge(target.db, { eventDays: 30, jobDays: 365, profiles: 1 });
  expect((await target.pool.query('SELECT FROM profile')).rowCount).toBe(3);
  expect((await contentOf(target)).filters).toHaveLength(2);
  await target.pool.query('DELETE FROM profile');
  expect(await contentOf(target)).toEqual({ values: [], filters: [] });
}, 120_000);
