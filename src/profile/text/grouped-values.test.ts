import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../test/support/seeded-random.ts';
import { isKnown } from '../figure.ts';
import { patternsOf } from './count-patterns.ts';
import { finishFormats, formatsOf, mergeFormats } from './formats-part.ts';
import { addSpreads, type GroupedValues, type Seen, type Spread, standFor, varianceOf } from './grouped-values.ts';
import { suggestRegexes } from './suggest-regexes.ts';

const NONE: Spread = { byRows: 0, byValues: 0 };
const given = (heavyRows: number, light: number): Omit<GroupedValues, 'texts' | 'counts'> => ({
  ...{ all: false, heavyFrom: 2, light, lightRows: 3 * light, leftOut: 0.4 },
  ...{ rows: heavyRows + 3 * light, spread: 0.9 / (heavyRows + 3 * light) },
});

describe('how far rows that were estimated may be off', () => {
  it('is nothing of all kinds together, the same of some and of the others, and that of a kind for itself', () => {
    const seen = fc.record({ rows: fc.nat(500), light: fc.nat(500) });
    fc.assert(
      fc.property(fc.array(seen, { minLength: 1, maxLength: 6 }), fc.nat(6), (kinds, cut) => {
        const sum = (list: readonly Seen[]): Seen => ({
          rows: list.reduce((total, { rows }) => total + rows, 0),
          light: list.reduce((total, { light }) => total + light, 0),
        });
        const all = sum(kinds);
        const from = given(all.rows, all.light);
        const stand = kinds.map((kind) => standFor(kind, from, all, 10_000));
        const whole = stand.reduce<Spread>(addSpreads, NONE);
        const variance = (list: readonly Spread[]): number => varianceOf(list.reduce(addSpreads, NONE), whole);
        expect(variance(stand)).toBeCloseTo(0, 3);
        expect(variance(stand.slice(0, cut))).toBeCloseTo(variance(stand.slice(cut)), 3);
        for (const one of stand) expect(variance([one])).toBeCloseTo(one.variance, 3);
      }),
    );
  });

  it('is of the values that are not blank, however many rows are', () => {
    const from = { ...given(1_000, 0), leftOut: 0 };
    const of = (all: Seen): number => standFor({ rows: 50, light: 0 }, from, all, 10_000).variance;
    expect(of({ rows: 100, light: 0 })).toBeCloseTo(10_000 ** 2 * (0.9 / 100) * 0.25);
  });
});

/** 500 of 2,000 rows, of which about 200 values are looked at: seven in ten of two formats of numbers, the others words. */
function look(next: () => number): { given: GroupedValues; numbers: number } {
  const values: string[] = [];
  let numbers = 0;
  for (let i = 0; i < 2_000; i++) {
    const at = next();
    const text = at < 0.3 ? `${i}` : at < 0.7 ? `${i}.5` : `word ${i}`;
    if (at < 0.7) numbers += 1;
    if (next() < 0.25) values.push(text);
  }
  const taken = values.filter(() => next() < 0.4);
  return {
    numbers,
    given: {
      all: false,
      texts: taken,
      counts: taken.map(() => 1),
      heavyFrom: 2,
      ...{ light: taken.length, lightRows: values.length, leftOut: 1 - taken.length / values.length },
      ...{ rows: values.length, spread: (1 - values.length / 2_000) / values.length },
    },
  };
}

describe('95 % intervals', () => {
  it('of the share of a logical type hold in 94 to 96 of 100 samples, of one part and of several', () => {
    for (const parts of [1, 3]) {
      const next = seededRandom(20_240_607);
      let held = 0;
      const runs = parts === 1 ? 800 : 400;
      for (let run = 0; run < runs; run++) {
        const looks = Array.from({ length: parts }, () => look(next));
        const folded = looks.map((one) => formatsOf(one.given, 2_000, new Map())).reduce(mergeFormats);
        const figure = finishFormats(folded);
        const truth = looks.reduce((sum, { numbers }) => sum + numbers, 0) / (2_000 * parts);
        if (!isKnown(figure)) throw new Error('expected a figure');
        const { type, low = 0, high = 1 } = figure.value;
        expect(type).toBe('decimal');
        if (low <= truth && truth <= high) held++;
      }
      expect(held / runs).toBeGreaterThan(0.93);
      expect(held / runs).toBeLessThan(0.975);
    }
  });

  it('of the coverage of a regular expression are those of its shapes together', () => {
    const next = seededRandom(20_240_607);
    let held = 0;
    let width = 0;
    for (let run = 0; run < 200; run++) {
      const { given, numbers } = look(next);
      const figure = suggestRegexes(patternsOf(given, 2_000), 2_000);
      if (!isKnown(figure)) throw new Error('expected a figure');
      const strict = figure.value.find(({ strictness }) => strictness === 'strict');
      const { low = 0, high = 1, regex = '' } = strict ?? {};
      // All three shapes of the values are alternatives, or the two of the numbers alone.
      const truth = regex.includes('word') ? 1 : numbers / 2_000;
      width = Math.max(width, high - low);
      if (low <= truth && truth <= high) held++;
    }
    expect(held / 200).toBeGreaterThan(0.93);
    expect(width).toBeLessThan(0.05);
  });
});
