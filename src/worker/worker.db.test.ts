import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { awaitState } from '../../test/support/await-state.ts';
import { addCatalog } from '../../test/support/sample-catalog.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { acceptJob, type JobUser } from '../engine/accept-job.ts';
import { cancelJob } from '../engine/cancel-job.ts';
import { concludeJob } from '../jobs/conclude.ts';
import { countSpec } from '../jobs/count/schema.ts';
import { expectedSum } from '../jobs/count/series.ts';
import type { JobRow } from '../store/database.ts';
import { foldSearchChanges } from '../store/search/fold-changes.ts';
import { type RunningWorker, startWorker } from './start-worker.ts';

const user: JobUser = {
  id: '0190a000-0000-7000-8000-000000000001',
  username: 'ada',
  snapshot: { name: 'Ada', email: '', firstName: 'Ada', lastName: '' },
};
const silent = { info() {}, warn() {}, error() {} };

let store: TestDatabase;
let workers: RunningWorker[];
beforeEach(async () => {
  store = await createTestDatabase();
  workers = [];
});
afterEach(async () => {
  for (const worker of workers) await worker.stop();
  await store.drop();
});

async function work(name: string, options: { memoryMb?: number; affinities?: string[] } = {}): Promise<RunningWorker> {
  const worker = await startWorker({
    db: store.db,
    pool: store.pool,
    name,
    affinities: options.affinities ?? ['DEFAULT'],
    slots: 2,
    software: 'test',
    retention: { eventDays: 30, jobDays: 365, profiles: 10 },
    ensureRunning: async () => {},
    log: silent,
    childSetup: () => ({
      connection: { connectionString: store.connectionString },
      secretKey: randomBytes(32).toString('base64'),
      limits: { fileRoots: [], protectedPaths: [], memoryMb: options.memoryMb ?? 256, threads: 1, tempFolder: '' },
    }),
  });
  workers.push(worker);
  return worker;
}

async function count(request: Record<string, unknown>): Promise<JobRow> {
  const input = countSpec.request.parse(request) as Record<string, unknown>;
  const base = {
    name: 'COUNT',
    scope: { dataSources: [], scope: [] },
    resourceIds: [],
    affinity: 'DEFAULT',
    lockKeys: [],
    warnings: [],
  };
  return (await acceptJob(store.db, { ...base, input }, user)).job;
}

const read = (id: string) => store.db.selectFrom('job').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const ended = (id: string) =>
  awaitState(
    'the end of the job',
    () => read(id),
    (job) => job.finished_at !== null,
  );
const running = (id: string) =>
  awaitState(
    'a running task',
    () => store.db.selectFrom('task').selectAll().where('job_id', '=', id).where('kind', '=', 'work').execute(),
    (tasks) => tasks.some((task) => task.state === 'running' && task.progress > 0),
  );

test('a job of many parts and stages comes to the sum known in advance', async () => {
  await work('w1');
  const job = await ended((await count({ items: 6, partsPerItem: 3 })).id);
  expect(job).toMatchObject({ status: 'COMPLETED', result: { sum: expectedSum(6, 3), items: 6 } });
});

test('a worker does not ask without end for what another transaction holds back from search', async () => {
  await addCatalog(store.db, { Bank: { crm: { customer: ['id'] } } });
  await foldSearchChanges(store.db);
  let asked = 0;
  await store.db.transaction().execute(async (trx) => {
    await trx.updateTable('entity').set({ name: 'held' }).where('type', '=', 'TABLE').execute();
    await store.pool.query("INSERT INTO search_dirty SELECT id FROM entity WHERE type = 'TABLE'");
    store.pool.on('acquire', () => {
      asked += 1;
    });
    await work('w1');
    await ended((await count({ items: 4, partsPerItem: 2 })).id);
  });
  // Eight parts and their job take about 150 connections; a loop takes thousands.
  expect(asked).toBeLessThan(1_000);
});

test('what changed in the catalog is in the index of search when a job has ended, without a search', async () => {
  await addCatalog(store.db, { Bank: { crm: { customer: ['id'] } } });
  await work('w1');
  await ended((await count({ items: 1 })).id);
  const names = () => store.pool.query('SELECT name FROM search_name ORDER BY name');
  const { rows } = await awaitState('the names', names, (state) => state.rows.length > 0);
  expect(rows.map(({ name }) => name)).toEqual(['Bank', 'crm', 'customer', 'id']);
});

test('a task whose process is killed is tried again and counts once', async () => {
  await work('w1');
  const job = await ended((await count({ items: 4, crashItems: [1, 2], crashTimes: 1 })).id);
  expect(job).toMatchObject({
    status: 'COMPLETED',
    result: { sum: expectedSum(4) },
    effects: { created: { parts: 4 } },
  });
});

test('tasks that are done together are committed together, and count once whichever of them takes its process along', async () => {
  await work('w1');
  const job = await ended((await count({ items: 30, together: 10, crashItems: [4, 17], crashTimes: 2 })).id);
  expect(job).toMatchObject({
    status: 'COMPLETED',
    result: { sum: expectedSum(30) },
    effects: { created: { parts: 30 } },
  });
  const tasks = await store.db
    .selectFrom('task')
    .select(['key', 'failures', 'finished_at'])
    .where('job_id', '=', job.id)
    .where('kind', '=', 'work')
    .orderBy('id')
    .execute();
  // Only who ended the process is to blame.
  expect(tasks.filter(({ failures }) => failures > 0).map(({ key }) => key)).toEqual(['i000004', 'i000017']);
  const events = await store.db.selectFrom('job_event').select('message').where('job_id', '=', job.id).execute();
  expect(events.filter(({ message }) => message.endsWith('was stored'))).toHaveLength(30);
});

test('a task that cannot be stored fails alone', async () => {
  await work('w1');
  const job = await ended(
    (await count({ items: 20, together: 20, unstorableItems: [3, 19], failCode: 'SOURCE_NO_OBJECT' })).id,
  );
  expect(job).toMatchObject({
    status: 'FAILED',
    statistics: { total: 20, done: 18, failed: 2 },
    effects: { created: { parts: 18 } },
  });
  expect(job.message).toContain('item 3: item 3 was asked not to be stored');
  const events = await store.db.selectFrom('job_event').select('message').where('job_id', '=', job.id).execute();
  expect(events.filter(({ message }) => message.endsWith('was stored'))).toHaveLength(18);
});

test('a task that breaks the connection it is stored on uses up no try of those it was to be committed with', async () => {
  await work('w1');
  const { id } = await count({ items: 12, together: 12, unstorableItems: [3], failCode: 'STORE_UNAVAILABLE' });
  const tasks = await awaitState(
    'all but one',
    () =>
      store.db
        .selectFrom('task')
        .select(['key', 'state', 'failures'])
        .where('job_id', '=', id)
        .where('kind', '=', 'work')
        .execute(),
    (found) => found.filter(({ state }) => state === 'done').length === 11,
  );
  expect(tasks.filter(({ key, failures }) => failures > 0 && key !== 'i000003')).toEqual([]);
  await cancelJob(store.db, id, 'by ada', concludeJob);
  expect(await ended(id)).toMatchObject({ effects: { created: { parts: 11 } } });
});

test('cancelling also stops tasks that wait to be committed together', async () => {
  await work('w1');
  const { id } = await count({ items: 40, together: 40, workMs: 500 });
  await running(id);
  await cancelJob(store.db, id, 'by ada', concludeJob);
  const job = await ended(id);
  expect(job.status).toBe('CANCELLED');
  expect(job.statistics?.done).toBe(job.effects?.created.parts ?? 0);
});

test('a task that outgrows its memory fails with that reason and is not tried again', async () => {
  await work('w1', { memoryMb: 128 });
  const job = await ended((await count({ items: 1, memoryMb: 700, workMs: 20_000 })).id);
  expect(job.status).toBe('FAILED');
  expect(job.message).toContain('128 MB of memory');
});

test('cancelling stops a running task before its work is done', async () => {
  await work('w1');
  const { id } = await count({ items: 4, workMs: 20_000 });
  await running(id);
  // A worker that hears of it at once may have ended its tasks before the call is answered.
  expect(['CANCELLING', 'CANCELLED']).toContain(await cancelJob(store.db, id, 'by ada', concludeJob));
  expect(await ended(id)).toMatchObject({ status: 'CANCELLED' });
});

test('a worker that stops hands its tasks back, and another does them at once', async () => {
  const first = await work('w1');
  const { id } = await count({ items: 2, workMs: 3_000 });
  await running(id);
  await first.stop();
  workers = [];
  const tasks = await store.db
    .selectFrom('task')
    .select(['kind', 'state'])
    .where('job_id', '=', id)
    .where('kind', '=', 'work')
    .execute();
  expect(tasks.map((task) => task.state)).toEqual(['ready', 'ready']);
  await work('w2');
  expect(await ended(id)).toMatchObject({ status: 'COMPLETED', result: { sum: expectedSum(2) } });
});

test('a worker of another affinity leaves the job alone', async () => {
  await work('w1', { affinities: ['EU'] });
  const { id } = await count({ items: 1 });
  await work('w2');
  const job = await ended(id);
  const [task] = await store.db.selectFrom('task').select('worker_name').where('job_id', '=', job.id).execute();
  expect(task?.worker_name).toBe('w2');
});
