import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatTable } from './format-table.ts';
import { formatDuration, formatRate } from './format-time.ts';
import { paceOf, progressLine } from './progress.ts';
import { cutText, harmless, padText, textWidth } from './text-width.ts';

test('wide characters take two columns, combining marks none', () => {
  expect(textWidth('abc')).toBe(3);
  expect(textWidth('東京')).toBe(4);
  expect(textWidth('한국')).toBe(4);
  expect(textWidth('e\u0301')).toBe(1);
  expect(textWidth('😀')).toBe(2);
  expect(cutText('東京都千代田区', 7)).toBe('東京都…');
  expect(padText('東京', 6, 'right')).toBe('  東京');
});

test('a cut text never takes more columns than it may', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, columns) => {
      expect(textWidth(cutText(text, columns))).toBeLessThanOrEqual(columns);
    }),
  );
});

test('columns line up whatever the script', () => {
  const table = formatTable(
    ['name', { title: 'rows', align: 'right' }],
    [
      ['customer', 12_000],
      ['顧客', 3],
      ['고객', null],
    ],
  );
  expect(table).toBe('name        rows\ncustomer  12,000\n顧客           3\n고객\n');
});

test('a narrow screen shortens the widest column', () => {
  const lines = formatTable(['id', 'message'], [['1', 'a very long message indeed']], 20)
    .trimEnd()
    .split('\n');
  expect(lines[1]).toBe('1   a very long mes…');
  expect(textWidth(lines[1]!)).toBe(20);
});

test('what comes from a source cannot steer the terminal', () => {
  expect(harmless('a\u001b[31mred\u202e')).toBe('a·[31mred·');
  expect(formatTable(['x'], [['\u001b[2J']])).not.toContain('\u001b');
});

test('durations and rates read well at every size', () => {
  expect([400, 9_960, 61_000, 3_599_600, 7_620_000, 5 * 86_400_000].map(formatDuration)).toEqual([
    '0.4 s',
    '10 s',
    '1 min 01 s',
    '1 h 00 min',
    '2 h 07 min',
    '5 days',
  ]);
  expect(formatDuration(Number.NaN)).toBe('?');
  expect(formatRate(3.42, 'tables')).toBe('3.4 tables/s');
  expect(formatRate(0.2, 'tables')).toBe('12 tables/min');
  expect(formatRate(1234.5, 'rows')).toBe('1235 rows/s');
});

test('the pace follows the last seconds and stays silent without movement', () => {
  const at = (atMs: number, done: number, progress: number) => ({ atMs, done, progress, total: 20 });
  expect(paceOf([])).toEqual({});
  expect(paceOf([at(0, 0, 0), at(1000, 0, 0)])).toEqual({});
  expect(paceOf([at(0, 0, 0), at(5000, 10, 50)])).toEqual({ perSecond: 2, leftMs: 5000 });
  expect(paceOf([at(0, 10, 50), at(60_000, 10, 50), at(62_000, 12, 60)])).toEqual({ perSecond: 1, leftMs: 8000 });
});

test('a bar shows share, items, rate and time left, and fits the screen', () => {
  const reading = { progress: 50, done: 10, total: 20, atMs: 0 };
  const line = progressLine('profiling', reading, { perSecond: 4, leftMs: 3000 }, ['table', 'tables'], 120);
  expect(line).toMatch(/^profiling {21}━{12}─{12} {3}50 % {2}10\/20 tables {2}4\/s {2}3.0 s left$/);
  const failed = progressLine('x', { progress: 100, done: 5, failed: 1, skipped: 2, total: 6, atMs: 0 }, {}, [
    'table',
    'tables',
  ]);
  expect(failed).toMatch(/100 % {2}5\/6 tables {2}1 failed {2}2 skipped$/);
  const narrow = progressLine('profiling', reading, { perSecond: 4, leftMs: 3000 }, ['table', 'tables'], 80);
  expect(narrow).toMatch(/10\/20 tables {2}4\/s {2}3\.0 s left$/);
  expect(textWidth(narrow)).toBeLessThan(80);
  expect(textWidth(progressLine('x', reading, {}, ['a', 'b'], 40))).toBeLessThan(40);
});
