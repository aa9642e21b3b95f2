import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../test/support/seeded-random.ts';
import {
  countOfLevels,
  countOfSample,
  distinctOfCounter,
  type Interval,
  quantileRanks,
  selectivityOfSample,
  shareOfSample,
} from './interval.ts';

const SEED = 20_240_607;
/** Positions 0 … rows−1 that a sample takes, each with the chance 2^−level. */
function take(next: () => number, rows: number, level: number): number[] {
  if (level === 0) return Array.from({ length: rows }, (_, i) => i);
  // How many are left out before the next one is geometric: a number for each row that is taken, not for each row.
  const perLeftOut = Math.log1p(-(2 ** -level));
  const taken: number[] = [];
  for (let i = -1; ; ) {
    i += 1 + Math.floor(Math.log(1 - next()) / perLeftOut);
    if (i >= rows) return taken;
    taken.push(i);
  }
}
const holds = ({ low, high }: Interval, truth: number): boolean => low <= truth && truth <= high;

/** Share of `runs` in which the interval holds. */
function coverage(runs: number, run: (next: () => number) => boolean): number {
  const next = seededRandom(SEED);
  let held = 0;
  for (let i = 0; i < runs; i++) if (run(next)) held++;
  return held / runs;
}

const counted = fc
  .tuple(fc.nat(2_000), fc.nat(2_000), fc.nat(100_000))
  .map(([count, others, left]) => ({ count, rows: count + others, ofRows: count + others + left }));

describe('counts of a sample', () => {
  it('are ordered, hold the estimate, and stay within what is certain', () => {
    fc.assert(
      fc.property(fc.array(counted, { minLength: 1, maxLength: 4 }), (parts) => {
        const { value, low, high } = countOfSample(parts);
        const [seen, total, unseen] = [0, 1, 2].map((i) =>
          parts.reduce((sum, part) => sum + ([part.count, part.ofRows, part.rows - part.count][i] ?? 0), 0),
        ) as [number, number, number];
        expect(low).toBeLessThanOrEqual(value);
        expect(value).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThanOrEqual(seen);
        expect(high).toBeLessThanOrEqual(total - unseen);
        expect(countOfSample(parts.toReversed())).toEqual({ value, low, high });
      }),
    );
  });

  it('are exact where nothing was left out', () => {
    fc.assert(
      fc.property(fc.nat(5_000), fc.nat(5_000), (count, others) => {
        const all = { count, rows: count + others, ofRows: count + others };
        expect(countOfSample([all])).toEqual({ value: count, low: count, high: count });
        expect(countOfLevels([{ count, level: 0 }])).toEqual({ value: count, low: count, high: count });
      }),
    );
    expect(countOfSample([{ count: 700, rows: 1_000, ofRows: 64_000 }]).value).toBe(44_800);
    expect(countOfSample([{ count: 0, rows: 0, ofRows: 500 }])).toEqual({ value: 0, low: 0, high: 500 });
  });

  it.each([
    [40, 6_000, 2],
    [300, 6_000, 3],
    [3_000, 6_000, 4],
    [5_900, 6_000, 3],
  ])('hold %i of %i rows at level %i in 94 to 96 of 100 samples', (truth, rows, level) => {
    const share = coverage(4_000, (next) => {
      const taken = take(next, rows, level);
      return holds(
        countOfSample([{ count: taken.filter((row) => row < truth).length, rows: taken.length, ofRows: rows }]),
        truth,
      );
    });
    expect(share).toBeGreaterThan(0.937);
    expect(share).toBeLessThan(0.965);
  });

  it('hold the sum over parts with different levels, with and without the number of rows', () => {
    const levels = [0, 2, 4];
    const [truth, rows] = [300, 3_000];
    for (const of of ['rows', 'levels'] as const) {
      const share = coverage(4_000, (next) => {
        const parts = levels.map((level) => {
          const taken = take(next, rows, level);
          return { count: taken.filter((row) => row < truth).length, rows: taken.length, ofRows: rows, level };
        });
        return holds(of === 'rows' ? countOfSample(parts) : countOfLevels(parts), truth * levels.length);
      });
      expect(share, of).toBeGreaterThan(0.937);
      expect(share, of).toBeLessThan(0.965);
    }
  });

  it('by level are the roots of the score equation, never below what was seen', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 20 }), (count, level) => {
        const { value, low, high } = countOfLevels([{ count, level }]);
        const p = 2 ** -level;
        const far = (n: number): number => (count - n * p) ** 2 - 1.959963984540054 ** 2 * n * p * (1 - p);
        expect(value).toBe(count * 2 ** level);
        expect(low).toBeGreaterThanOrEqual(count);
        expect(far(high)).toBeLessThanOrEqual(1e-3);
        expect(far(high + 1)).toBeGreaterThan(-1e-3);
        if (low > count) expect(far(low - 1)).toBeGreaterThan(-1e-3);
      }),
    );
  });
});

describe('shares', () => {
  it('are those of Wilson', () => {
    const { value, low, high } = shareOfSample(10, 20);
    expect([value, low, high].map((x) => x.toFixed(4))).toEqual(['0.5000', '0.2993', '0.7007']);
    expect(shareOfSample(0, 0)).toEqual({ value: 0, low: 0, high: 1 });
    expect(shareOfSample(3, 8, 8)).toEqual({ value: 3 / 8, low: 3 / 8, high: 3 / 8 });
  });
});

describe('ranks of quantiles', () => {
  it('are in order, and the rank itself where all values were taken', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 100_000 }),
        fc.nat(1_000_000),
        (q, n, more) => {
          const { value, low, high } = quantileRanks(q, n, n + more);
          expect(low).toBeLessThanOrEqual(value);
          expect(value).toBeLessThanOrEqual(high);
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(n + 1);
          expect(quantileRanks(q, n, n)).toEqual({ value, low: value, high: value });
        },
      ),
    );
  });

  it.each([0.01, 0.05, 0.5, 0.75, 0.99])('bound the quantile %f of distinct values in 94 to 96 of 100 samples', (q) => {
    const rows = 6_000;
    const truth = Math.ceil(q * rows) - 1;
    const share = coverage(4_000, (next) => {
      const taken = take(next, rows, 2);
      const { low, high } = quantileRanks(q, taken.length, rows);
      return (taken[low - 1] ?? -1) <= truth && truth <= (taken[high - 1] ?? rows);
    });
    expect(share).toBeGreaterThan(0.936);
    expect(share).toBeLessThan(0.966);
  });
});

describe('ranks of few values', () => {
  it('do not claim to bound a quantile that the sample cannot reach', () => {
    expect(quantileRanks(0.01, 5, 80)).toMatchObject({ value: 1, low: 0 });
    expect(quantileRanks(0.99, 5, 80)).toMatchObject({ value: 5, high: 6 });
    expect(quantileRanks(0.99, 5)).toMatchObject({ value: 5, high: 6 });
  });

  it.each([
    [0.01, 80],
    [0.05, 80],
    [0.25, 80],
    [0.75, 80],
    [0.99, 80],
    [0.05, 2_000],
    [0.95, 2_000],
    [0.99, 2_000],
  ])('bound the quantile %f of %i values in no less than 93 of 100 samples', (q, rows) => {
    const truth = Math.ceil(q * rows) - 1;
    const share = coverage(4_000, (next) => {
      const taken = take(next, rows, 4);
      if (taken.length === 0) return true;
      const { low, high } = quantileRanks(q, taken.length, rows);
      return (taken[low - 1] ?? -1) <= truth && truth <= (taken[high - 1] ?? rows);
    });
    expect(share).toBeGreaterThan(0.93);
  });
});

describe('distinct by a counter', () => {
  it('reaches further up than down, within what is known', () => {
    expect(distinctOfCounter(10_000, 0.0168, { atLeast: 0, atMost: 1e9 })).toEqual({
      value: 10_000,
      low: 9_682,
      high: 10_340,
    });
    expect(distinctOfCounter(10_000, 0.0168, { atLeast: 9_900, atMost: 9_950 })).toEqual({
      value: 9_950,
      low: 9_900,
      high: 9_950,
    });
    expect(distinctOfCounter(10, 0.6, { atLeast: 1, atMost: 40 }).high).toBe(40);
  });
});

/** Counts of the values of a table, the rows of each side by side. */
interface Shape {
  rows: number;
  counts: number[];
}
/** The value of each row that has one. */
const ownersOf = ({ counts }: Shape): number[] =>
  counts.flatMap((count, value) => new Array<number>(count).fill(value));

const SHAPES: Record<string, Shape> = {
  'one value': { rows: 5_000, counts: [3_000, ...new Array<number>(1_500).fill(1)] },
  'equally many': { rows: 5_000, counts: Array.from({ length: 100 }, () => 50) },
  pairs: { rows: 5_000, counts: Array.from({ length: 2_400 }, () => 2) },
  skewed: { rows: 6_000, counts: Array.from({ length: 60 }, (_, i) => Math.ceil(1_200 / (i + 1))) },
};

describe('selectivity of a sample', () => {
  const sampled = (
    next: () => number,
    { rows, ...shape }: Shape,
    level: number,
    owner = ownersOf({ rows, ...shape }),
  ): Interval => {
    const nonNull = owner.length;
    const taken = take(next, rows, level);
    const seen = new Map<number, number>();
    for (const row of taken) {
      const value = owner[row];
      if (value !== undefined) seen.set(value, (seen.get(value) ?? 0) + 1);
    }
    let [values, pairs, triples] = [0, 0, 0];
    for (const c of seen.values()) {
      values += c;
      pairs += c * (c - 1);
      triples += c * (c - 1) * (c - 2);
    }
    return selectivityOfSample({ values, pairs, triples, nonNull, ofRows: rows });
  };
  const truthOf = ({ rows, counts }: Shape): number => counts.reduce((sum, count) => sum + (count / rows) ** 2, 0);

  it('is exact where nothing was left out, and for a key', () => {
    for (const shape of Object.values(SHAPES)) {
      const { value, low, high } = sampled(seededRandom(SEED), shape, 0);
      for (const bound of [value, low, high]) expect(bound).toBeCloseTo(truthOf(shape), 12);
    }
    const { value, low } = sampled(seededRandom(SEED), { rows: 3_000, counts: new Array<number>(3_000).fill(1) }, 3);
    expect(value).toBeCloseTo(1 / 3_000, 12);
    expect(low).toBe(value);
    const constant = sampled(seededRandom(SEED), { rows: 3_000, counts: [2_000] }, 3);
    expect(constant.value).toBeCloseTo(4 / 9, 12);
    expect(constant.high).toBe(constant.value);
    expect(constant.low).toBeGreaterThan(0.43);
    expect(constant.low).toBeLessThan(0.44);
  });

  it('has no bias', () => {
    for (const [name, shape] of Object.entries(SHAPES)) {
      const next = seededRandom(SEED);
      const runs = 1_500;
      const owners = ownersOf(shape);
      let total = 0;
      for (let i = 0; i < runs; i++) total += sampled(next, shape, 3, owners).value;
      expect(Math.abs(total / runs / truthOf(shape) - 1), name).toBeLessThan(0.02);
    }
  });

  it.each(Object.keys(SHAPES))('holds the truth in 94 to 96 of 100 samples: %s', (name) => {
    const shape = SHAPES[name] as Shape;
    const [owners, truth] = [ownersOf(shape), truthOf(shape)];
    const share = coverage(4_000, (next) => holds(sampled(next, shape, 3, owners), truth));
    expect(share).toBeGreaterThan(0.935);
    expect(share).toBeLessThan(0.968);
  });
});
