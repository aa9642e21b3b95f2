import { afterAll, beforeAll, expect, test } from 'vitest';
import { awaitState } from '../../test/support/await-state.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import type { ClaimedTask } from '../engine/claim.ts';
import { AssayError } from '../errors/assay-error.ts';
import { openSecrets } from '../store/secrets/secrets.ts';
import { JointCommits, type JointTask } from './joint-commits.ts';
import { createTaskContext } from './task-context.ts';

let store: TestDatabase;
beforeAll(async () => {
  store = await createTestDatabase();
});
afterAll(() => store.drop());

/** A task of so many rows that nothing is stored of: what it was to be stored with is told, and its commit rolled back. */
function unstorable(id: number, rows: number, told: (ids: readonly number[]) => void = () => {}): JointTask {
  const task = { id, fence: 1, job_id: '0'.repeat(24) } as ClaimedTask;
  const limits = { fileRoots: [], protectedPaths: [], memoryMb: 128, threads: 1, tempFolder: '' };
  const host = { db: store.db, secrets: openSecrets(Buffer.alloc(32)), limits };
  const context = createTaskContext(host, task, new AbortController().signal, { onProgress() {} });
  const write = async (_trx: unknown, all: readonly number[]): Promise<never> => {
    told(all);
    throw new AssayError('SOURCE_NO_OBJECT', 'it cannot be stored');
  };
  return { task, context, outcome: { outcome: 'done', stored: { found: id, rows, write } as never } };
}

test('what waits is committed when it has waited long enough, though no other task of its lane comes', async () => {
  const ended = new Set<number>();
  const ids = Array.from({ length: 30 }, (_, id) => id);
  for (const id of ids) {
    new JointCommits(store.db, { onEnd: () => ended.add(id), onUncommitted() {} }).add(unstorable(id, 1));
    // Each begins to wait at another fraction of a millisecond: at most of them its timer fires before the second has gone by.
    await store.pool.query('SELECT 1');
  }
  await awaitState(
    'all commits',
    async () => ids.filter((id) => !ended.has(id)),
    (waiting) => waiting.length === 0,
    20_000,
  );
});

test('a transaction has no more rows than it may, unless one task has', async () => {
  const groups: (readonly number[])[] = [];
  const ended: number[] = [];
  const commits = new JointCommits(store.db, {
    onEnd: (tasks) => ended.push(...tasks.map(({ id }) => id)),
    onUncommitted() {},
  });
  const told = (ids: readonly number[]): void => void groups.push(ids);
  // While the first, which is due at once, is being committed, the others gather.
  for (const [id, rows] of [1_000, 400, 600, 1, 2_000, 999, 2].entries()) commits.add(unstorable(id, rows, told));
  await commits.flush();
  // Those that failed together were tried again, alone.
  const together = groups.filter(
    (ids, i) => ids.length > 1 || !groups.slice(0, i).some((one) => one.includes(ids[0]!)),
  );
  expect(together).toEqual([[0], [1, 2], [3], [4], [5], [6]]);
  expect(ended).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(commits.idle).toBe(true);
});
