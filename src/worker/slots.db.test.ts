import { afterAll, beforeAll, expect, test } from 'vitest';
import { awaitState } from '../../test/support/await-state.ts';
import { JobBench } from '../../test/support/run-job.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { claimTasks } from '../engine/claim.ts';
import type { SlotEnd } from './slot-end.ts';
import { Slots } from './slots.ts';

let store: TestDatabase;
beforeAll(async () => {
  store = await createTestDatabase();
});
afterAll(() => store.drop());

test('what has been run is committed before the processes end, and only what runs is dropped', async () => {
  const ends: SlotEnd['how'][] = [];
  const slots = new Slots(
    1,
    () => ({
      connection: { connectionString: store.connectionString },
      secretKey: Buffer.alloc(32).toString('base64'),
      limits: { fileRoots: [], protectedPaths: [], memoryMb: 256, threads: 1, tempFolder: '' },
    }),
    (_task, { how }) => ends.push(how),
  );
  const claimer = { workerId: '0190a000-0000-7000-8000-0000000000aa', workerName: 'w', host: 'test' };
  const claim = () => claimTasks(store.db, { ...claimer, affinities: ['DEFAULT'] }, 1);
  const { id } = await new JobBench(store.db).accept('COUNT', { items: 100, together: 100, workMs: 100 });
  for (const plan of await claim()) slots.start(plan);
  await awaitState(
    'the plan',
    async () => [...ends],
    (found) => found.length === 1,
  );
  const [first, ...rest] = await claim();
  await store.db.transaction().execute(async (trx) => {
    await trx.selectFrom('job').select('id').where('id', '=', id).forUpdate().execute();
    slots.start(first!, rest);
    await awaitState(
      'a commit that waits for the lock',
      async () =>
        (
          await store.pool.query(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
          )
        ).rows.length,
      (waiting) => waiting > 0,
    );
    // It tells the process at once; the commit can come to its end only afterwards.
    void slots.close();
  });
  await awaitState(
    'the end of the process',
    async () => slots.running,
    (running) => running === 0,
  );
  const done = await store.db
    .selectFrom('task')
    .select('key')
    .where('job_id', '=', id)
    .where('state', '=', 'done')
    .execute();
  expect(done.length).toBeGreaterThan(1);
  expect(ends.filter((how) => how === 'committed')).toHaveLength(done.length);
  // All that ran, but the one that was running.
  expect(ends.filter((how) => how !== 'committed').length).toBeLessThanOrEqual(1);
});
