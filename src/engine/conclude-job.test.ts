import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countItems, judge, reasonsOfSkipped } from './conclude-job.ts';
import type { FinishedTask } from './task.ts';

const words = { noun: ['table', 'tables'] as const, result: {}, message: 'All 12 tables were read.' };
const task = (
  item: string,
  state: FinishedTask['state'],
  reason = '',
  kind: FinishedTask['kind'] = 'work',
): FinishedTask => ({
  key: item,
  item,
  title: item,
  kind,
  stage: 0,
  state,
  part: null,
  reason,
});

test('a job with a failed item says how many failed and why', () => {
  const tasks = [task('a', 'done'), task('b', 'failed', 'relation "b" does not exist'), task('c', 'done')];
  expect(judge(false, tasks, words)).toMatchObject({
    status: 'FAILED',
    message: '1 of 3 tables failed: b: relation "b" does not exist',
    statistics: { total: 3, done: 2, failed: 1, skipped: 0 },
  });
});

test('a job whose plan failed says just that', () => {
  const ending = judge(false, [task('', 'failed', 'password refused', 'plan')], words);
  expect(ending).toMatchObject({ status: 'FAILED', message: 'password refused' });
});

test('a job that could not have done anything is FAILED though no task failed', () => {
  expect(judge(false, [], { ...words, failed: 'the scope is empty' })).toMatchObject({
    status: 'FAILED',
    message: 'the scope is empty',
  });
});

test('a cancelled job says how far it came, and a failure beside does not make it FAILED', () => {
  const ending = judge(true, [task('a', 'done'), task('b', 'cancelled'), task('c', 'failed', 'x')], words);
  expect(ending).toMatchObject({ status: 'CANCELLED', message: 'Cancelled after 1 of 3 tables.' });
});

test('only the first failures are named, the rest are counted', () => {
  const tasks = Array.from({ length: 9 }, (_, i) => task(`t${i}`, 'failed', 'gone'));
  expect(judge(false, tasks, words).message).toMatch(/^9 of 9 tables failed: t0: gone.*; and 4 more$/);
});

test('items are counted, not tasks, whatever the order', () => {
  const states = fc.constantFrom<FinishedTask['state']>('done', 'failed', 'skipped');
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), states)), (pairs) => {
      const tasks = pairs.map(([item, state]) => task(item, state));
      const counted = countItems(tasks);
      expect(countItems([...tasks].reverse())).toEqual(counted);
      expect(counted.total).toBe(new Set(pairs.map(([item]) => item)).size);
      expect(counted.done + counted.failed + counted.skipped).toBe(counted.total);
      const broken = new Set(pairs.filter(([, state]) => state === 'failed').map(([item]) => item));
      expect(counted.failed).toBe(broken.size);
    }),
  );
});

test('what was left out is counted by its reasons, with an example of each', () => {
  const many = Array.from({ length: 6 }, (_, i) => task(`old ${i}`, 'skipped', 'profiled yesterday'));
  const tasks = [
    ...many,
    task('old 0', 'skipped', 'profiled yesterday'),
    task('notes', 'skipped', 'no table'),
    task('torn', 'skipped', 'no table'),
    task('torn', 'failed', 'cut off'),
    task('good', 'done'),
  ];
  expect(reasonsOfSkipped(tasks)).toEqual({ 'profiled yesterday (old 0, …)': 6, 'no table (notes)': 1 });
  const all = Array.from({ length: 8 }, (_, i) => task(`${i}`, 'skipped', `reason ${i}`));
  expect(Object.entries(reasonsOfSkipped(all)).at(-1)).toEqual(['other reasons', 3]);
  const sum = Object.values(reasonsOfSkipped(all)).reduce((a, b) => a + b, 0);
  expect(sum).toBe(countItems(all).skipped);
});
