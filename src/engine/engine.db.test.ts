import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { awaitState } from '../../test/support/await-state.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { AssayError } from '../errors/assay-error.ts';
import { noEffects } from '../model/job-status.ts';
import { timeOfItem } from '../store/task-time.ts';
import { acceptJob, type JobUser, type NewJob } from './accept-job.ts';
import { cancelJob } from './cancel-job.ts';
import { type ClaimedTask, claimTasks, handBack, handBackUnbegun } from './claim.ts';
import { endTask, endTasks, failTask } from './end-task.ts';
import { assertFence, renewLeases } from './lease.ts';
import { purge } from './purge.ts';
import { rerunJob } from './rerun-job.ts';
import { sweepExpired } from './sweep.ts';
import type { ConcludeJob, TaskDraft, TaskEnd } from './task.ts';

const user: JobUser = {
  id: '0190a000-0000-7000-8000-000000000001',
  username: 'ada',
  snapshot: { name: 'Ada', email: '', firstName: 'Ada', lastName: '' },
};
const conclude: ConcludeJob = (_name, parts) => ({
  noun: ['thing', 'things'],
  message: 'Done.',
  result: { keys: parts.filter((part) => part.part).map((part) => part.key) },
});
const done: TaskEnd = { state: 'done', reason: '', part: { n: 1 }, effects: noEffects() };
const single = { key: 'only', item: 'only', title: 'only', payload: {} };
const claimer = (name: string) => ({
  workerId: `0190a000-0000-7000-8000-00000000000${name.at(-1)}`,
  workerName: name,
  host: 'test',
  affinities: ['DEFAULT'],
});

let test_: TestDatabase;
beforeAll(async () => {
  test_ = await createTestDatabase();
});
afterAll(() => test_.drop());
beforeEach(async () => {
  await test_.pool.query('TRUNCATE job, task, idempotency, data_source CASCADE');
});

const bare: NewJob = {
  name: 'TEST',
  input: {},
  scope: { dataSources: [], scope: [] },
  resourceIds: [],
  affinity: 'DEFAULT',
  lockKeys: [],
  warnings: [],
  single,
};
const accept = async (job: Partial<NewJob> = {}, idempotency?: Parameters<typeof acceptJob>[3]) =>
  (await acceptJob(test_.db, { ...bare, ...job }, user, idempotency)).job;
const claimOne = async (name = 'w1'): Promise<ClaimedTask> => {
  const [task] = await claimTasks(test_.db, claimer(name), 1);
  if (!task) throw new Error('nothing to claim');
  return task;
};
const end = (task: ClaimedTask, how: TaskEnd = done, options: Parameters<typeof endTask>[4] = {}) =>
  test_.db.transaction().execute((trx) => endTask(trx, task, how, conclude, options));
const statusOf = async (id: string) =>
  test_.db.selectFrom('job').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const expire = () =>
  test_.pool.query(`UPDATE task SET lease_until = now() - interval '1 second' WHERE state = 'running'`);

test('a job runs from ACCEPTED over RUNNING to COMPLETED and keeps its result', async () => {
  const job = await accept();
  expect(job.status).toBe('ACCEPTED');
  const task = await claimOne();
  expect((await statusOf(job.id)).status).toBe('RUNNING');
  await end(task);
  expect(await statusOf(job.id)).toMatchObject({
    status: 'COMPLETED',
    message: 'Done.',
    result: { keys: ['only'] },
    statistics: { total: 1, done: 1, failed: 0, skipped: 0 },
  });
});

test('what a stale token writes is rolled back, and the task counts once', async () => {
  const job = await accept();
  const first = await claimOne('w1');
  await expire();
  expect(await sweepExpired(test_.db, conclude)).toBe(1);
  const second = await claimOne('w2');
  expect(second.fence).toBeGreaterThan(first.fence);
  const late = test_.db.transaction().execute(async (trx) => {
    await trx.insertInto('meta').values({ key: 'late', value: '1' }).execute();
    await endTask(trx, first, done, conclude);
  });
  await expect(late).rejects.toMatchObject({ code: 'LEASE_LOST' });
  expect(await test_.db.selectFrom('meta').selectAll().where('key', '=', 'late').execute()).toEqual([]);
  await end(second);
  expect((await statusOf(job.id)).statistics).toEqual({ total: 1, done: 1, failed: 0, skipped: 0 });
});

test('a renewed lease is not swept, a lost one is missing from the renewal', async () => {
  await accept();
  const task = await claimOne();
  expect(await renewLeases(test_.db, [{ id: task.id, fence: task.fence, progress: 0.5 }])).toHaveLength(1);
  expect(await sweepExpired(test_.db, conclude)).toBe(0);
  await expire();
  await sweepExpired(test_.db, conclude);
  expect(await renewLeases(test_.db, [{ id: task.id, fence: task.fence, progress: 0.5 }])).toEqual([]);
});

test('a task is claimed by one worker only, however many ask at once', async () => {
  for (let i = 0; i < 20; i++) await accept();
  const claimed = await Promise.all(
    Array.from({ length: 10 }, (_, i) => claimTasks(test_.db, claimer(`w${i % 3}`), 4)),
  );
  const ids = claimed.flat().map((task) => task.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBe(20);
});

test('jobs that share a lock key run one at a time, in the order of their acceptance', async () => {
  const first = await accept({ lockKeys: ['source:1'] });
  const second = await accept({ lockKeys: ['source:2', 'source:1'] });
  const other = await accept({ lockKeys: ['source:3'] });
  const claimed = await claimTasks(test_.db, claimer('w1'), 10);
  expect(claimed.map((task) => task.job_id)).toEqual([first.id, other.id]);
  await end(claimed[0] as ClaimedTask);
  expect((await claimOne()).job_id).toBe(second.id);
});

test('a higher priority goes first, and only workers of the affinity get a task', async () => {
  await accept({ affinity: 'EU', priority: 9 });
  const low = await accept();
  const high = await accept({ priority: 5 });
  const claimed = await claimTasks(test_.db, claimer('w1'), 10);
  expect(claimed.map((task) => task.job_id)).toEqual([high.id, low.id]);
});

test('jobs take turns: one that came late does not wait for all tasks of an earlier one', async () => {
  const plan = async (tasks: number): Promise<string> => {
    const { id } = await accept({ single: undefined });
    const drafts = Array.from({ length: tasks }, (_, i) => ({ key: `${i}`, item: `${i}`, title: '', payload: {} }));
    await end(await claimOne(), done, { planned: { tasks: drafts, skipped: [] } });
    return id;
  };
  const large = await plan(100);
  await claimTasks(test_.db, claimer('w1'), 20);
  const small = await accept();
  expect(await claimOne()).toMatchObject({ job_id: small.id });
  await plan(100);
  const next = await claimTasks(test_.db, claimer('w1'), 60);
  const ofFirst = next.filter((task) => task.job_id === large).length;
  expect(ofFirst).toBeGreaterThan(10);
  expect(ofFirst).toBeLessThan(50);
  const low = await accept({ priority: -1 });
  const high = await accept({ priority: 1 });
  expect(await claimOne()).toMatchObject({ job_id: high.id });
  const rest = await claimTasks(test_.db, claimer('w1'), 200 - 20 - 60);
  expect(rest).toHaveLength(120);
  expect(rest.map((task) => task.job_id)).not.toContain(low.id);
  expect(await claimOne()).toMatchObject({ job_id: low.id });
});

test('an error that may pass is tried again after a pause; one that may not fails the job with its reason', async () => {
  const job = await accept();
  const first = await claimOne();
  const fail = (task: ClaimedTask, code: 'SOURCE_LOST' | 'SOURCE_AUTH') =>
    test_.db.transaction().execute((trx) => failTask(trx, task, new AssayError(code, `it was ${code}`), conclude, 0.5));
  expect(await fail(first, 'SOURCE_LOST')).toMatchObject({ outcome: 'retry', pauseMs: 750 });
  expect(await claimTasks(test_.db, claimer('w1'), 1)).toEqual([]);
  await test_.pool.query('UPDATE task SET run_at = now()');
  expect(await fail(await claimOne(), 'SOURCE_AUTH')).toMatchObject({ outcome: 'failed' });
  expect(await statusOf(job.id)).toMatchObject({
    status: 'FAILED',
    message: 'it was SOURCE_AUTH. Check userName and password.',
  });
});

test('an error ends its task whatever its words are: half an emoji or U+0000, by a cut or by itself', async () => {
  const job = await accept();
  const fail = async (code: 'SOURCE_LOST' | 'SOURCE_BAD_DATA', message: string) => {
    await test_.pool.query('UPDATE task SET run_at = now()');
    const task = await claimOne();
    const error = new AssayError(code, message, { details: { value: '\udc00' } });
    return test_.db.transaction().execute((trx) => failTask(trx, task, error, conclude, 0));
  };
  // With `only: ` before it the 2,000th unit of what is kept is the first half of an emoji.
  const cut = `${'x'.repeat(1_993)}😀`;
  expect(await fail('SOURCE_LOST', cut)).toMatchObject({ outcome: 'retry' });
  expect(await fail('SOURCE_LOST', 'a\ud83d\0')).toMatchObject({ outcome: 'retry' });
  expect(await fail('SOURCE_BAD_DATA', `${cut}\ud83d`)).toMatchObject({ outcome: 'failed' });
  const { status, message } = await statusOf(job.id);
  expect([status, message.startsWith(`${cut}\ufffd`)]).toEqual(['FAILED', true]);
  const { rows } = await test_.pool.query('SELECT kind, message FROM job_event WHERE job_id = $1 ORDER BY seq', [
    job.id,
  ]);
  const kept = `only: ${'x'.repeat(1_993)}\ufffd`;
  expect(rows.slice(1, 4)).toEqual([
    { kind: 'retry', message: kept },
    { kind: 'retry', message: expect.stringContaining('only: a\ufffd\ufffd (try 2') },
    { kind: 'failed', message: kept },
  ]);
  const { error } = await test_.db.selectFrom('task').select('error').executeTakeFirstOrThrow();
  expect(error).toMatchObject({ code: 'SOURCE_BAD_DATA', message: `${cut}\ufffd`, details: { value: '\ufffd' } });
});

test('a task that always fails with a passing error ends after five tries', async () => {
  const job = await accept();
  for (let i = 0; i < 5; i++) {
    await test_.pool.query('UPDATE task SET run_at = now()');
    const task = await claimOne();
    await test_.db
      .transaction()
      .execute((trx) => failTask(trx, task, new AssayError('SOURCE_LOST', 'gone'), conclude, 0));
  }
  expect((await statusOf(job.id)).status).toBe('FAILED');
});

test('the tasks of a later stage start when all of the earlier stage are done, item by item', async () => {
  const job = await accept({ single: undefined });
  const draft = (item: string, key: string, stage: number) => ({ key, item, title: key, stage, payload: {} });
  const tasks = [draft('a', 'a1', 0), draft('a', 'a2', 0), draft('a', 'a3', 1), draft('b', 'b1', 0)];
  await end(await claimOne(), done, { planned: { tasks, skipped: [{ item: 'c', title: 'c', reason: 'a view' }] } });
  const first = await claimTasks(test_.db, claimer('w1'), 10);
  expect(first.map((task) => task.key)).toEqual(['a1', 'a2', 'b1']);
  await end(first[0] as ClaimedTask);
  await end(first[2] as ClaimedTask);
  expect(await claimTasks(test_.db, claimer('w1'), 10)).toEqual([]);
  await end(first[1] as ClaimedTask, done, { bytes: { sketch: Buffer.from([1, 2]) } });
  await end(await claimOne());
  const ended = await statusOf(job.id);
  expect(ended).toMatchObject({ status: 'COMPLETED', statistics: { total: 3, done: 2, failed: 0, skipped: 1 } });
  expect(ended.result).toEqual({ keys: ['!plan', 'a1', 'a2', 'a3', 'b1'] });
});

test('a failed part drops the later stage of its item and no other', async () => {
  const job = await accept({ single: undefined });
  const draft = (item: string, key: string, stage: number) => ({ key, item, title: key, stage, payload: {} });
  await end(await claimOne(), done, {
    planned: {
      tasks: [draft('a', 'a1', 0), draft('a', 'a2', 1), draft('b', 'b1', 0), draft('b', 'b2', 1)],
      skipped: [],
    },
  });
  const claimed = await claimTasks(test_.db, claimer('w1'), 10);
  await end(claimed[0] as ClaimedTask, { ...done, state: 'failed', reason: 'gone' });
  await end(claimed[1] as ClaimedTask);
  await end(await claimOne());
  expect(await statusOf(job.id)).toMatchObject({
    status: 'FAILED',
    message: '1 of 2 things failed: a1: gone',
    statistics: { total: 2, done: 1, failed: 1, skipped: 0 },
  });
});

test('cancelling ends at once what has not started and marks what runs', async () => {
  const waiting = await accept();
  expect(await cancelJob(test_.db, waiting.id, 'by ada', conclude)).toBe('CANCELLED');
  const running = await accept();
  const task = await claimOne();
  expect(await cancelJob(test_.db, running.id, 'by ada', conclude)).toBe('CANCELLING');
  expect((await renewLeases(test_.db, [{ id: task.id, fence: task.fence, progress: 0 }]))[0]?.status).toBe(
    'CANCELLING',
  );
  await end(task, { ...done, state: 'cancelled', reason: 'cancelled' });
  expect((await statusOf(running.id)).status).toBe('CANCELLED');
  expect(await cancelJob(test_.db, running.id, 'again', conclude)).toBe('CANCELLED');
});

test('a job being cancelled ends although its worker died', async () => {
  const job = await accept();
  await claimOne();
  await cancelJob(test_.db, job.id, 'by ada', conclude);
  await expire();
  await sweepExpired(test_.db, conclude);
  expect((await statusOf(job.id)).status).toBe('CANCELLED');
});

test('tasks handed back can be claimed at once, and the old token is stale', async () => {
  await accept();
  const task = await claimOne();
  expect(await handBack(test_.db, [{ id: task.id, fence: task.fence }])).toBe(1);
  await expect(end(task)).rejects.toMatchObject({ code: 'LEASE_LOST' });
  await end(await claimOne('w2'));
});

test('the time of an item is that of its attempts, without what lies between them', async () => {
  const { id: jobId } = await accept();
  const shift = (text: string) => test_.pool.query(`UPDATE task SET ${text}`);
  const claimMinutesAgo = async (minutes: number) => {
    await shift('run_at = now()');
    const task = await claimOne();
    await shift(`attempt_at = now() - interval '${minutes} minutes'`);
    return task;
  };
  const minutes = async () => {
    const { seconds, running } = await timeOfItem(test_.db, jobId, 'only');
    return [Math.floor(seconds / 60), running];
  };
  expect(await minutes()).toEqual([0, 0]);
  const first = await claimMinutesAgo(10);
  expect(await minutes()).toEqual([10, 1]);
  await handBack(test_.db, [first]);
  // A night goes by.
  await shift(`started_at = started_at - interval '9 hours', attempt_at = attempt_at - interval '9 hours'`);
  expect(await minutes()).toEqual([10, 0]);
  const second = await claimMinutesAgo(20);
  const error = new AssayError('SOURCE_LOST', 'gone');
  await test_.db.transaction().execute((trx) => failTask(trx, second, error, conclude, 0));
  expect(await minutes()).toEqual([30, 0]);
  await handBackUnbegun(test_.db, [await claimMinutesAgo(99)]);
  expect(await minutes()).toEqual([30, 0]);
  // Its worker and all others end with it, five minutes after it began.
  await claimMinutesAgo(600);
  await shift(`lease_until = attempt_at + interval '5 minutes'`);
  expect(await minutes()).toEqual([35, 1]);
  expect(await sweepExpired(test_.db, conclude)).toBe(1);
  expect(await minutes()).toEqual([35, 0]);
  await end(await claimMinutesAgo(5));
  expect(await minutes()).toEqual([40, 0]);
});

test('the same idempotency key answers with the first job, another body is a conflict, another user is on their own', async () => {
  const key = { route: '/x', key: 'k1', bodyHash: 'h1' };
  const first = await accept({}, key);
  expect((await accept({}, key)).id).toBe(first.id);
  await expect(accept({}, { ...key, bodyHash: 'h2' })).rejects.toMatchObject({ code: 'CONFLICT' });
  const many = await Promise.all(Array.from({ length: 8 }, () => accept({}, { ...key, key: 'k2' })));
  expect(new Set(many.map((job) => job.id)).size).toBe(1);
});

test('the event log has no gaps and tells the life of the job in order', async () => {
  const job = await accept({ warnings: ['the key "colour" is not known'] });
  const task = await claimOne();
  await end(task, done, { events: [{ level: 'info', kind: 'progress', message: 'half way' }] });
  const events = await test_.db
    .selectFrom('job_event')
    .selectAll()
    .where('job_id', '=', job.id)
    .orderBy('seq')
    .execute();
  expect(events.map((event) => event.seq)).toEqual([1, 2, 3, 4]);
  expect(events.map((event) => event.kind)).toEqual(['accepted', 'warning', 'progress', 'ended']);
});

test('a re-run has the input of the first, and a running job cannot be run again', async () => {
  const job = await accept({ input: { colour: 'red' } });
  await expect(rerunJob(test_.db, job.id, user)).rejects.toMatchObject({ code: 'CONFLICT' });
  await end(await claimOne());
  const again = await rerunJob(test_.db, job.id, user);
  expect(again).toMatchObject({ input: { colour: 'red' }, rerun_of: job.id, status: 'ACCEPTED' });
  await end(await claimOne());
  expect((await statusOf(again.id)).status).toBe('COMPLETED');
});

test('a task whose row is locked by its own end keeps its lease, and the others are renewed meanwhile', async () => {
  await accept();
  await accept();
  const [ending, other] = await claimTasks(test_.db, claimer('w1'), 2);
  if (!ending || !other) throw new Error('expected two tasks');
  await test_.db.transaction().execute(async (trx) => {
    await assertFence(trx, ending);
    const renewed = await renewLeases(
      test_.db,
      [ending, other].map(({ id, fence }) => ({ id, fence, progress: 0 })),
    );
    expect(renewed.map((one) => one.id).sort()).toEqual([ending.id, other.id].sort());
  });
});

/** Advisory locks of this database: other tests share the server. */
const HERE = `locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

test('jobs of one lock key run in the order of their numbers, however their acceptances overlap', async () => {
  const slow = Promise.withResolvers<void>();
  const first = acceptJob(test_.db, { ...bare, lockKeys: ['source:1'], onAccepted: () => slow.promise }, user);
  await awaitState(
    'the first acceptance to hold its key',
    () => test_.pool.query(`SELECT count(*)::int AS n FROM pg_locks WHERE ${HERE} AND granted`),
    ({ rows }) => rows[0].n > 0,
  );
  const second = acceptJob(test_.db, { ...bare, lockKeys: ['source:1', 'source:2'] }, user);
  await awaitState(
    'the second acceptance to wait',
    () => test_.pool.query(`SELECT count(*)::int AS n FROM pg_locks WHERE ${HERE} AND NOT granted`),
    ({ rows }) => rows[0].n > 0,
  );
  slow.resolve();
  const [one, two] = await Promise.all([first, second]);
  expect(one.job.seq).toBeLessThan(two.job.seq);
  expect((await claimTasks(test_.db, claimer('w1'), 5)).map((task) => task.job_id)).toEqual([one.job.id]);
});

test('old jobs go with everything of theirs, young ones stay', async () => {
  const old = await accept();
  await end(await claimOne());
  await test_.pool.query(`UPDATE job SET finished_at = now() - interval '400 days' WHERE id = $1`, [old.id]);
  const young = await accept();
  const deleted = await purge(test_.db, { eventDays: 30, jobDays: 365, profiles: 10 });
  expect(deleted).toMatchObject({ jobs: 1, tasks: 1 });
  const left = await test_.db.selectFrom('job').select('id').execute();
  expect(left).toEqual([{ id: young.id }]);
});

test('every kind of row is purged by its own retention, and counted', async () => {
  const { id } = await accept();
  await end(await claimOne());
  await test_.pool.query(`
    UPDATE job SET finished_at = now() - interval '40 days';
    UPDATE job_event SET at = now() - interval '40 days' WHERE seq = 1;
    INSERT INTO profile (entity_id, table_id, source_id, job_id, job_seq, current, basis, body)
      SELECT '0190a000-0000-7000-8000-000000000002', '0190a000-0000-7000-8000-000000000002', 's', 'j', n, n = 5, '{}', '{}' FROM generate_series(1, 5) n;
    INSERT INTO worker (id, name, host, pid, software, affinities, slots, heartbeat_at)
      VALUES ('0190a000-0000-7000-8000-0000000000ff', 'gone', 'h', 1, 't', '{}', 1, now() - interval '2 days');
    INSERT INTO idempotency (user_id, route, key, body_hash, job_id, created_at)
      VALUES ('0190a000-0000-7000-8000-000000000001', 'r', 'k', 'h', '${id}', now() - interval '2 days')`);
  const before = await test_.db.selectFrom('purge_count').selectAll().execute();
  const deleted = await purge(test_.db, { eventDays: 30, jobDays: 365, profiles: 3 });
  expect(deleted).toMatchObject({ events: 1, tasks: 0, jobs: 0, profiles: 2, workers: 1, idempotency: 1 });
  const kept = await test_.db.selectFrom('profile').select('job_seq').orderBy('job_seq').execute();
  expect(kept.map((row) => row.job_seq)).toEqual([3, 4, 5]);
  const counted = await test_.db.selectFrom('purge_count').select(['what', 'rows']).execute();
  const rowsOf = (list: typeof counted, what: string) => list.find((row) => row.what === what)?.rows ?? 0;
  expect(rowsOf(counted, 'profiles') - rowsOf(before, 'profiles')).toBe(2);
});

test('of a lane one worker takes several at once, in order, and nobody else takes any meanwhile', async () => {
  const job = await accept({ single: undefined });
  const drafts = ['a', 'b', 'c', 'd'].map((key) => ({ ...single, key, item: key, lane: 'one', together: 3 }));
  await end(await claimOne(), done, {
    planned: { tasks: [...drafts, { ...single, key: 'z', item: 'z' }], skipped: [] },
  });
  const first = await claimTasks(test_.db, claimer('w1'), 1);
  expect(first.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  expect((await claimTasks(test_.db, claimer('w2'), 9)).map(({ key }) => key)).toEqual(['z']);
  const [a, b, c] = first as [ClaimedTask, ClaimedTask, ClaimedTask];
  await end(a);
  await test_.db
    .transaction()
    .execute((trx) => failTask(trx, b, new AssayError('SOURCE_NO_OBJECT', 'no b'), conclude, 0));
  await handBackUnbegun(test_.db, [c]);
  const second = await claimTasks(test_.db, claimer('w2'), 9);
  expect(second.map(({ key, attempt }) => [key, attempt])).toEqual([
    ['c', 1],
    ['d', 1],
  ]);
  expect((await statusOf(job.id)).status).toBe('RUNNING');
});

test('tasks that end together start what comes after each, and none ends when one of them is no longer held', async () => {
  const job = await accept();
  const item = (name: string): TaskDraft[] => [
    { key: `${name}1`, item: name, title: name, payload: {}, lane: 'x', together: 9 },
    { key: `${name}2`, item: name, title: name, payload: {}, stage: 1 },
  ];
  await end(await claimOne(), done, { planned: { tasks: [...item('a'), ...item('b'), ...item('c')], skipped: [] } });
  const [a, b, c] = (await claimTasks(test_.db, claimer('w1'), 1)) as [ClaimedTask, ClaimedTask, ClaimedTask];
  const endAll = (tasks: ClaimedTask[], how: TaskEnd[]) =>
    test_.db.transaction().execute((trx) =>
      endTasks(
        trx,
        tasks.map((task, i) => ({ task, end: how[i] ?? done })),
        conclude,
      ),
    );
  const stale = { ...b, fence: b.fence - 1 };
  await expect(endAll([a, stale, c], [])).rejects.toMatchObject({ code: 'LEASE_LOST' });
  const failed: TaskEnd = { ...done, state: 'failed', reason: 'no', part: null };
  await endAll([a, b, c], [done, failed, done]);
  const states = await test_.pool.query('SELECT key, state FROM task WHERE job_id = $1 ORDER BY key', [job.id]);
  expect(states.rows.map(({ key, state }) => `${key} ${state}`)).toEqual([
    ...['a1 done', 'a2 ready', 'b1 failed', 'b2 skipped', 'c1 done', 'c2 ready', 'only done'],
  ]);
  expect((await statusOf(job.id)).open_tasks).toBe(2);
  for (const task of await claimTasks(test_.db, claimer('w1'), 2)) await end(task);
  expect(await statusOf(job.id)).toMatchObject({ status: 'FAILED', statistics: { total: 4, done: 3, failed: 1 } });
});

test('what is to be done alone is claimed with no other of its lane', async () => {
  await accept();
  const tasks = ['a', 'b', 'c'].map((name) => ({
    key: name,
    item: name,
    title: name,
    payload: {},
    lane: 'x',
    together: 9,
  }));
  await end(await claimOne(), done, { planned: { tasks, skipped: [] } });
  const [a, b, c] = await claimTasks(test_.db, claimer('w1'), 1);
  await handBack(test_.db, [c!]);
  await handBack(test_.db, [b!], 'alone');
  await handBack(test_.db, [a!]);
  const together = await claimTasks(test_.db, claimer('w1'), 9);
  expect(together.map(({ key }) => key)).toEqual(['a', 'c']);
  for (const task of together) await end(task);
  expect((await claimTasks(test_.db, claimer('w1'), 9)).map(({ key }) => key)).toEqual(['b']);
});
