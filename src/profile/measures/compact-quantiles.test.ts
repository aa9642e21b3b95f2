import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../test/support/seeded-random.ts';
import { compactSummaries } from './compact-quantiles.ts';
import { foldQuantiles } from './quantile-line.ts';
import { type QuantileSummary, SUMMARY_STEPS, summaryRanks } from './quantile-summary.ts';
import { QUANTILES } from './quantiles.ts';

const INTEGERS = { kind: 'integer' } as const;

/** What the measure says of one part: the values at these ranks, with what lies between. */
function summarise(values: readonly number[]): QuantileSummary {
  const sorted = values.toSorted((a, b) => a - b);
  const summary: QuantileSummary = { count: values.length, points: [], between: [], equal: [] };
  let upto = 0;
  for (const rank of summaryRanks(sorted.length)) {
    if (rank <= upto) continue;
    const value = sorted[rank - 1] as number;
    let [first, end] = [rank - 1, rank];
    while (sorted[first - 1] === value) first -= 1;
    while (sorted[end] === value) end += 1;
    summary.points.push(String(value));
    summary.between.push(first - upto);
    summary.equal.push(end - first);
    upto = end;
  }
  return summary;
}
const truthOf = (values: readonly number[], q: number): number =>
  values[Math.max(Math.ceil(q * values.length), 1) - 1] as number;
const sized = (summary: QuantileSummary): number =>
  summary.between.reduce((sum, n, i) => sum + n + (summary.equal[i] ?? 0), 0);

describe('summaries that are joined run by run', () => {
  it('lose nothing where all values are named', () => {
    const runs = fc.array(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 20 }), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(runs, (parts) => {
        let kept: QuantileSummary[] = [];
        for (const part of parts) kept = compactSummaries([...kept, summarise(part)], INTEGERS);
        const sorted = parts.flat().sort((a, b) => a - b);
        expect(kept.length).toBeLessThanOrEqual(16);
        for (const [i, found] of foldQuantiles(kept, QUANTILES, INTEGERS).entries())
          expect(found).toMatchObject({ value: String(truthOf(sorted, QUANTILES[i] ?? 0)), rankError: 0 });
      }),
    );
  });

  it.each(['of one law', 'drifting', 'in order'])('stay bounded and near, %s', (law) => {
    const next = seededRandom(20_240_607);
    const all: number[] = [];
    let kept: QuantileSummary[] = [];
    for (let run = 0; run < 80; run++) {
      const base = law === 'of one law' ? 0 : law === 'drifting' ? run * 12_000 : run * 1_000_000;
      const part = Array.from({ length: 2_200 }, () => base + Math.floor(1_000_000 * next() * next()));
      all.push(...part);
      kept = compactSummaries([...kept, summarise(part)], INTEGERS);
    }
    expect(kept.length).toBeLessThanOrEqual(16);
    for (const summary of kept) {
      expect(summary.points.length).toBeLessThanOrEqual(SUMMARY_STEPS + 1);
      expect(sized(summary)).toBe(summary.count);
    }
    expect(kept.reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
    all.sort((a, b) => a - b);
    const shares = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
    let held = 0;
    for (const [i, found] of foldQuantiles(kept, shares, INTEGERS).entries()) {
      const share = shares[i] ?? 0;
      const [low, truth, high] = [Number(found.low), truthOf(all, share), Number(found.high)];
      if (low <= truth && truth <= high) held += 1;
      expect(found.rankError).toBeLessThan(0.002);
      const rank = all.findIndex((value) => value >= Number(found.value));
      expect(Math.abs(rank / all.length - share)).toBeLessThan(0.001);
    }
    expect(held).toBeGreaterThanOrEqual(94);
  });

  it('of sampled rows stay as they are', () => {
    const sampled = { ...summarise([1, 2, 3]), count: 300 };
    const many = Array.from({ length: 40 }, () => sampled);
    expect(compactSummaries(many, INTEGERS)).toEqual(many);
  });
});
