import { expect, test } from 'vitest';
import { type Lack, linesOfLacks } from './lack-lines.ts';

const lack = (columnId: string, method: string, missing: string): Lack => ({
  ...{ tableId: 't', columnId, column: `column ${columnId}`, methodId: method, method },
  missing: [missing],
});
const bare = ['m1', 'm2', 'm3'].map((method) => lack('a', method, 'no profile'));
const few = [lack('b', 'm1', 'too few'), lack('b', 'm3', 'no values')];
const brief = (lacks: Lack[], complete = true) =>
  linesOfLacks(lacks, 3, complete).map(({ column, methods, missing }) => `${column}: ${methods}: ${missing}`);

test('a column that no method can judge for the same reason is one line, others a line for each method', () => {
  expect(brief([...bare, ...few])).toEqual([
    'column a: all 3 methods: no profile',
    'column b: m1: too few',
    'column b: m3: no values',
  ]);
  expect(brief([...bare.slice(0, 2), lack('a', 'm3', 'other')])).toHaveLength(3);
  expect(brief([])).toEqual([]);
});

test('a column of which more may follow waits', () => {
  expect(brief([...bare, ...few], false)).toEqual(['column a: all 3 methods: no profile']);
  expect(brief(bare.slice(0, 2), false)).toEqual([]);
});
