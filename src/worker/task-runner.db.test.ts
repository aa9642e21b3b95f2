import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAnew } from '../../test/support/run-job.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { claimTasks } from '../engine/claim.ts';
import { TaskRunner } from './task-runner.ts';

let store: TestDatabase;
beforeAll(async () => {
  store = await createTestDatabase();
});
afterAll(() => store.drop());

test('a connection that is kept for the next task of a lane is closed when none follows after all', async () => {
  const { source, bench } = await startAnew(store);
  source.table('public', 'a', ['x']).table('public', 'b', ['y']);
  const id = '65f0000000000000000000e1';
  await bench.addSource(id, 'crm');
  await bench.run('METADATA_INGEST', { resourceId: id });
  const { rows } = await store.pool.query("SELECT id FROM entity WHERE type = 'TABLE'");
  await bench.accept('DATA_PROFILE', { scope: rows.map((row) => row.id) });
  const limits = { fileRoots: [], protectedPaths: [], memoryMb: 512, threads: 1, tempFolder: tmpdir() };
  const connector = source.connector();
  const host = { db: store.db, secrets: bench.secrets, limits, loadConnector: async () => connector };
  const ended: number[] = [];
  const runner = new TaskRunner(host, {
    onProgress() {},
    onLimit() {},
    onRan() {},
    onEnd: (tasks) => ended.push(...tasks.map(({ id }) => id)),
    onUncommitted() {},
  });
  const claimer = { workerId: '0190a000-0000-7000-8000-0000000000aa', workerName: 'w', host: 'test' };
  const claim = () => claimTasks(store.db, { ...claimer, affinities: ['DEFAULT'] }, 1);
  for (const plan of await claim()) await runner.run(plan, false);
  const [first, second] = await claim();
  expect(second?.lane).toBe(first?.lane);
  const { length: opened } = source.opened;
  const { closed } = source;
  await runner.run(first!, true);
  expect([source.opened.length - opened, source.closed - closed]).toEqual([1, 0]);
  // The worker drops the second one.
  await runner.last();
  expect(source.closed - closed).toBe(1);
  expect(ended).toContain(first!.id);
});
