import fc from 'fast-check';
import { expect, it } from 'vitest';
import { binsAround, histogramOfBins } from './bins.ts';
import { binExponent } from './histogram.ts';

const number = fc.oneof(
  fc.integer({ min: -1_000, max: 1_000 }),
  fc.double({ noNaN: true, min: -1e12, max: 1e12 }),
  fc.double({ noNaN: true, min: 4_000, max: 4_001 }),
);

it('gives the histogram of all values from bins by a part of them, or nothing', () => {
  let given = 0;
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 40 }), fc.nat(), (values, seed) => {
      const sample = values.slice(0, 1 + (seed % values.length));
      const bins = binsAround(Math.min(...sample), Math.max(...sample));
      const counts = new Map<number | null, number>();
      for (const value of values) {
        const bin = Math.floor(value / 2 ** bins.exponent) - bins.first;
        const at = bin >= 0 && bin < 256 ? bin : null;
        counts.set(at, (counts.get(at) ?? 0) + 1);
      }
      const range = { low: Math.min(...values), high: Math.max(...values) };
      const exponent = binExponent(range.low, range.high);
      const truth = new Map<number, number>();
      for (const value of values) {
        const bin = Math.floor(value / 2 ** exponent);
        truth.set(bin, (truth.get(bin) ?? 0) + 1);
      }
      const found = histogramOfBins([...counts], bins, range);
      if (found === undefined) {
        expect(counts.has(null) || exponent < bins.exponent).toBe(true);
        return;
      }
      given += 1;
      expect(found).toEqual({ exponent, bins: [...truth].sort(([x], [y]) => x - y) });
    }),
    { seed: 7, numRuns: 2_000 },
  );
  expect(given).toBeGreaterThan(500);
});
