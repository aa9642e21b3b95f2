import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ValueSet } from '../../sketch/value-set.ts';
import { toBase64, valueSetHash } from '../../sketch/value-set-codec.ts';
import type { ColumnKind } from '../column.ts';
import { exact, type Figure } from '../figure.ts';
import { Z95 } from '../interval.ts';
import { binExponent } from '../measures/histogram.ts';
import { QUANTILES } from '../measures/quantiles.ts';
import type { ColumnProfile } from '../profile.ts';
import { alignHistograms, alignValues, joinSmall, SMALLEST_BIN } from './bins.ts';
import { compareColumns } from './compare-columns.ts';
import { compareTables } from './compare-tables.ts';
import { isComparable } from './comparison.ts';
import { measureDistance, psiByChance } from './distance.ts';
import { rowDrift } from './drifts.ts';
import { intervalOf } from './figures.ts';
import { maskComparison, shownDrifts } from './mask-comparison.ts';
import { whyUnlike } from './unlike-rows.ts';

const counts = (bins: number) => fc.array(fc.nat(1_000), { minLength: bins, maxLength: bins });
const pair = fc
  .integer({ min: 1, max: 30 })
  .chain((bins) => fc.tuple(counts(bins), counts(bins)))
  .filter((both) => both.every((side) => side.some((count) => count > 0)));

describe('distance', () => {
  it('is 0 to itself, whatever the scale, and the same both ways', () => {
    fc.assert(
      fc.property(pair, fc.integer({ min: 1, max: 1_000 }), ([p, q], scale) => {
        const self = measureDistance(
          p,
          p.map((count) => count * scale),
        );
        expect(self.psi).toBeCloseTo(0, 12);
        expect(self.jensenShannonDivergence).toBeCloseTo(0, 12);
        const [forth, back] = [measureDistance(p, q), measureDistance(q, p)];
        expect(forth.psi).toBeCloseTo(back.psi, 10);
        expect(forth.jensenShannonDivergence).toBeCloseTo(back.jensenShannonDivergence, 12);
      }),
    );
  });

  it('stays within its bounds', () => {
    fc.assert(
      fc.property(pair, ([p, q]) => {
        const { psi, jensenShannonDivergence, jensenShannonDistance } = measureDistance(p, q);
        expect(psi).toBeGreaterThanOrEqual(0);
        expect(jensenShannonDivergence).toBeGreaterThanOrEqual(0);
        expect(jensenShannonDivergence).toBeLessThanOrEqual(1);
        expect(jensenShannonDistance ** 2).toBeCloseTo(jensenShannonDivergence, 12);
      }),
    );
  });

  it('does not grow when bins are joined', () => {
    fc.assert(
      fc.property(pair, ([p, q]) => {
        const bins = p.map((before, i) => ({ label: `${i} … ${i + 1}`, before, after: q[i] ?? 0 }));
        const joined = joinSmall(bins);
        const fine = measureDistance(p, q).jensenShannonDivergence;
        const sides = [joined.map((bin) => bin.before), joined.map((bin) => bin.after)] as const;
        expect(measureDistance(...sides).jensenShannonDivergence).toBeLessThanOrEqual(fine + 1e-9);
        expect(sides[0].reduce((a, b) => a + b)).toBe(p.reduce((a, b) => a + b));
        const share = (bin: { before: number; after: number }) =>
          bin.before / p.reduce((a, b) => a + b) / 2 + bin.after / q.reduce((a, b) => a + b) / 2;
        if (joined.length > 1) for (const bin of joined) expect(share(bin)).toBeGreaterThanOrEqual(SMALLEST_BIN - 1e-9);
      }),
    );
  });

  it('has the figures of a worked example', () => {
    // Disjoint: nothing in common. Halves against 9 to 1: 0.4 · ln 1.8 + 0.4 · ln 5 = 0.8789 without smoothing.
    expect(measureDistance([5, 0], [0, 7])).toMatchObject({ jensenShannonDivergence: 1, jensenShannonDistance: 1 });
    const { psi, jensenShannonDivergence } = measureDistance([50, 50], [90, 10]);
    expect(psi).toBeCloseTo(0.872, 2);
    expect(jensenShannonDivergence).toBeCloseTo(0.1468, 4);
    // χ² of 9 degrees of freedom passes 16.919 in 5 % of cases.
    expect(psiByChance(10, 1_000, 1_000)).toBeCloseTo(0.0338, 3);
    expect(psiByChance(1, 10, 10)).toBe(0);
  });

  it('refuses what it cannot measure', () => {
    expect(() => measureDistance([1], [1, 2])).toThrow(RangeError);
    expect(() => measureDistance([0, 0], [1, 2])).toThrow(RangeError);
  });
});

const numbers = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 60 });

/** The histogram of a profile, made the way the measure makes it. */
function histogramOf(values: readonly number[]): { from: string; to: string; count: number }[] {
  const width = 2 ** binExponent(Math.min(...values), Math.max(...values));
  const bins = new Map<number, number>();
  for (const value of values) bins.set(Math.floor(value / width), (bins.get(Math.floor(value / width)) ?? 0) + 1);
  return [...bins]
    .sort(([a], [b]) => a - b)
    .map(([bin, count]) => ({ from: String(bin * width), to: String((bin + 1) * width), count }));
}

describe('shared bins', () => {
  it('hold every value of both histograms', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const bins = alignHistograms(histogramOf(a), histogramOf(b))!;
        expect(bins.reduce((sum, bin) => sum + bin.before, 0)).toBe(a.length);
        expect(bins.reduce((sum, bin) => sum + bin.after, 0)).toBe(b.length);
        const shared = alignHistograms(histogramOf(a), histogramOf(a))!;
        for (const bin of shared) expect(bin.before).toBe(bin.after);
      }),
    );
  });

  it('are not made of bins of another kind', () => {
    expect(alignHistograms([{ from: '0', to: '3', count: 1 }], [{ from: '0', to: '4', count: 1 }])).toBeUndefined();
    expect(alignHistograms([{ from: '******', to: '******', count: 1 }], [])).toBeUndefined();
  });

  it('join the values that one side may have without naming them', () => {
    const before = {
      values: [
        { value: 'a', count: 6 },
        { value: 'b', count: 3 },
      ],
      total: 9,
      complete: true,
    };
    const after = {
      values: [
        { value: 'a', count: 5 },
        { value: 'c', count: 4 },
      ],
      total: 20,
      complete: false,
    };
    expect(alignValues(before, after)).toEqual({
      bins: [
        { label: 'a', before: 6, after: 5 },
        { label: 'c', before: 0, after: 4 },
        { label: 'all others', before: 3, after: 11 },
      ],
      whole: false,
    });
  });
});

function profileOf(
  kind: ColumnKind,
  values: readonly (string | null)[],
  more: Partial<ColumnProfile> = {},
): ColumnProfile {
  const there = values.filter((value) => value !== null);
  const tally = new Map<string, number>();
  for (const value of there) tally.set(value, (tally.get(value) ?? 0) + 1);
  const count = (value: number): Figure<number> => exact(value);
  const top = [...tally].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, 20);
  return {
    name: 'c',
    ordinal: 0,
    nativeType: kind,
    duckdbType: kind,
    typeBasis: 'precise',
    kind,
    rows: count(values.length),
    nonNull: count(there.length),
    nulls: count(values.length - there.length),
    blanks: count(0),
    distinct: count(tally.size),
    uniqueness: count(0),
    density: count(0),
    selectivity: count(0),
    topValues: exact(top.map(([value, n]) => ({ value, count: n, percent: 0 }))),
    ...more,
  };
}

const numeric = (values: readonly number[]): ColumnProfile => {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (q: number): string => String(sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]);
  return profileOf('float', values.map(String), {
    min: exact(at(0)),
    max: exact(at(1)),
    histogram: exact(histogramOf(values)),
    quantiles: exact(Object.fromEntries(QUANTILES.map((q) => [String(q), at(q)]))),
  });
};

describe('two profiles of a column', () => {
  it('show no change when they are the same', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const profile = numeric(values);
        const comparison = compareColumns(profile, profile);
        expect(comparison.drifts).toEqual([]);
        expect(comparison.distribution).toMatchObject({
          over: 'histogram',
          psi: 0,
          jensenShannonDivergence: 0,
          basis: 'exact',
        });
        for (const [name, { change }] of Object.entries(comparison.figures))
          expect([name, isComparable(change) && Number(change.value)]).toEqual([name, 0]);
        const times = { ...profile, histogram: undefined };
        expect(compareColumns(times, times).distribution).toMatchObject({ psi: 0, basis: 'estimate' });
      }),
    );
  });

  it('name new and vanished values exactly while every value is named', () => {
    const word = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const { newValues, vanishedValues, distribution } = compareColumns(profileOf('text', a), profileOf('text', b));
        const onlyIn = (one: string[], other: string[]) => new Set(one.filter((value) => !other.includes(value)));
        expect(newValues).toMatchObject({ count: onlyIn(b, a).size, basis: 'exact', from: 'complete lists' });
        expect(vanishedValues).toMatchObject({ count: onlyIn(a, b).size, basis: 'exact' });
        if (isComparable(newValues)) expect(new Set(newValues.named.map(({ value }) => value))).toEqual(onlyIn(b, a));
        expect(distribution).toMatchObject({ over: 'values', basis: 'exact', atLeast: false });
      }),
    );
  });

  it('say why what cannot be compared cannot', () => {
    const text = profileOf('text', ['1']);
    const number = numeric([1]);
    expect(compareColumns(text, number)).toMatchObject({
      distribution: { incomparable: 'the type changed from text to float' },
      newValues: { incomparable: 'the type changed from text to float' },
      drifts: [{ code: 'TYPE_CHANGED', severity: 'warning' }],
    });
    const unread = { ...text, nulls: { unknown: 'it could not be read' } };
    expect(compareColumns(unread, text).figures.nulls?.change).toEqual({
      incomparable: 'unknown before: it could not be read',
    });
    const names = (from: number): ColumnProfile =>
      profileOf(
        'text',
        Array.from({ length: 1_000 }, (_, i) => `name ${i + from}`),
      );
    expect(compareColumns(names(0), names(1_000)).distribution).toEqual({
      incomparable: 'the most frequent values are less than 5 % of all: they say too little of the rest',
    });
    expect(compareColumns(profileOf('text', [null]), text).distribution).toEqual({
      incomparable: 'there is no value before',
    });
  });

  it('say nothing of how many rows were taken for a sample', () => {
    const rows = (value: number, basis: 'exact' | 'sample') =>
      basis === 'sample' ? { value, basis, ofRows: value } : { value, basis };
    expect(rowDrift(rows(10, 'sample'), rows(900, 'exact'))).toEqual([]);
    expect(rowDrift(rows(10, 'exact'), rows(900, 'exact'))).toMatchObject([{ code: 'ROWS_CHANGED' }]);
  });

  it('count new and vanished values by the value sets where not all are named', () => {
    const many = (from: number, count: number): ColumnProfile => {
      const values = Array.from({ length: count }, (_, i) => `value ${from + i}`);
      return profileOf('text', values, { valueSet: toBase64(new ValueSet(values.map(valueSetHash))) });
    };
    expect(compareColumns(many(0, 1_000), many(250, 1_000))).toMatchObject({
      newValues: { count: 250, basis: 'exact', from: 'value sets' },
      vanishedValues: { count: 250, basis: 'exact', from: 'value sets' },
    });
    const { newValues } = compareColumns(many(0, 20_000), many(5_000, 20_000));
    expect(newValues).toMatchObject({ basis: 'estimate', from: 'value sets' });
    if (!isComparable(newValues)) throw new Error('expected an estimate');
    expect(newValues.low).toBeLessThan(5_000);
    expect(newValues.high).toBeGreaterThan(5_000);
    expect(newValues.high! - newValues.low!).toBeLessThan(1_500);
    // All are new, but how many that is the set knows to ±4 % only.
    const wider = compareColumns(many(0, 20_000), many(50_000, 20_000)).newValues;
    if (!isComparable(wider)) throw new Error('expected an estimate');
    expect(wider.high! - wider.low!).toBeGreaterThan(500);
    expect(wider.high).toBe(20_000);
    const same = many(0, 20_000);
    expect(compareColumns(same, same).newValues).toMatchObject({ count: 0, low: 0 });
  });

  it('compare the patterns of texts', () => {
    const patterned = (patterns: Record<string, number>): ColumnProfile => {
      const entry = { percent: 0, heat: 0, sample: 'x', smallest: 'x', largest: 'x' };
      const list = Object.entries(patterns).map(([pattern, count]) => ({ ...entry, pattern, count }));
      const rows = list.reduce((sum, { count }) => sum + count, 0);
      return profileOf('text', Array(rows).fill('v'), { patterns: exact(list) });
    };
    const comparison = compareColumns(patterned({ dd: 100 }), patterned({ dd: 50, dsd: 50 }));
    expect(comparison.patterns).toMatchObject({ over: 'patterns', basis: 'exact', atLeast: false });
    expect(comparison.drifts).toMatchObject([{ code: 'PATTERNS_MOVED', severity: 'warning' }]);
    expect(comparison.distribution).toMatchObject({ psi: 0 });
  });

  it('are as exact as the weaker side, and carry the interval', () => {
    const before = profileOf('text', ['a'], { distinct: { value: 100, basis: 'estimate', low: 90, high: 110 } });
    const after = profileOf('text', ['a'], { distinct: exact(150) });
    expect(compareColumns(before, after).figures.distinct?.change).toEqual({
      value: 50,
      basis: 'estimate',
      low: 40,
      high: 60,
      relative: 0.5,
    });
    const sampled = { ...after, distinct: { value: 5, basis: 'sample' as const, ofRows: 10 } };
    expect(compareColumns(before, sampled).figures.distinct?.change).toMatchObject({ basis: 'sample' });
  });

  it('keep the digits of numbers beyond a double, and count times in seconds', () => {
    const big = (max: string): ColumnProfile => profileOf('integer', [max], { max: exact(max) });
    expect(compareColumns(big('9007199254740993'), big('9007199254740996')).figures.max?.change).toMatchObject({
      value: '3',
    });
    const day = (max: string): ColumnProfile => profileOf('date', [max], { max: exact(max) });
    expect(compareColumns(day('2024-02-28'), day('2024-03-01')).figures.max?.change).toEqual({
      value: 172_800,
      basis: 'exact',
      unit: 's',
    });
    expect(compareColumns(day('0044-03-15 (BC)'), day('294276-01-01')).figures.max?.change).toMatchObject({
      unit: 's',
    });
  });

  it('have the intervals of every other figure', () => {
    const { low, high } = intervalOf({ value: 1_000_000, basis: 'estimate', error: 0.02 });
    expect(high - 1_000_000).toBeCloseTo(20_000 * Z95, 6);
    expect(1_000_000 - low).toBeCloseTo(20_000 * Z95, 6);
  });

  it('are told by how much they changed, the most first, and without a value', () => {
    const before = profileOf('text', [...Array(90).fill('secret a'), ...Array(10).fill('secret b')]);
    const after = profileOf('text', [
      ...Array(30).fill('secret a'),
      ...Array(40).fill('secret c'),
      ...Array(30).fill(null),
    ]);
    const { drifts } = compareColumns(before, after);
    expect(drifts.map(({ code, severity }) => [code, severity])).toEqual([
      ['DISTRIBUTION_MOVED', 'warning'],
      ['NULLS_CHANGED', 'warning'],
      ['NEW_VALUES', 'notice'],
      ['VANISHED_VALUES', 'notice'],
    ]);
    expect(JSON.stringify(drifts)).not.toContain('secret');
  });

  it('call nothing new or gone that a sample of the rows may have left out', () => {
    const ofRows = (profile: ColumnProfile): ColumnProfile => ({
      ...profile,
      rows: { value: 100, basis: 'sample', ofRows: 100 },
    });
    const [few, all] = [numeric([1, 1, 2, 2, 3]), numeric([1, 1, 2, 2, 3, 4, 0, 5])];
    const codes = (a: ColumnProfile, b: ColumnProfile): string[] => compareColumns(a, b).drifts.map(({ code }) => code);
    const ofAllRows = ['DISTINCT_CHANGED', 'RANGE_GREW', 'NEW_VALUES', 'VANISHED_VALUES'];
    const told = (codes: string[]): string[] => codes.filter((code) => ofAllRows.includes(code));
    expect(told(codes(few, all))).toEqual(['DISTINCT_CHANGED', 'NEW_VALUES', 'RANGE_GREW']);
    expect(told(codes(ofRows(few), all))).toEqual([]);
    expect(told(codes(all, ofRows(few)))).toEqual([]);
    expect(told(codes(all, few))).toEqual(['DISTINCT_CHANGED', 'VANISHED_VALUES']);
  });

  it('say nothing of a key of which one row or none is left', () => {
    const ids = numeric(Array.from({ length: 200 }, (_, i) => i));
    const codes = (after: ColumnProfile): string[] => compareColumns(ids, after).drifts.map(({ code }) => code);
    const ofKeys = ['NO_LONGER_UNIQUE', 'DISTINCT_CHANGED'];
    for (const few of [numeric([7]), numeric([])]) for (const code of ofKeys) expect(codes(few)).not.toContain(code);
    expect(codes(numeric([7, 7]))).toContain('NO_LONGER_UNIQUE');
  });

  it('hide every value from those who may not see samples', () => {
    const word = (value: string): ColumnProfile => ({
      ...profileOf('text', [value, `${value}!`, null]),
      lexicalMin: exact(value),
      lexicalMax: exact(value),
    });
    const [a, b] = [word('secret'), word('hidden')];
    const [n, m] = [numeric([4711, 4712]), numeric([4713, 4714])];
    const masked = [maskComparison(compareColumns(a, b), a, b), maskComparison(compareColumns(n, m), n, m)];
    expect(JSON.stringify(masked)).not.toMatch(/secret|hidden|47\d\d/);
    expect(masked[0]).toMatchObject({ newValues: { count: 2 }, distribution: { jensenShannonDivergence: 1 } });
  });
});

it('the lengths and the moved mean of few values are hidden from those who may not see samples, of many shown', () => {
  const of = (count: number, mean: string) =>
    profileOf(
      'integer',
      Array.from({ length: count }, (_, i) => `${i}`),
      {
        mean: exact(mean),
        standardDeviation: exact('1'),
        length: exact({ min: 4711, max: 4711, mean: 4711, standardDeviation: 0 }),
      },
    );
  for (const [count, shown] of [
    [9, false],
    [10, true],
  ] as const) {
    const [a, b] = [of(count, '1'), of(count, '6')];
    const comparison = compareColumns(a, b);
    const masked = maskComparison(comparison, a, b);
    expect(comparison.drifts.map(({ code }) => code)).toContain('MEAN_MOVED');
    for (const drifts of [masked.drifts, shownDrifts(comparison.drifts, [masked])])
      expect(drifts.some(({ code }) => code === 'MEAN_MOVED')).toBe(shown);
    expect(JSON.stringify(masked.figures).includes('4711')).toBe(shown);
    expect(isComparable(masked.figures['length.mean']?.change)).toBe(shown);
  }
});

it('two profiles of a table tell which columns came, went, changed their type, or cannot be compared', () => {
  const column = (name: string, kind: ColumnKind = 'text'): ColumnProfile => ({ ...profileOf(kind, ['1']), name });
  const type = (name: string, nativeType = 'text') => ({ name, nativeType });
  const before = {
    rows: exact(100),
    columnTypes: [type('kept'), type('gone'), type('typed'), type('unkept')],
    columns: [column('kept'), column('typed')],
  };
  const after = {
    rows: exact(300),
    columnTypes: [type('kept'), type('typed', 'integer'), type('fresh'), type('unkept')],
    columns: [column('kept'), column('typed', 'integer'), column('fresh'), column('unkept')],
  };
  const comparison = compareTables(before, after);
  expect(comparison).toMatchObject({
    rows: { change: { value: 200, relative: 2, basis: 'exact' } },
    columnsAdded: [{ name: 'fresh' }],
    columnsRemoved: [{ name: 'gone' }],
    typesChanged: [{ name: 'typed', before: 'text', after: 'integer' }],
    columnsNotCompared: [{ name: 'unkept', reason: 'its profile of before is not kept' }],
  });
  expect(comparison.columns.map(({ name }) => name)).toEqual(['typed', 'kept']);
  expect(comparison.drifts.map(({ code, column: of }) => [code, of])).toEqual([
    ['COLUMN_ADDED', 'fresh'],
    ['COLUMN_REMOVED', 'gone'],
    ['TYPE_CHANGED', 'typed'],
    ['ROWS_CHANGED', undefined],
  ]);
});

describe('rows that were not left out by chance', () => {
  it('are not compared with others', () => {
    const first = { kind: 'first rows', wanted: 7 } as const;
    const all = { kind: 'all rows' } as const;
    const random = { kind: 'rows chosen at random', wanted: 7, seed: 1 } as const;
    for (const [a, b] of [
      [all, all],
      [all, random],
      [first, first],
      [{ kind: 'filter' }, { ...random, filtered: true }],
    ] as const)
      expect(whyUnlike(a, b)).toBeUndefined();
    for (const why of [whyUnlike(first, all), whyUnlike(all, first)])
      expect(why).toMatch(/^first rows cannot be compared with all rows: /);
    expect(whyUnlike({ kind: 'filter' }, all)).toMatch(/^rows by a filter cannot be compared with all rows: /);
    expect(whyUnlike(first, { ...first, wanted: 8 })).toMatch(/^first rows cannot be compared with other first rows: /);
  });

  it('gain and lose nothing, and move nothing', () => {
    const [all, few] = [numeric(Array.from({ length: 5_000 }, (_, i) => i)), numeric([0, 1, 2, 3, 4, 5, 6])];
    const type = [{ name: 'c', nativeType: 'float' }];
    const why = 'first rows cannot be compared with all rows';
    const table = (column: ColumnProfile) => ({ rows: column.rows, columnTypes: type, columns: [column] });
    const comparison = compareTables(table(all), table(few), why);
    const none = { incomparable: why };
    expect(comparison).toMatchObject({ drifts: [], rows: { before: { value: 5_000 }, change: none } });
    expect(comparison.columns).toMatchObject([
      {
        newValues: none,
        vanishedValues: none,
        drifts: [],
        figures: { rows: { change: none }, distinct: { change: none } },
      },
    ]);
    expect(compareTables(table(all), table(few)).drifts.length).toBeGreaterThan(0);
  });
});
