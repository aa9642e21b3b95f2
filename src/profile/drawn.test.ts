import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DrawnRows, keptOf, mergeDrawn } from './drawn.ts';

const part = (at: string, by?: string): DrawnRows => ({
  hashes: [],
  columns: ['changed', 'made'].map((name) => ({ name, cells: [] })),
  newest: { at, ...(by === undefined ? {} : { by }), hash: at, cells: [at] },
});
const newest = (...parts: DrawnRows[]) => mergeDrawn(parts)?.newest?.at;

describe('the newest row of parts', () => {
  it('is the latest by time, not by the text of it', () => {
    const [early, late] = [part('9999-01-01 00:00:00', 'made'), part('10000-01-01 00:00:00', 'made')];
    expect([newest(early, late), newest(late, early)]).toEqual(Array(2).fill('10000-01-01 00:00:00'));
    const [before, since] = [part('0044-03-15 (BC) 10:00:00', 'made'), part('0001-01-01 00:00:00', 'made')];
    expect([newest(before, since), newest(since, before)]).toEqual(Array(2).fill('0001-01-01 00:00:00'));
  });

  it('is not told by comparing different columns', () => {
    const [changed, made] = [part('2020-01-01 00:00:00', 'changed'), part('2024-01-01 00:00:00', 'made')];
    expect([newest(changed, made), newest(made, changed)]).toEqual(Array(2).fill('2020-01-01 00:00:00'));
    expect([newest(changed, part('')), newest(part(''), changed)]).toEqual(Array(2).fill('2020-01-01 00:00:00'));
  });
});

it('keeps different values, most first and equally frequent ones in the order of the rows', () => {
  const cells = fc.array(fc.option(fc.constantFrom('', 'a', 'B', 'é', '😀', '\uffee', '10', '9')), { maxLength: 40 });
  fc.assert(
    fc.property(cells, (given) => {
      const counts = new Map<string, number>();
      for (const cell of given) if (cell !== null) counts.set(cell, (counts.get(cell) ?? 0) + 1);
      expect(keptOf(given)).toEqual([...counts].sort(([, m], [, n]) => n - m));
    }),
  );
});
