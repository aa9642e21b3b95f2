import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { JobBench } from '../../../test/support/run-job.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import type { Connection, Connector } from '../../connectors/connector.ts';
import { sqliteConnector as sqlite } from '../../connectors/sqlite/index.ts';
import { insertDataSource } from '../../store/data-sources.ts';

/** Reads that are open at once are counted; the first ones wait for each other, so that as many are as can be. */
const TABLES = 8;
const SOURCE = '65f0000000000000000006a1';
let store: TestDatabase;
let folder: string;
let scope: string[];
beforeAll(async () => {
  store = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'assay-parallel-'));
  const path = join(folder, 'shop.sqlite');
  const database = new DatabaseSync(path);
  for (let i = 0; i < TABLES; i++) database.exec(`CREATE TABLE t${i} (id INTEGER); INSERT INTO t${i} VALUES (${i})`);
  database.close();
  const row = { id: SOURCE, resourceName: 'shop', fqdnId: 'shop', databaseType: 'SQLITE', config: { path } };
  await insertDataSource(store.db, { ...row, secrets: {}, createdBy: null });
  const bench = new JobBench(store.db, undefined, [folder]);
  expect((await bench.run('METADATA_INGEST', { resourceId: SOURCE })).status).toBe('COMPLETED');
  const { rows } = await store.pool.query(`SELECT id FROM entity WHERE type = 'TABLE'`);
  scope = rows.map(({ id }) => id);
}, 60_000);
afterAll(async () => {
  await store.drop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a job with many workers. @returns the most reads that were open at once, where so many were waited for at first */
async function mostAtOnce(configs: object, wanted: number): Promise<number> {
  let [open, most] = [0, 0];
  let meet = (): void => {};
  const met = new Promise<void>((resolve) => {
    meet = resolve;
  });
  const others: Promise<void>[] = [];
  const counting: Connector = {
    ...sqlite,
    connect: async (config, context) => {
      const connection = await sqlite.connect(config, context);
      const read: Connection['read'] = async (request) => {
        // The plan is done: now there is work for all.
        if (others.length === 0) for (let i = 0; i < TABLES; i++) others.push(bench.work());
        most = Math.max(most, ++open);
        if (open >= wanted) meet();
        await met;
        const result = await connection.read(request);
        if (result.kind !== 'batches') throw new Error('expected batches');
        return { ...result, batches: untilEnd(result.batches, () => open--) };
      };
      return Object.assign(Object.create(connection), { read, close: () => connection.close() });
    },
  };
  const bench: JobBench = new JobBench(store.db, () => counting, [folder]);
  const job = await bench.run('DATA_PROFILE', { scope, configs });
  await Promise.all(others);
  const ended = await bench.get(job.id);
  expect([ended.status, ended.message]).toEqual(['COMPLETED', expect.any(String)]);
  return most;
}

async function* untilEnd<T>(items: AsyncIterable<T>, end: () => void): AsyncIterable<T> {
  try {
    yield* items;
  } finally {
    end();
  }
}

it('no more than maxParallelReads reads of a source are open at once, and one where a rate is set', async () => {
  expect(await mostAtOnce({ maxParallelReads: 3 }, 3)).toBe(3);
  expect(await mostAtOnce({ maxParallelReads: 1 }, 1)).toBe(1);
  expect(await mostAtOnce({ maxRowsPerSecond: 1_000_000 }, 1)).toBe(1);
  expect(await mostAtOnce({ numberOfTablesPerJob: 1 }, 5)).toBeGreaterThanOrEqual(5);
}, 60_000);
