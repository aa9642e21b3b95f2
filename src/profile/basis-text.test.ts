import { expect, test } from 'vitest';
import { basisText } from './basis-text.ts';

const watermark = { column: 'id', from: '7', to: '9', since: '2026-11-25', runs: 3, newRows: 2, nulls: 0 };
const one = { partitions: 1 };

test('of which rows the figures are is said in a sentence', () => {
  expect(basisText({ kind: 'all rows', rowsRead: 5_000, ...one })).toBe('All rows were read: 5,000 rows.');
  expect(basisText({ kind: 'all rows', rowsRead: 1, ...one })).toBe('All rows were read: 1 row.');
  expect(basisText({ kind: 'first rows', wanted: 7, rowsRead: 7, ...one })).toBe(
    'A sample was read (first rows): 7 rows, which may not be all there are.',
  );
  expect(basisText({ kind: 'every n-th row', n: 2, filtered: true, why: 'too large', rowsRead: 9, ...one })).toBe(
    'A sample was read (every n-th row, of those that fulfil the condition of the request; too large): 9 rows, which may not be all there are.',
  );
  expect(basisText({ kind: 'filter', rowsRead: 40, ...one })).toBe(
    'Rows by a filter were read, the condition of the request: 40 rows.',
  );
  expect(basisText({ kind: 'all rows', rowsRead: 30, partitions: 3, snapshot: 'each part' })).toBe(
    'All rows were read: 30 rows. They were read in parts, each at a moment of its own.',
  );
});

test('of a profile by watermark it is said in how many runs its rows were seen', () => {
  const seen = { rowsRead: 12, partitions: 3, snapshot: 'each part' as const, watermark };
  expect(basisText({ kind: 'all rows', ...seen })).toBe(
    'Rows were seen by the watermark column "id", in 3 runs: 12 rows.',
  );
  expect(basisText({ kind: 'filter', ...seen })).toMatch(/in 3 runs, of those that fulfil the condition/);
  expect(basisText({ kind: 'all rows', ...seen, watermark: { ...watermark, runs: 1 } })).toMatch(/^All rows were read/);
});
