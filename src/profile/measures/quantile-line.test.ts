import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../test/support/seeded-random.ts';
import { foldQuantiles } from './quantile-line.ts';
import { type QuantileSummary, SUMMARY_STEPS, summaryRanks } from './quantile-summary.ts';
import { QUANTILES, type QuantilesPart, quantiles } from './quantiles.ts';

const INTEGERS = { kind: 'integer' } as const;
const SEED = 20_240_607;
/** What the SQL of the measure finds: the values at these ranks, with what lies between. */
function summarise(values: readonly number[], count = values.length, steps?: number): QuantileSummary {
  const sorted = values.toSorted((a, b) => a - b);
  const ranks = steps === undefined ? summaryRanks(sorted.length) : everySo(sorted.length, steps);
  const summary: QuantileSummary = { count, points: [], between: [], equal: [] };
  let upto = 0;
  for (const rank of ranks) {
    if (rank <= upto) continue;
    const value = sorted[rank - 1] as number;
    const [first, end] = [sorted.indexOf(value), sorted.lastIndexOf(value) + 1];
    summary.points.push(String(value));
    summary.between.push(first - upto);
    summary.equal.push(end - first);
    upto = end;
  }
  return summary;
}
const everySo = (n: number, steps: number): number[] =>
  n === 0 ? [] : Array.from({ length: steps + 1 }, (_, i) => Math.max(Math.ceil((i / steps) * n), 1));
const truthOf = (parts: readonly (readonly number[])[], q: number): number => {
  const sorted = parts.flat().sort((a, b) => a - b);
  return at(sorted, q);
};
const at = (sorted: readonly number[], q: number): number =>
  sorted[Math.max(Math.ceil(q * sorted.length), 1) - 1] as number;

describe('quantiles of parts', () => {
  const partsOf = fc.array(fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 60 }), {
    minLength: 1,
    maxLength: 4,
  });

  it('are exact where every value is named', () => {
    fc.assert(
      fc.property(partsOf, (parts) => {
        const found = foldQuantiles(
          parts.map((values) => summarise(values)),
          QUANTILES,
          INTEGERS,
        );
        if (parts.flat().length === 0) expect(found).toEqual([]);
        for (const [i, { value, low, high, rankError }] of found.entries()) {
          expect(Number(value)).toBe(truthOf(parts, QUANTILES[i] as number));
          expect([low, high, rankError]).toEqual([value, value, 0]);
        }
      }),
    );
  });

  it('say they are exact only where they are, with however few points, and in no order of the parts otherwise', () => {
    fc.assert(
      fc.property(partsOf, fc.integer({ min: 1, max: 12 }), (parts, steps) => {
        const summaries = parts.map((values) => summarise(values, values.length, steps));
        const found = foldQuantiles(summaries, QUANTILES, INTEGERS);
        for (const [i, { value, low, high, rankError }] of found.entries()) {
          expect(Number(low)).toBeLessThanOrEqual(Number(value));
          expect(Number(value)).toBeLessThanOrEqual(Number(high));
          if (rankError === 0) expect(Number(value)).toBe(truthOf(parts, QUANTILES[i] as number));
        }
        const named = (all: typeof found) =>
          all.map(({ rankError, ...rest }) => ({ ...rest, error: rankError.toPrecision(9) }));
        expect(named(foldQuantiles(summaries.toReversed(), QUANTILES, INTEGERS))).toEqual(named(found));
      }),
    );
  });

  it('merge in any order and grouping', () => {
    const part = partsOf.map(
      (parts): QuantilesPart => ({ exact: null, summaries: parts.map((values) => summarise(values)) }),
    );
    const column = {} as never;
    fc.assert(
      fc.property(part, part, part, (a, b, c) => {
        const merge = quantiles.merge;
        const once = (x: typeof a) => merge(x, { exact: null, summaries: [] }, column);
        expect(merge(a, b, column)).toEqual(merge(b, a, column));
        expect(merge(merge(a, b, column), c, column)).toEqual(merge(a, merge(b, c, column), column));
        expect(once(once(a))).toEqual(once(a));
      }),
    );
  });

  it('come from points that are the closer the nearer an end is, no more than fit', () => {
    expect(summaryRanks(5)).toEqual([1, 2, 3, 4, 5]);
    const ranks = summaryRanks(131_071);
    expect(ranks.length).toBeLessThanOrEqual(SUMMARY_STEPS + 1);
    expect([ranks[0], ranks.at(-1)]).toEqual([1, 131_071]);
    for (const [i, rank] of ranks.entries()) {
      const gap = rank - (ranks[i - 1] ?? 0) - 1;
      expect(gap).toBeLessThanOrEqual(0.56 * Math.sqrt((rank * (131_071 - rank)) / 131_071) + 1);
    }
  });
});

/** Tables of parts: of one law, each in its own place, overlapping, and of unlike size. */
const TABLES: Record<string, (next: () => number) => number[][]> = {
  'of one law': (next) => [1_200, 1_200, 1_200].map((rows) => Array.from({ length: rows }, () => next())),
  'in order': (next) => [1_200, 1_200, 1_200].map((rows, i) => Array.from({ length: rows }, () => i + next())),
  'of two places': (next) =>
    [1_200, 1_200, 1_200].map((rows, i) => Array.from({ length: rows }, () => (i % 2) * 0.6 + next())),
  'of unlike size': (next) => [2_400, 800, 400].map((rows, i) => Array.from({ length: rows }, () => i / 3 + next())),
};

describe('intervals of quantiles of parts', () => {
  const RUNS = 250;
  const coverage = (name: string, share: number, steps: number | undefined): number => {
    const next = seededRandom(SEED);
    let [held, of] = [0, 0];
    for (let run = 0; run < RUNS; run++) {
      const parts = (TABLES[name] as (next: () => number) => number[][])(next);
      const summaries = parts.map((values) =>
        summarise(share === 1 ? values : values.filter(() => next() < share), values.length, steps),
      );
      const sorted = parts.flat().sort((a, b) => a - b);
      for (const [i, { low, high }] of foldQuantiles(summaries, QUANTILES, { kind: 'float' }).entries()) {
        const truth = at(sorted, QUANTILES[i] as number);
        of++;
        if (Number(low) <= truth && truth <= Number(high)) held++;
      }
    }
    return held / of;
  };

  it.each(
    Object.keys(TABLES).flatMap((name) => [
      [name, undefined],
      [name, 40],
    ]) as [string, number | undefined][],
  )('hold in about 95 of 100 samples: %s, %s steps', (name, steps) => {
    const share = coverage(name, 0.25, steps);
    expect(share).toBeGreaterThan(0.93);
    expect(share).toBeLessThan(0.975);
  });

  // Of a part whose rows were all looked at the bounds hold for certain where that part decides alone.
  it.each(Object.keys(TABLES))('hold where all rows were looked at, in few points: %s', (name) => {
    expect(coverage(name, 1, 40)).toBeGreaterThan(0.93);
  });
});
