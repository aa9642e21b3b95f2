import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awaitState } from '../../test/support/await-state.ts';
import { JobBench } from '../../test/support/run-job.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { insertDataSource } from '../store/data-sources.ts';
import { type RunningWorker, startWorker } from './start-worker.ts';

let store: TestDatabase;
let folder: string;
let worker: RunningWorker;
beforeAll(async () => {
  store = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'assay-endless-'));
  // A folder for each process alone: it is removed with a process that is killed.
  const profiling = {
    keepValues: true,
    conditionSeconds: 5,
    wholeTableRows: 1e9,
    wholeTableBytes: 1e12,
    membershipBytes: 0,
  };
  worker = await startWorker({
    db: store.db,
    pool: store.pool,
    name: 'w1',
    affinities: ['DEFAULT'],
    slots: 1,
    software: 'test',
    retention: { eventDays: 30, jobDays: 365, profiles: 10 },
    ensureRunning: async () => {},
    log: { info() {}, warn() {}, error() {} },
    childSetup: () => ({
      connection: { connectionString: store.connectionString },
      secretKey: randomBytes(32).toString('base64'),
      limits: {
        fileRoots: [folder],
        protectedPaths: [],
        memoryMb: 256,
        threads: 1,
        tempFolder: mkdtempSync(join(folder, 'task-')),
        profiling,
      },
    }),
  });
});
afterAll(async () => {
  await worker.stop();
  await store.drop();
  await rm(folder, { recursive: true, force: true });
});

test('a SQLite condition that never ends, and hears nothing, is killed; the other tables of its lane go on', async () => {
  const path = join(folder, 'shop.sqlite');
  const sqlite = new DatabaseSync(path);
  // Only in the first of them does the condition have a row to be evaluated for.
  sqlite.exec(
    'CREATE TABLE a (id INTEGER); INSERT INTO a VALUES (1); CREATE TABLE b (id INTEGER); CREATE TABLE c (id INTEGER); ANALYZE',
  );
  sqlite.close();
  const before = await readFile(path);
  const bench = new JobBench(store.db);
  const id = '65f0000000000000000000e1';
  const row = { id, resourceName: 'shop', fqdnId: 'shop', databaseType: 'SQLITE', config: { path } };
  await insertDataSource(store.db, { ...row, secrets: {}, createdBy: null });
  const ended = (jobId: string) =>
    awaitState(
      'the end of the job',
      () => bench.get(jobId),
      (job) => job.finished_at !== null,
    );
  expect(await ended((await bench.accept('METADATA_INGEST', { resourceId: id })).id)).toMatchObject({
    status: 'COMPLETED',
  });
  const { rows } = await store.pool.query(`SELECT id FROM entity WHERE type = 'TABLE' ORDER BY name`);
  const endless = '(WITH RECURSIVE n(i) AS (SELECT id UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n) > 0';
  const { id: jobId } = await bench.accept('DATA_PROFILE', {
    scope: rows.map((one) => one.id),
    configs: { whereClause: endless },
  });
  const job = await ended(jobId);
  expect(job).toMatchObject({ status: 'FAILED', statistics: { total: 3, done: 2, failed: 1 } });
  expect(job.message).toMatch(/main\.a: whereClause: reading by it took longer than 5 s/);
  expect((await readFile(path)).equals(before)).toBe(true);
}, 60_000);
