import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_HASHES, ValueSet } from '../../sketch/value-set.ts';
import { valueSetHash } from '../../sketch/value-set-codec.ts';
import type { ColumnFacts, KnownPatterns } from '../column-facts.ts';
import { RegexRunner } from '../regex/regex-runner.ts';
import type { Score } from '../verdict.ts';
import { containsPattern } from './pattern-contains.ts';
import { patternShareOf } from './pattern-share.ts';
import { regexShareOf } from './regex-share.ts';
import { cardinalityOf, containmentOf } from './similarity.ts';

const NONE = { missing: 'not of this test' };
const factsOf = (rows: number, other: Partial<ColumnFacts> = {}): ColumnFacts => ({
  entityId: 'c',
  tableId: 't',
  name: 'n',
  kind: 'text',
  profileId: 1,
  profiledAt: '2026-01-01T00:00:00.000Z',
  rows,
  sampledRows: rows,
  nonNull: rows,
  blanks: 0,
  distinct: rows,
  valueSet: NONE,
  patterns: NONE,
  values: NONE,
  ...other,
});
const holds = ({ low, high }: Score, truth: number): boolean => low <= truth + 1e-12 && truth <= high + 1e-12;

/** Numbers from 0 to 1, the same ones for the same seed. */
function seededRandom(seed: number): () => number {
  let drawn = 0;
  return () => valueSetHash(`${seed} ${drawn++}`) / 2 ** 34;
}
const SEED = Number(process.env.TEST_SEED ?? 1);

describe('similarity', () => {
  it('is exact while the value set holds all values', () => {
    const set = new ValueSet(['a', 'b', 'c', 'd'].map(valueSetHash));
    const of = containmentOf(factsOf(9, { distinct: 4 }), set, 3, 12);
    expect(of.similarity).toEqual({ value: 0.75, low: 0.75, high: 0.75, basis: 'exact', of: 4 });
    expect(of.intersectionCardinality).toMatchObject({ value: 3, low: 3, high: 3 });
    expect(of.dictionarySimilarity).toMatchObject({ value: 0.25, basis: 'exact' });
    expect(of.columnCardinality).toMatchObject({ value: 4, basis: 'exact' });
    expect(() => containmentOf(factsOf(9), set, 5, 12)).toThrow('received 5 hashes that were found');
  });

  it('of nothing in nothing is 0', () => {
    const of = containmentOf(factsOf(0), new ValueSet([]), 0, 0);
    for (const score of Object.values(of)) expect(score).toMatchObject({ value: 0, low: 0, high: 0, basis: 'exact' });
  });

  it('of rows that were not all read is a sample, and says that there may be more', () => {
    const set = new ValueSet(['a', 'b', 'c', 'd'].map(valueSetHash));
    const of = containmentOf(factsOf(1_000, { sampledRows: 10, nonNull: 1_000 }), set, 3, 12);
    expect(of.similarity).toMatchObject({ value: 0.75, basis: 'sample', of: 4 });
    expect(of.similarity.low).toBeLessThan(0.4);
    expect(of.columnCardinality).toMatchObject({ value: 4, low: 4, high: 1_000, basis: 'sample' });
    expect(of.intersectionCardinality).toMatchObject({ value: 3, low: 3, high: 12 });
  });

  it('holds the truth in its interval about 95 times in 100, and so do what is computed from it', () => {
    const runs = 150;
    const counts = { similarity: 0, intersectionCardinality: 0, dictionarySimilarity: 0, columnCardinality: 0 };
    const next = seededRandom(SEED);
    const errors: number[] = [];
    for (let run = 0; run < runs; run++) {
      const size = 5_000 + Math.floor(next() * 5_000);
      const share = next();
      const inside = Math.round(share * size);
      // Hashes of values: the first of them are terms, and others that are in no column.
      const hashes = Float64Array.from({ length: size }, () => Math.floor(next() * 2 ** 34));
      const set = new ValueSet(hashes);
      const terms = new Set(hashes.slice(0, inside));
      const found = set.hashes.filter((hash) => terms.has(hash)).length;
      const of = containmentOf(factsOf(2 * size, { distinct: size }), set, found, inside + 500);
      errors.push(of.similarity.value - inside / size);
      const truths = {
        similarity: inside / size,
        intersectionCardinality: inside,
        dictionarySimilarity: inside / (inside + 500),
        columnCardinality: size,
      };
      for (const name of Object.keys(counts) as (keyof typeof counts)[])
        if (holds(of[name], truths[name])) counts[name]++;
    }
    // 95 of 100 within three standard errors of 150 runs, where not wider by intent.
    for (const [name, count] of Object.entries(counts))
      expect(count / runs, `${name}, seed ${SEED}`).toBeGreaterThan(0.89);
    const bias = errors.reduce((sum, error) => sum + error, 0) / runs;
    expect(Math.abs(bias), `seed ${SEED}`).toBeLessThan((4 * 0.01) / Math.sqrt(runs));
  });

  it('takes values that agree with a term by chance out of the estimate', () => {
    const hashes = Array.from({ length: MOST_HASHES }, (_, i) => i * 1_000);
    const set = new ValueSet(hashes, true);
    // 10 million terms: 0.00058 of all values agree with one, 1.5 of 2,560.
    const of = (found: number): number =>
      containmentOf(factsOf(1e7, { distinct: 1e7 }), set, found, 1e7).similarity.value;
    expect(of(0)).toBe(0);
    expect(of(1)).toBe(0);
    expect(of(10)).toBeCloseTo((10 / 2_560 - 0.000582) / (1 - 0.000582), 6);
    expect(of(MOST_HASHES)).toBe(1);
  });

  it('counts different values by what the profile and the value set agree on', () => {
    const set = new ValueSet(Array.from({ length: 20_000 }, (_, i) => valueSetHash(`v${i}`)));
    expect(cardinalityOf(factsOf(50_000, { distinct: 20_000 }), set)).toMatchObject({
      value: 20_000,
      basis: 'estimate',
    });
    // Written in several ways: more spellings than values.
    const spelt = cardinalityOf(factsOf(80_000, { distinct: 80_000 }), set);
    expect(spelt.value).toBeGreaterThan(18_500);
    expect(spelt.value).toBeLessThan(21_500);
    expect(cardinalityOf(factsOf(5, { distinct: 4 }))).toEqual({ value: 4, low: 4, high: 4, basis: 'exact' });
    expect(cardinalityOf(factsOf(5, { distinct: 4, distinctBounds: { low: 3, high: 5 } }))).toMatchObject({
      low: 3,
      high: 5,
    });
  });
});

describe('patterns', () => {
  it.each([
    ['dddsdddd', 'dddsdddd', true],
    ['AwdddsddddwA', 'dddsdddd', true],
    ['ddddsdddd', 'dddsdddd', false],
    ['dddsddddd', 'dddsdddd', false],
    ['ddddsddddwdddsdddd', 'dddsdddd', true],
    ['Adddsddddw', 'dddsdddd', true],
    ['aaad', 'aa', false],
    ['aad', 'aa', true],
    ['ddd', 'dddd', false],
    ['aadd…', 'dd', false],
    ['aadda…', 'dd', true],
  ])('%s holds %s: %s', (pattern, listed, is) => {
    expect(containsPattern(pattern, listed)).toBe(is);
  });

  it('is contained wherever a whole run of classes is', () => {
    const pattern = fc.stringMatching(/^[AaLdwcs]{1,6}$/);
    fc.assert(
      fc.property(pattern, pattern, pattern, (before, listed, after) => {
        const text = before + listed + after;
        const parted = before.at(-1) !== listed[0] && after[0] !== listed.at(-1);
        if (parted) expect(containsPattern(text, listed)).toBe(true);
        expect(containsPattern(listed, listed)).toBe(true);
        // As an expression says it: no neighbour of the same class.
        const wanted = new RegExp(`(?<!${listed[0]})${listed}(?!${listed.at(-1)})`).test(text) || text === listed;
        expect(containsPattern(text, listed)).toBe(wanted);
      }),
      { numRuns: 500 },
    );
  });

  const known = (counts: Record<string, number>, filled: number, all: boolean): KnownPatterns => ({
    patterns: Object.entries(counts).map(([pattern, count]) => ({ pattern, count })),
    filled,
    all,
  });
  const shareOf = (patterns: KnownPatterns, listed: string[], other: Partial<ColumnFacts> = {}): Score => {
    const share = patternShareOf(factsOf(patterns.filled, { patterns, ...other }), listed);
    if ('missing' in share) throw new Error(share.missing);
    return share.score;
  };

  it('are a share of the filled rows, exact where all are known', () => {
    expect(shareOf(known({ dd: 6, wddw: 1, ddd: 3 }, 10, true), ['dd'])).toEqual({
      value: 0.7,
      low: 0.7,
      high: 0.7,
      basis: 'exact',
      of: 10,
    });
    expect(shareOf(known({ dd: 6 }, 0, true), ['dd'])).toMatchObject({ value: 0, high: 0 });
    expect(shareOf(known({ dd: 6 }, 10, true), [])).toMatchObject({ value: 0, high: 0, basis: 'exact' });
    expect(patternShareOf(factsOf(3), ['d'])).toEqual(NONE);
  });

  it('that are not named could be any, unless rows tell', () => {
    const patterns = known({ dd: 50, aa: 20 }, 100, false);
    expect(shareOf(patterns, ['dd'])).toMatchObject({ value: 0.5, low: 0.5, high: 0.8, basis: 'estimate' });
    const values = {
      values: [
        ['x 12', 30],
        ['x-yz', 30],
        ['77', 40],
        [' ', 5],
      ] as [string, number][],
      rows: 105,
      all: false,
    };
    const told = shareOf(patterns, ['dd'], { values });
    expect(told.value).toBeCloseTo(0.5 + 0.3 * 0.5, 9);
    expect(told.low).toBeGreaterThan(0.6);
    expect(told.high).toBeLessThan(0.7);
  });

  it('with bounds of their own give the score theirs', () => {
    const patterns: KnownPatterns = {
      patterns: [{ pattern: 'dd', count: 50, low: 45, high: 55 }],
      filled: 100,
      all: true,
    };
    expect(shareOf(patterns, ['dd'])).toMatchObject({ value: 0.5, low: 0.45, high: 0.55, basis: 'estimate' });
  });
});

describe('regular expressions', () => {
  const method = { name: 'SSN', regexes: ['\\d{3}', 'X\\d'], exclusions: ['000', 'x9'] };

  it('count rows, not values; blanks are no rows, exclusions and what a validator refuses no matches', async () => {
    await using runner = new RegexRunner();
    const values = {
      values: [
        ['123', 4],
        ['000', 2],
        ['X1', 1],
        ['X9', 1],
        ['no', 2],
        ['', 5],
        [' \t', 1],
      ] as [string, number][],
      rows: 16,
      all: true,
    };
    const facts = factsOf(16, { values, blanks: 6 });
    expect(await regexShareOf(method, facts, runner, {})).toEqual({
      score: { value: 0.5, low: 0.5, high: 0.5, basis: 'exact', of: 10 },
      matched: ['123', 'X1'],
      unmatched: ['000', 'no', 'X9'],
    });
    const checked = { ...method, validator: 'odd' };
    const odd = (value: string): boolean => /[13579]$/.test(value);
    expect(await regexShareOf(checked, facts, runner, { odd })).toMatchObject({ score: { value: 0.5 } });
    expect(await regexShareOf({ ...checked, regexes: [] }, facts, runner, { odd })).toMatchObject({
      score: { value: 0.5 },
    });
    expect(await regexShareOf(checked, facts, runner, {})).toEqual({ missing: expect.stringContaining('"odd"') });
    expect(await regexShareOf(method, factsOf(1), runner, {})).toEqual(NONE);
    expect(await regexShareOf({ ...method, regexes: [] }, factsOf(1), runner, {})).toMatchObject({
      score: { value: 0, high: 0 },
    });
  });

  it('of a sample of rows hold the truth about 95 times in 100', async () => {
    await using runner = new RegexRunner();
    const runs = 200;
    const next = seededRandom(SEED);
    let held = 0;
    for (let run = 0; run < runs; run++) {
      const ofRows = 2_000 + Math.floor(next() * 4_000);
      const matching = Math.floor(next() * ofRows);
      let [hits, left] = [0, matching];
      for (let i = 0; i < 1_000; i++) {
        if (next() * (ofRows - i) >= left) continue;
        left--;
        hits++;
      }
      const values = {
        values: [
          ['123', hits],
          ['no', 1_000 - hits],
        ] as [string, number][],
        rows: 1_000,
        all: false,
      };
      const share = await regexShareOf(method, factsOf(ofRows, { values }), runner, {});
      if (!('missing' in share) && holds(share.score, matching / ofRows)) held++;
    }
    expect(held / runs, `seed ${SEED}`).toBeGreaterThan(0.9);
  });
});
