import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GivenConfigs, readOptions } from './options.ts';
import { profilingRequest } from './schema.ts';

const read = (given: GivenConfigs) => readOptions(given, ['top', 'sum']);
const fields = (given: GivenConfigs) => read(given).problems.map(({ field }) => field);
/** Sentences of the whole request, as the API names them. */
const problemsOf = (configs: object): string[] => {
  const parsed = profilingRequest.safeParse({ scope: ['x'], configs });
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
};

describe('how rows are chosen', () => {
  it('takes every sensible spelling', () => {
    for (const sampleType of ['Sample Clause', 'SAMPLE_CLAUSE', 'sampleClause', 'sample', ' random '])
      for (const sampleMethod of ['percentage', 'Percent', 'PERCENT', '%'])
        expect(read({ sampleType, sampleMethod, sampleValue: 5 })).toMatchObject({
          options: { sample: { kind: 'share', percent: 5 } },
          problems: [],
        });
    for (const sampleType of ['First N Rows', 'FIRST_N_ROWS', 'firstNRows', 'first'])
      expect(read({ sampleType, jdbcRowLimitSize: 7 })).toMatchObject({ options: { limit: 7 }, problems: [] });
    for (const sampleType of ['Every Nth Row', 'EVERY_NTH_ROW', 'everyNthRow', 'nth'])
      expect(read({ sampleType, nthValue: 3 }).options.sample).toEqual({ kind: 'nth', n: 3 });
    for (const sampleType of ['Filter', 'FILTER', 'where'])
      expect(read({ sampleType, whereClause: 'a = 1' }).options.where).toBe('a = 1');
    for (const sampleType of ['None', 'ALL', 'all rows']) expect(read({ sampleType }).options.whole).toBe(true);
  });

  it('takes the method of a sample for its type, and numbers within the type', () => {
    for (const sampleType of ['percentage', 'Percent', '%'])
      expect(read({ sampleType, sampleValue: 10 })).toMatchObject({
        options: { sample: { kind: 'share', percent: 10 } },
        problems: [],
      });
    for (const sampleType of ['Number of rows', 'NUMBER_OF_ROWS', 'number-of-rows', 'numberOfRows', 'rows'])
      for (const sampleMethod of ['', 'number of rows'])
        expect(read({ sampleType, sampleMethod, sampleValue: 10 })).toMatchObject({
          options: { sample: { kind: 'rows', rows: 10 } },
          problems: [],
        });
    for (const [sampleType, expected] of [
      ['first 10 rows', { limit: 10 }],
      ['FIRST_10_ROWS', { limit: 10 }],
      ['every 3rd row', { sample: { kind: 'nth', n: 3 } }],
      ['Every 10th Row', { sample: { kind: 'nth', n: 10 } }],
      ['12.5 %', { sample: { kind: 'share', percent: 12.5 } }],
      ['10 percent', { sample: { kind: 'share', percent: 10 } }],
      ['10 rows', { sample: { kind: 'rows', rows: 10 } }],
    ] as const)
      expect(read({ sampleType })).toMatchObject({ options: expected, problems: [] });
    expect(fields({ sampleType: 'percentage', sampleMethod: 'rows', sampleValue: 10 })).toEqual(['sampleMethod']);
    expect(fields({ sampleType: 'first 10 rows', sampleValue: 11 })).toEqual(['sampleValue']);
    expect(fields({ sampleType: 'every 3rd row', nthValue: 4 })).toEqual(['nthValue']);
    expect(fields({ sampleType: 'percentage' })).toEqual(['sampleValue']);
    for (const sampleType of [
      'first 1.5 rows',
      'first 1 of 2 rows',
      'first 0 rows',
      'first -10 rows',
      '-10 %',
      'every 10 %',
      '10',
    ])
      expect(fields({ sampleType })).toEqual(['sampleType']);
  });

  it('tells what is meant without sampleType, and takes zero and empty for nothing', () => {
    expect(read({ nthValue: 4 }).options.sample).toEqual({ kind: 'nth', n: 4 });
    expect(read({ sampleMethod: 'rows', sampleValue: 9 }).options.sample).toEqual({ kind: 'rows', rows: 9 });
    const zeros = {
      sampleType: '',
      sampleMethod: '',
      sampleValue: 0,
      nthValue: 0,
      jdbcRowLimitSize: 0,
      whereClause: '',
    };
    expect(read(zeros)).toEqual({ options: { sinceDays: 0, samples: false, tablesPerTask: 10 }, problems: [] });
  });

  it('combines a condition and a limit with each of them', () => {
    const both = { whereClause: 'a', jdbcRowLimitSize: 5 };
    expect(read({ ...both, nthValue: 2 })).toMatchObject({
      options: { where: 'a', limit: 5, sample: { kind: 'nth', n: 2 } },
      problems: [],
    });
    expect(read({ ...both, sampleType: 'filter' })).toMatchObject({ options: { where: 'a', limit: 5 }, problems: [] });
    expect(read({ sampleType: 'first' }).options.limit).toBe(500_000);
  });

  it('refuses what contradicts itself or says too little', () => {
    expect(fields({ nthValue: 2, sampleMethod: 'rows', sampleValue: 5 })).toEqual(['nthValue']);
    expect(fields({ sampleType: 'nth', nthValue: 2, sampleMethod: 'rows', sampleValue: 5 })).toEqual([
      'sampleMethod',
      'sampleValue',
    ]);
    expect(fields({ sampleType: 'nth' })).toEqual(['nthValue']);
    expect(fields({ sampleType: 'clause' })).toEqual(['sampleMethod']);
    expect(fields({ sampleType: 'clause', sampleMethod: 'rows', sampleValue: 1.5 })).toEqual(['sampleValue']);
    expect(fields({ sampleType: 'clause', sampleMethod: '%', sampleValue: 101 })).toEqual(['sampleValue']);
    expect(fields({ sampleType: 'filter' })).toEqual(['whereClause']);
    expect(fields({ sampleType: 'first', sampleValue: 3, jdbcRowLimitSize: 4 })).toEqual(['sampleValue']);
    expect(fields({ watermarkColumn: 'id', nthValue: 2 })).toEqual(['watermarkColumn']);
    expect(fields({ partitionPredicates: ['a', ' '] })).toEqual(['partitionPredicates']);
    expect(fields({ distinct: 'roughly', without: ['counts'] })).toEqual(['distinct', 'without']);
  });

  it('never throws, and finds a problem or an answer for any values', () => {
    const word = fc.oneof(
      fc.constantFrom('', 'filter', 'Sample Clause', 'nth', 'first', 'none', 'rows', '%'),
      fc.string(),
    );
    const number = fc.oneof(fc.constantFrom(0, 1, 2, 50, 100, 1.5), fc.double({ min: 0, noNaN: true }));
    fc.assert(
      fc.property(
        word,
        word,
        number,
        fc.nat(),
        fc.nat(),
        word,
        (sampleType, sampleMethod, sampleValue, nthValue, limit, where) => {
          const { options, problems } = read({
            sampleType,
            sampleMethod,
            sampleValue,
            nthValue,
            jdbcRowLimitSize: limit,
            whereClause: where,
          });
          if (problems.length > 0) return;
          if (options.sample?.kind === 'rows') expect(Number.isSafeInteger(options.sample.rows)).toBe(true);
          if (options.sample?.kind === 'share') expect(options.sample.percent).toBeLessThan(100);
          if (where.trim() !== '') expect(options.where).toBe(where.trim());
        },
      ),
    );
  });
});

describe('the request', () => {
  it('names every problem at once, with what was received and what is valid', () => {
    expect(problemsOf({ sampleType: 'sometimes', sampleMethod: 'dice', nthValue: 0, without: ['fun'] })).toEqual([
      'configs.sampleType: received "sometimes", expected one of "None", "Sample Clause", "First N Rows", "Every Nth Row", "Filter"',
      'configs.sampleMethod: received "dice", expected one of "percentage", "rows"',
      expect.stringMatching(/^configs\.without: received "fun", expected any of "minmax"/),
    ]);
  });

  it.each([
    ['dataProfiledSinceDays', -1],
    ['dataProfiledSinceDays', 36_501],
    ['sampleValue', -0.1],
    ['jdbcRowLimitSize', 1.5],
    ['nthValue', -2],
    ['columnsPerJob', 10_001],
    ['numberOfTablesPerJob', 101],
    ['persistThreads', 257],
    ['persistFilesThreads', -1],
    ['profileThreads', 1.5],
    ['maxParallelReads', 257],
    ['maxRowsPerSecond', -1],
    ['timeLimitSeconds', 604_801],
    ['buildSamples', 'perhaps'],
    ['splitJobByColumns', 'perhaps'],
    ['whereClause', 'x'.repeat(10_001)],
    ['partitionPredicates', 'a'],
  ])('refuses %s %s', (field, value) => {
    expect(problemsOf({ [field]: value })).toEqual([expect.stringMatching(new RegExp(`^configs\\.${field}: `))]);
  });
});
