import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { CHOICE_BITS, type ChosenValue, ChosenValues } from '../sketch/chosen-values.ts';
import { figuresOfChosen, withChosenCounts } from './chosen-figures.ts';
import type { Interval } from './interval.ts';
import type { NamedValue } from './measures/top-values.ts';

/** Counts of the values of a column; those of one text in different spellings together. */
const COLUMNS: Record<string, number[][]> = {
  keys: Array.from({ length: 8_000 }, () => [1]),
  'keys but for 160 doubled': Array.from({ length: 8_000 }, (_, i) => [i < 160 ? 2 : 1]),
  pairs: Array.from({ length: 6_000 }, () => [2]),
  'one to nine times': Array.from({ length: 6_000 }, (_, i) => [1 + ((i * i) % 9)]),
  skewed: Array.from({ length: 6_000 }, (_, i) => [Math.ceil(40_000 / (i + 1))]),
  'one frequent': Array.from({ length: 6_000 }, (_, i) => [i === 0 ? 5_000 : 1]),
  'two spellings': Array.from({ length: 4_000 }, (_, i) => (i % 3 === 0 ? [3, 2] : i % 3 === 1 ? [4] : [1, 1])),
};

/** All alike but for some that are named. */
const ALIKE = new Set(['keys', 'keys but for 160 doubled', 'pairs', 'one frequent']);

describe('figures of chosen values', () => {
  it.each(
    Object.keys(COLUMNS).flatMap((name) => [
      [name, 0],
      [name, 1],
    ]) as [string, number][],
  )('hold in about 95 of 100 samples: %s, named with %i missing', (name, missing) => {
    const next = seededRandom(20_240_607);
    const clusters = COLUMNS[name] as number[][];
    const counts = clusters.flat();
    const total = counts.reduce((sum, count) => sum + count, 0);
    const truth = { distinct: counts.length, squares: counts.reduce((sum, count) => sum + count ** 2, 0) };
    const most = counts
      .map((count, at) => ({ count, at }))
      .sort((a, b) => b.count - a.count)
      .slice(0, 100)
      .map(({ at }) => at);
    const held = { distinct: 0, squares: 0 };
    const bias = { distinct: 0, squares: 0 };
    const width = { distinct: 0, squares: 0 };
    const runs = 300;
    for (let run = 0; run < runs; run++) {
      const values = clusters.flatMap((spellings): ChosenValue[] => {
        const choice = Math.floor(next() * 2 ** CHOICE_BITS);
        return spellings.map((count, i) => ({ choice, name: i, count }));
      });
      const named = most.map((at): NamedValue => {
        const { choice, name: spelling, count } = values[at] as ChosenValue;
        const lacks = count > 20 ? missing : 0;
        return { value: '', choice, name: spelling, count: count - lacks, missing: lacks };
      });
      const found = figuresOfChosen(
        new ChosenValues(
          values.filter(({ choice }) => choice < 2 ** (CHOICE_BITS - 4)),
          4,
        ),
        named,
        total,
      );
      for (const key of ['distinct', 'squares'] as const) {
        const { value, low, high }: Interval = found[key];
        if (low <= truth[key] && truth[key] <= high) held[key]++;
        bias[key] += value / truth[key] - 1;
        width[key] += (high - low) / 2 / truth[key];
      }
    }
    for (const key of ['distinct', 'squares'] as const) {
      expect(Math.abs(bias[key] / runs), key).toBeLessThan(0.01);
      expect(held[key] / runs, key).toBeGreaterThan(0.91);
      // Where no value of a sample says that any differ from the others, an interval only reaches to one side.
      if (!ALIKE.has(name)) expect(held[key] / runs, key).toBeLessThan(0.985);
      // 500 chosen values, of which a binomial interval would be ±8.5 %.
      expect(width[key] / runs, key).toBeLessThan(ALIKE.has(name) ? 0.03 : 0.09);
    }
  });
});

describe('chosen values of the whole table', () => {
  const values = [
    { choice: 2 ** 51, name: 7, count: 5 },
    { choice: 9, name: 1, count: 2 },
    { choice: 9, name: 2, count: 4 },
  ];
  const named = (choice: number, name: number, count: number, missing: number): NamedValue => ({
    ...{ value: `${choice} ${name}`, choice, name, count, missing },
  });

  it('are counted exactly', () => {
    const sure = (value: number) => ({ value, low: value, high: value });
    expect(figuresOfChosen(new ChosenValues(values), [], 11)).toEqual({ distinct: sure(3), squares: sure(45) });
  });

  it('give named values the counts of all parts, and bound those that are not named', () => {
    const top = { values: [named(9, 2, 3, 5), named(2 ** 51, 7, 2, 4)], floor: 9, sampled: true as const };
    expect(withChosenCounts(top, new ChosenValues(values))).toEqual({
      values: [named(2 ** 51, 7, 5, 0), named(9, 2, 4, 0)],
      floor: 2,
    });
    // At level 1 the first half of the hashes is known.
    expect(withChosenCounts(top, new ChosenValues(values, 1))).toEqual({
      values: [named(9, 2, 4, 0), named(2 ** 51, 7, 2, 4)],
      floor: 9,
      sampled: true,
    });
  });
});
