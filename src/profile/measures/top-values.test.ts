import { expect, it } from 'vitest';
import { type MeasuredColumn, measuredColumn } from '../column.ts';
import type { Known } from './measure.ts';
import { topValues } from './top-values.ts';

const column: MeasuredColumn = measuredColumn(
  { name: 'page', nativeType: 'text', duckdbType: 'VARCHAR', typeBasis: 'precise' },
  'c0',
);
const known: Known = { whole: true, groups: { kind: 'all' }, values: { kind: 'all' }, parts: {} };
/** What DuckDB hands up of values: a code point more than is kept of the longest. */
const partOf = (...values: [text: string, count: number][]) =>
  topValues.part(
    {
      values: JSON.stringify(values.map(([text, count]) => [text.slice(0, 1025), String(count)])),
      distinct: String(values.length),
    },
    column,
    known,
  );
const long = (end: string): string => `${'x'.repeat(2000)}${end}`;
const shown = `${'x'.repeat(1024)}…`;

it('keeps long values apart that begin alike', () => {
  expect(partOf([long('a'), 1], [long('b'), 1], ['short', 2]).values).toEqual([
    { value: 'short', count: 2, missing: 0 },
    { value: shown, count: 1, missing: 0 },
    { value: shown, count: 1, missing: 0 },
  ]);
});

it('says of long values of several parts that begin alike how many rows the most frequent has at least, and at most', () => {
  const merged = topValues.merge(
    partOf([long('a'), 5], [long('b'), 3], ['short', 2]),
    partOf([long('c'), 4], ['short', 1]),
    column,
  );
  expect(merged.values).toEqual([
    { value: shown, count: 5, missing: 7 },
    { value: 'short', count: 3, missing: 0 },
  ]);
});
