import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exact } from './figure.ts';
import type { ColumnProfile } from './profile.ts';
import { maskProfile, toColumnResource, toColumnStats, toProfilingInfo, wireNumber } from './shape.ts';

const base = {
  ordinal: 0,
  typeBasis: 'precise' as const,
  rows: exact(5),
  nonNull: exact(4),
  nulls: exact(1),
  blanks: exact(0),
  distinct: exact(3),
  uniqueness: exact(60),
  density: exact(80),
  selectivity: exact(24),
  topValues: exact([{ value: 'secret', count: 2, percent: 40 }]),
  distinctCounter: 'QVM=',
  valueSet: 'QVM=',
};
const text: ColumnProfile = {
  ...base,
  name: 'word',
  nativeType: 'text',
  duckdbType: 'VARCHAR',
  kind: 'text',
  patterns: exact([
    { pattern: 'aaaaaa', count: 3, percent: 75, heat: 100, sample: 'secret', smallest: 'secret', largest: 'secret' },
  ]),
  regexes: exact([{ strictness: 'strict', regex: '^secret$', coverage: 0.75 }]),
  lexicalMin: exact('a secret'),
  lexicalMax: exact('z secret'),
  length: exact({ min: 2, max: 9, mean: 4.5, standardDeviation: 1.5 }),
};
const number: ColumnProfile = {
  ...base,
  name: 'n',
  nativeType: 'bigint',
  duckdbType: 'BIGINT',
  kind: 'integer',
  min: exact('-7'),
  max: exact('9007199254740993'),
  sum: exact('9007199254740999'),
  mean: exact('12.5'),
  standardDeviation: { unknown: 'it overflowed' },
  quantiles: { value: { '0.5': 'secret' }, basis: 'estimate', low: { '0.5': 'secret 1' }, high: { '0.5': 'secret 2' } },
  histogram: exact([{ from: '0', to: '8', count: 4 }]),
};

describe('profilingInfo', () => {
  it('gives lengths as min, max and average of a text, values of a number', () => {
    expect(toProfilingInfo(text)).toEqual({
      bindType: 'STRING',
      bitsetCardinality: 3,
      stats: {
        rowCount: 5,
        nonNullCount: 4,
        density: 80,
        uniqueness: 60,
        min: 2,
        max: 9,
        average: 4.5,
        lexicalMin: 'a secret',
        lexicalMax: 'z secret',
        isHighCardinality: false,
      },
      patternAnalysis: { patterns: [{ pattern: 'aaaaaa', sample: 'secret', counter: 3 }] },
      dataSampling: { sample: [] },
      sampling: { sample: [] },
      sampleValues: [],
    });
    expect(toProfilingInfo(number).stats).toMatchObject({
      min: -7,
      max: '9007199254740993',
      average: 12.5,
      lexicalMin: null,
    });
  });

  it('has null, not 0, for what is not known', () => {
    const info = toProfilingInfo({ ...number, distinct: { unknown: 'why' }, mean: { unknown: 'why' } });
    expect(info).toMatchObject({ bitsetCardinality: null, stats: { average: null } });
  });
});

describe('metadata.stats', () => {
  it('carries the names of the contract and leaves out what is not known', () => {
    expect(toColumnStats(number)).toEqual({
      rows: 5,
      nulls: 1,
      blanks: 0,
      cardinality: 3,
      density: 80,
      uniqueness: 60,
      selectivity: 24,
      minValue: -7,
      maxValue: '9007199254740993',
      avgValue: 12.5,
    });
    expect(toColumnStats(text)).toMatchObject({ minValue: 'a secret', avgValue: 4.5, stdevValue: 1.5, minWidth: 2 });
  });
});

describe('numbers on the wire', () => {
  it('are numbers exactly when a double holds what the text says', () => {
    for (const [written, sent] of [
      ['12.50', 12.5],
      ['-0.00', 0],
      ['9007199254740992', 9007199254740992],
      ['9007199254740993', '9007199254740993'],
      ['0.1', 0.1],
      ['0.10000000000000000001', '0.10000000000000000001'],
      ['Infinity', 'Infinity'],
      ['NaN', 'NaN'],
      ['1e-7', 1e-7],
      [null, null],
    ] as const) {
      expect(wireNumber(written), String(written)).toEqual(sent === 0 ? expect.closeTo(0) : sent);
    }
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (value) => {
        const sent = wireNumber(String(value));
        expect(typeof sent === 'number' ? BigInt(sent) : BigInt(sent ?? 0)).toBe(value);
      }),
    );
  });
});

describe('masking', () => {
  it('leaves no value of the source in any shape, and every count', () => {
    for (const profile of [text, number]) {
      const masked = maskProfile(profile);
      const shown = JSON.stringify([masked, toProfilingInfo(masked), toColumnStats(masked)]);
      expect(shown).not.toMatch(/secret|9007199254740993/);
      expect(masked).toMatchObject({ distinct: { value: 3 }, topValues: { value: [{ value: '******', count: 2 }] } });
    }
    expect(text.lexicalMin).toEqual(exact('a secret'));
  });

  it('hides the edges of histograms always, and sums, means and deviations of fewer than ten values', () => {
    const constant: ColumnProfile = {
      ...number,
      min: exact('4711'),
      max: exact('4711'),
      sum: exact('4711'),
      mean: exact('4711'),
      standardDeviation: exact('4711'),
      length: exact({ min: 4711, max: 4711, mean: 4711, standardDeviation: 0 }),
      quantiles: exact({ '0.5': '4711' }),
      histogram: exact([{ from: '4711', to: '4711.5', count: 1 }]),
    };
    for (const [nonNull, distinct, shown] of [
      [1, 1, false],
      [500, 1, false],
      [9, 9, false],
      [10, 10, true],
    ] as const) {
      const masked = maskProfile({ ...constant, nonNull: exact(nonNull), distinct: exact(distinct) });
      expect(JSON.stringify([masked, toProfilingInfo(masked), toColumnStats(masked)]).includes('4711')).toBe(shown);
      expect(masked.histogram).toEqual(exact([{ from: '******', to: '******', count: 1 }]));
    }
    expect(JSON.stringify(maskProfile({ ...constant, distinct: { unknown: 'why' } }))).not.toContain('4711');
  });
});

describe('our own resource', () => {
  it('does not show the bytes of sketches', () => {
    const resource = toColumnResource(text, { kind: 'all rows', rowsRead: 5, partitions: 1 });
    for (const sketch of ['distinctCounter', 'valueSet']) expect(resource).not.toHaveProperty(sketch);
  });
});

describe('what lies within a nested column', () => {
  const path = {
    path: 'n.a[]',
    kind: 'text' as const,
    rows: exact(9),
    nonNull: exact(8),
    nulls: exact(1),
    presentIn: exact(3),
    distinct: exact(2),
    lexicalMin: exact('a secret'),
    topValues: exact([{ value: 'secret', count: 2, percent: 25 }]),
  };
  const nested: ColumnProfile = {
    ...text,
    kind: 'nested',
    paths: [path],
    pathSketches: { 'n.a[]': { distinctCounter: 'QVM=' } },
  };

  it('is masked as columns are, and shows no bytes of sketches', () => {
    const shown = JSON.stringify(maskProfile(nested).paths);
    expect(shown).not.toContain('secret');
    expect(shown).toContain('"presentIn":{"value":3,"basis":"exact"}');
    const resource = toColumnResource(nested, { kind: 'all rows', rowsRead: 5, partitions: 1 });
    expect(resource.paths).toEqual([path]);
    expect(JSON.stringify(resource)).not.toContain('QVM=');
  });

  it('is in profilingInfo by path, rows counting its values', () => {
    expect(toProfilingInfo(nested).paths).toMatchObject([
      {
        path: 'n.a[]',
        presentIn: 3,
        bindType: 'STRING',
        bitsetCardinality: 2,
        stats: { rowCount: 9, nonNullCount: 8 },
      },
    ]);
    expect(toProfilingInfo(text)).not.toHaveProperty('paths');
  });
});
