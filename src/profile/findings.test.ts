import { describe, expect, it } from 'vitest';
import type { ColumnKind } from './column.ts';
import { exact } from './figure.ts';
import { type FindingCode, findInColumn, findInTable } from './findings.ts';
import type { ColumnProfile } from './profile.ts';
import type { LogicalTypeFigure } from './text/formats-part.ts';

function column(
  kind: ColumnKind,
  counts: { rows: number; nulls?: number; blanks?: number; distinct: number },
  more: Partial<ColumnProfile> = {},
): ColumnProfile {
  const { rows, nulls = 0, blanks = 0, distinct } = counts;
  return {
    name: 'c',
    ordinal: 0,
    nativeType: kind,
    duckdbType: kind,
    typeBasis: 'precise',
    kind,
    rows: exact(rows),
    nonNull: exact(rows - nulls),
    nulls: exact(nulls),
    blanks: exact(blanks),
    distinct: exact(distinct),
    uniqueness: exact(0),
    density: exact(0),
    selectivity: exact(0),
    ...more,
  };
}
const codes = (profile: ColumnProfile): FindingCode[] => findInColumn(profile).map(({ code }) => code);
const quantiles = (...values: number[]) =>
  exact(Object.fromEntries(['0.05', '0.25', '0.5', '0.75', '0.95'].map((q, i) => [q, String(values[i])])));
const patterns = (...list: [pattern: string, count: number, smallest?: string, largest?: string][]) =>
  exact(
    list.map(([pattern, count, smallest = pattern, largest = pattern]) => ({
      pattern,
      count,
      smallest,
      largest,
      percent: 0,
      heat: 0,
      sample: 's',
    })),
  );

describe('a column', () => {
  it.each<[string, ColumnProfile, FindingCode[]]>([
    ['empty table', column('text', { rows: 0, distinct: 0 }), []],
    ['nothing but nulls', column('text', { rows: 9, nulls: 9, distinct: 0 }), ['ALL_NULL']],
    ['half null', column('text', { rows: 10, nulls: 5, distinct: 4 }), ['HIGH_NULL_SHARE']],
    ['less than half null', column('text', { rows: 10, nulls: 4, distinct: 4 }), []],
    ['blanks', column('text', { rows: 100, blanks: 5, distinct: 40 }), ['HIGH_BLANK_SHARE']],
    ['one value', column('text', { rows: 10, distinct: 1 }), ['CONSTANT']],
    ['one value and blanks', column('text', { rows: 100, blanks: 1, distinct: 1 }), []],
    ['every value once', column('integer', { rows: 10, distinct: 10 }), ['LIKELY_KEY']],
    [
      'a value that comes twice, in as many as there may be by an estimate',
      column(
        'float',
        { rows: 10, distinct: 10 },
        {
          distinct: { value: 9, basis: 'estimate', low: 8, high: 10 },
          topValues: exact([{ value: 'NaN', count: 2, percent: 20 }]),
        },
      ),
      [],
    ],
    [
      'long values that begin alike',
      column(
        'text',
        { rows: 100, distinct: 100 },
        { topValues: exact([{ value: `${'x'.repeat(1024)}…`, count: 100, percent: 100 }]) },
      ),
      ['LIKELY_KEY'],
    ],
    ['nearly every value once', column('integer', { rows: 1_000, distinct: 995 }), ['ALMOST_KEY']],
    ['no numbers', column('float', { rows: 10, distinct: 5 }, { nan: exact(1), infinite: exact(2) }), ['NOT_A_NUMBER']],
    [
      'one value nearly everywhere',
      column('text', { rows: 100, distinct: 3 }, { topValues: exact([{ value: 'x', count: 95, percent: 95 }]) }),
      ['DOMINANT_VALUE'],
    ],
    [
      'a long tail',
      column('integer', { rows: 100, distinct: 50 }, { quantiles: quantiles(1, 1, 2, 4, 50) }),
      ['SKEWED'],
    ],
    ['symmetry', column('integer', { rows: 100, distinct: 50 }, { quantiles: quantiles(1, 2, 3, 4, 5) }), []],
    [
      'digits in a text',
      column('text', { rows: 30, distinct: 5 }, { patterns: patterns(['dd', 20, '10', '99'], ['d', 10, '0', '9']) }),
      ['TYPE_MISFIT'],
    ],
    ['zeros in front', column('text', { rows: 30, distinct: 5 }, { patterns: patterns(['dd', 30, '00', '99']) }), []],
    [
      'days in a text',
      column('text', { rows: 30, distinct: 5 }, { patterns: patterns(['ddddsddsdd', 30, '2000-00-00', '2099-99-99']) }),
      ['TYPE_MISFIT'],
    ],
    [
      'two ways of writing',
      column('text', { rows: 100, distinct: 50 }, { patterns: patterns(['dddsdd', 60], ['ddsd', 30], ['aaa', 10]) }),
      ['MIXED_FORMATS'],
    ],
    [
      'words of any length',
      column('text', { rows: 100, distinct: 50 }, { patterns: patterns(['Aaaa', 60], ['Aaaaaa', 40]) }),
      [],
    ],
  ])('%s', (_name, profile, expected) => expect(codes(profile)).toEqual(expected));

  it('is judged by its logical type where that is known', () => {
    const read = (logicalType: Partial<LogicalTypeFigure>) =>
      codes(
        column(
          'text',
          { rows: 100, distinct: 50 },
          {
            logicalType: exact({ type: 'date', share: 1, others: [], ...logicalType }),
            patterns: patterns(['ddsddsdddd', 100]),
          },
        ),
      );
    expect(read({})).toEqual(['TYPE_MISFIT']);
    expect(read({ share: 0.9 })).toEqual([]);
    expect(read({ type: 'digits' })).toEqual([]);
    const formats = [
      { format: 'dd/MM/yyyy', share: 0.7 },
      { format: 'yyyy-MM-dd', share: 0.3 },
    ];
    expect(read({ formats })).toEqual(['MIXED_FORMATS', 'TYPE_MISFIT']);
  });

  it('has far-out values beyond three times the distance of the quartiles, counted where a histogram can', () => {
    const profile = (max: string) =>
      column(
        'integer',
        { rows: 100, distinct: 50 },
        {
          min: exact('0'),
          max: exact(max),
          quantiles: quantiles(1, 10, 20, 30, 40),
          histogram: exact([
            { from: '0', to: '64', count: 97 },
            { from: '128', to: '192', count: 3 },
          ]),
        },
      );
    expect(codes(profile('90'))).toEqual([]);
    expect(findInColumn(profile('150'))).toMatchObject([{ code: 'OUTLIERS', figures: { atLeast: 3 } }]);
  });

  it('is no key by an estimate that does not reach all rows, and says so when it does', () => {
    const about = (low: number, high: number) =>
      column(
        'integer',
        { rows: 1_000, distinct: 0 },
        { distinct: { value: (low + high) / 2, basis: 'estimate', low, high } },
      );
    expect(findInColumn(about(991, 1_010))).toMatchObject([
      { code: 'LIKELY_KEY', sentence: expect.stringContaining('by an estimate') },
    ]);
    expect(codes(about(900, 990))).toEqual([]);
    // As one true key in twenty comes out.
    expect(codes(about(972, 998))).toEqual(['LIKELY_KEY']);
    expect(codes(about(940, 980))).toEqual([]);
  });

  it('never quotes a value', () => {
    const secret = exact([{ value: 'secret', count: 100, percent: 100 }]);
    const shown = findInColumn(
      column('text', { rows: 100, distinct: 3 }, { topValues: secret, patterns: patterns(['dd', 100, '47', '47']) }),
    );
    expect(shown.length).toBeGreaterThan(1);
    expect(JSON.stringify(shown)).not.toMatch(/secret|47/);
  });
});

describe('a table', () => {
  const profiledAt = new Date('2026-11-25T00:00:00Z');
  const key = column('integer', { rows: 10, distinct: 10 });
  const found = (more: Partial<Parameters<typeof findInTable>[0]>) =>
    findInTable({ rows: exact(10), profiledAt, columns: [key], ...more }).map(({ code }) => code);

  it('says what is wrong with its rows', () => {
    expect(found({})).toEqual([]);
    expect(found({ rows: exact(0) })).toEqual(['NO_ROWS']);
    expect(found({ rejectedRows: 2, duplicateRows: exact(3) })).toEqual(['REJECTED_ROWS', 'DUPLICATE_ROWS']);
    expect(found({ duplicateRows: exact(0) })).toEqual([]);
    expect(found({ columns: [column('text', { rows: 10, distinct: 3 })] })).toEqual(['NO_KEY']);
  });

  it('is stale when no date is of the year before', () => {
    const day = (max: string) => column('date', { rows: 10, distinct: 5 }, { max: exact(max) });
    expect(found({ columns: [key, day('2020-01-01')] })).toEqual(['STALE']);
    expect(found({ columns: [key, day('2020-01-01'), day('2026-11-01')] })).toEqual([]);
  });
});
