import { describe, expect, it } from 'vitest';
import { patternOf } from '../profile/text/alphabet.ts';
import { ValueSet } from '../sketch/value-set.ts';
import { valueSetHash } from '../sketch/value-set-codec.ts';
import { bestAliases } from './best-alias.ts';
import type { ColumnFacts } from './column-facts.ts';
import { evaluateMethod } from './evaluate.ts';
import { canMatchWithoutTerms, feasibilityOf, leastSimilarity } from './feasibility.ts';
import type { DictionaryMethod, Logic, PatternMethod, Rule } from './method.ts';
import { RegexRunner } from './regex/regex-runner.ts';
import { regexShareOf } from './scores/regex-share.ts';

const weighted = (weights: Record<string, number>): Logic => ({
  '+': Object.entries(weights).map(([name, weight]) => ({ '*': [{ var: name }, weight] })),
});
const atLeast = (name: string, value: number): Logic => ({ '>=': [{ var: name }, value] });
const rule = (of: Partial<Rule>): Rule => ({
  minSamples: 1,
  confidenceScore: weighted({ similarity: 0.9, metadataScore: 0.1 }),
  condition: atLeast('confidenceScore', 0.7),
  actions: [{ tags: ['colour'], tableTags: [], terms: [] }],
  ...of,
});

const common = { enabled: true, builtIn: false, categories: [], version: 'v1' };
const COLOURS: DictionaryMethod = {
  ...common,
  kind: 'dictionary',
  id: 'd1',
  name: 'Colours',
  cardinality: 10,
  rules: [rule({})],
  aliases: [
    { nameRegex: '(?i)colou?r', score: 1 },
    { nameRegex: '(?i)^col', score: 0.4 },
  ],
};
const SSN: PatternMethod = {
  ...common,
  kind: 'pattern',
  id: 'p1',
  name: 'SSN',
  rules: [
    rule({
      minSamples: 5,
      confidenceScore: weighted({ regexScore: 0.4, profilePatternScore: 0.3, metadataScore: 0.3 }),
      condition: atLeast('confidenceScore', 0.5),
      actions: [{ tags: ['SSN'], tableTags: [], terms: [], sensitivity: 'HIGH' }],
    }),
  ],
  aliases: [{ nameRegex: '(?i)ssn', score: 0.75 }],
  profilePatterns: ['dddsddsdddd'],
  regexes: ['(?!000)\\d{3}-\\d{2}-\\d{4}'],
  exclusions: ['123-45-6789'],
};

/** The profile of a column whose rows are all known. */
function factsOf(rows: readonly string[], other: Partial<ColumnFacts> = {}): ColumnFacts {
  const count = (texts: readonly string[]) =>
    [...Map.groupBy(texts, (text) => text)].map(([text, all]) => [text, all.length] as const);
  return {
    entityId: 'c1',
    tableId: 't1',
    name: 'column',
    kind: 'text',
    profileId: 7,
    profiledAt: '2026-01-01T00:00:00.000Z',
    rows: rows.length,
    sampledRows: rows.length,
    nonNull: rows.length,
    blanks: 0,
    distinct: new Set(rows).size,
    valueSet: new ValueSet(rows.map((row) => valueSetHash(row.toLowerCase()))),
    patterns: {
      patterns: count(rows.map(patternOf)).map(([pattern, of]) => ({ pattern, count: of })),
      filled: rows.length,
      all: true,
    },
    values: { values: count(rows), rows: rows.length, all: true },
    ...other,
  };
}

describe('evaluating a method on a column', () => {
  const colours = factsOf(['red', 'green', 'blue', 'mauve', 'x1']);

  it('matches a dictionary, with its factors, the values and the smallest change that would turn it', () => {
    const [alias] = COLOURS.aliases;
    const matched = ['red', 'green', 'blue', 'mauve'];
    const verdict = evaluateMethod(COLOURS, colours, { alias, found: 4, matched, unmatched: ['x1'] });
    expect(verdict).toMatchObject({
      outcome: 'matched',
      actions: [{ tags: ['colour'] }],
      evidence: {
        methodId: 'd1',
        methodVersion: 'v1',
        profileId: 7,
        rule: 0,
        confidence: { value: expect.closeTo(0.82, 9), basis: 'exact' },
        factors: [
          {
            variable: 'similarity',
            weight: 0.9,
            contribution: expect.closeTo(0.72, 9),
            share: expect.closeTo(0.878, 3),
          },
          { variable: 'metadataScore', weight: 0.1, contribution: 0.1, share: expect.closeTo(0.122, 3) },
        ],
        alias: { nameRegex: '(?i)colou?r', score: 1 },
        matched,
        unmatched: ['x1'],
        flip: { variable: 'similarity', from: 0.8, text: 'similarity from 0.80 to 0.6666 or less' },
        close: false,
      },
    });
  });

  it('keeps a confidence from 0 to 1, and asks the condition with what was computed', () => {
    const [alias] = COLOURS.aliases;
    const ofWeight = (weight: number, least: number): DictionaryMethod => ({
      ...COLOURS,
      rules: [
        rule({
          confidenceScore: weighted({ similarity: weight, metadataScore: weight }),
          condition: atLeast('confidenceScore', least),
        }),
      ],
    });
    expect(evaluateMethod(ofWeight(0.9, 1.5), colours, { alias, found: 5 })).toMatchObject({
      outcome: 'matched',
      evidence: { confidence: { value: 1, low: 1, high: 1 }, factors: [{ share: 0.5 }, { share: 0.5 }] },
    });
    expect(evaluateMethod(ofWeight(-1, -3), colours, { alias, found: 5 })).toMatchObject({
      outcome: 'matched',
      evidence: { confidence: { value: 0, low: 0, high: 0 } },
    });
  });

  it('gives what each rule applies evidence of that rule, the surest last', () => {
    const says = (tag: string, weight: number): Rule =>
      rule({
        confidenceScore: weighted({ similarity: weight }),
        condition: atLeast('confidenceScore', 0.1),
        actions: [{ tags: [tag], tableTags: [], terms: [] }],
      });
    const method = { ...COLOURS, rules: [says('sure', 1), says('weak', 0.5), says('never', 0), says('sure too', 1)] };
    const verdict = evaluateMethod(method, colours, { found: 4 });
    expect(verdict.evidence?.rule).toBe(0);
    expect(
      verdict.found?.map(({ actions, evidence }) => [actions[0]?.tags[0], evidence.rule, evidence.confidence.value]),
    ).toEqual([
      ['weak', 1, 0.4],
      ['sure too', 3, 0.8],
      ['sure', 0, 0.8],
    ]);
  });

  it('matches nothing without a word where the score is too low, and explains it when asked', () => {
    expect(evaluateMethod(COLOURS, colours, { found: 3 })).toEqual({ outcome: 'not matched', actions: [] });
    const { evidence } = evaluateMethod(COLOURS, colours, { found: 3 }, { explain: true });
    expect(evidence?.confidence.value).toBeCloseTo(0.54, 9);
    expect(evidence?.flip?.text).toBe('similarity from 0.60 to 0.7778 or more');
  });

  it('says what is missing instead of scoring it 0', () => {
    const missing = { missing: 'the values are of a nested type' };
    expect(evaluateMethod(COLOURS, { ...colours, valueSet: missing }, {})).toEqual({
      outcome: 'could not match',
      missing: ['no value set: the values are of a nested type'],
      actions: [],
    });
    // By its name alone it matches all the same.
    const byName = {
      ...COLOURS,
      rules: [rule({ condition: { or: [atLeast('metadataScore', 0.5), atLeast('confidenceScore', 0.7)] } })],
    };
    expect(evaluateMethod(byName, { ...colours, valueSet: missing }, { alias: COLOURS.aliases[0] }).outcome).toBe(
      'matched',
    );
    // And where not even all values would be enough, nothing is missing.
    const never = { ...COLOURS, rules: [rule({ condition: atLeast('confidenceScore', 0.95) })] };
    expect(evaluateMethod(never, { ...colours, valueSet: missing }, {}).outcome).toBe('not matched');
  });

  it('hears no rule with too few samples, no boolean column and no stale profile', () => {
    const patient = { ...COLOURS, rules: [rule({ minSamples: 200 })] };
    expect(evaluateMethod(patient, colours, { found: 5 })).toEqual({
      outcome: 'could not match',
      missing: [
        'too few samples: rule 1 wants 200 rows, the profile was made of 5; the table has no more, so lower minSamples',
      ],
      actions: [],
    });
    expect(evaluateMethod(patient, { ...colours, rows: 900 }, { found: 5 }).missing).toEqual([
      expect.stringContaining('profile more rows, or lower minSamples'),
    ]);
    expect(evaluateMethod(COLOURS, { ...colours, kind: 'boolean' }, { found: 5 })).toMatchObject({
      outcome: 'could not match',
      missing: [expect.stringContaining('boolean column')],
    });
    expect(evaluateMethod(COLOURS, { ...colours, stale: 'its type changed' }, { found: 5 }).missing).toEqual([
      'stale profile: its type changed; profile the table again',
    ]);
  });

  it('applies the actions of every rule that matches, with the evidence of the most confident', () => {
    const action = (tag: string) => [{ tags: [tag], tableTags: [], terms: [] }];
    const two = {
      ...COLOURS,
      rules: [
        rule({ confidenceScore: { var: 'similarity' }, actions: action('a') }),
        rule({ condition: false, actions: action('b') }),
        rule({ confidenceScore: 1, actions: action('c') }),
      ],
    };
    const { actions, evidence } = evaluateMethod(two, colours, { found: 4 });
    expect(actions.flatMap(({ tags }) => tags)).toEqual(['a', 'c']);
    expect(evidence?.rule).toBe(2);
  });

  it('is close where the intervals of the scores reach over the threshold', () => {
    const hashes = Array.from({ length: 40_000 }, (_, i) => valueSetHash(`value ${i}`));
    const large = {
      ...colours,
      rows: 40_000,
      sampledRows: 40_000,
      nonNull: 40_000,
      distinct: 40_000,
      valueSet: new ValueSet(hashes),
    };
    const at = (found: number) =>
      evaluateMethod(
        { ...COLOURS, rules: [rule({ confidenceScore: { var: 'similarity' } })] },
        large,
        { found },
        { explain: true },
      ).evidence;
    expect(at(1_800)?.close).toBe(true);
    expect(at(2_500)?.close).toBe(false);
    expect(at(1_000)?.close).toBe(false);
  });

  it('scores a pattern by expression, pattern and name', async () => {
    await using runner = new RegexRunner();
    const rows = ['111-22-3333', '222-33-4444', '000-11-2222', '123-45-6789', 'none', '333-44-5555'];
    const facts = factsOf(rows, { name: 'emp_ssn' });
    const [alias] = await bestAliases(SSN, [facts.name], runner);
    const regex = await regexShareOf(SSN, facts, runner, {});
    const verdict = evaluateMethod(SSN, facts, { alias, regex });
    expect(verdict.evidence).toMatchObject({
      confidence: { value: expect.closeTo(0.4 * (3 / 6) + 0.3 * (5 / 6) + 0.3 * 0.75, 9), basis: 'exact' },
      matched: ['111-22-3333', '222-33-4444', '333-44-5555'],
      unmatched: ['000-11-2222', '123-45-6789', 'none'],
    });
    expect(verdict.actions).toEqual([{ tags: ['SSN'], tableTags: [], terms: [], sensitivity: 'HIGH' }]);
    const kept = { missing: 'no values kept' };
    const without = { ...facts, values: kept };
    const blind = await regexShareOf(SSN, without, runner, {});
    expect(blind).toEqual(kept);
    expect(evaluateMethod(SSN, without, { regex: blind }).missing).toEqual([
      'no samples for a regular expression: no values kept',
    ]);
  });
});

describe('feasibility', () => {
  const facts = factsOf(['111-22-3333', '222-33-4444', '1', '2', '3', '4']);

  it('tells what a rule lacks to reach its condition, before anything is looked up', () => {
    expect(feasibilityOf(SSN, facts)).toEqual({ reachable: true, missing: [] });
    const kept = { missing: 'no values kept' };
    expect(feasibilityOf(SSN, { ...facts, values: kept })).toEqual({
      reachable: false,
      missing: ['no samples for a regular expression: no values kept'],
    });
    expect(feasibilityOf(SSN, { ...facts, values: kept }, SSN.aliases[0])).toEqual({ reachable: true, missing: [] });
    expect(feasibilityOf(SSN, { ...facts, values: kept, sampledRows: 2, rows: 6 }).missing).toEqual([
      'too few samples: rule 1 wants 5 rows, the profile was made of 2; profile more rows, or lower minSamples',
      'no samples for a regular expression: no values kept',
    ]);
    expect(feasibilityOf(SSN, { ...facts, kind: 'boolean' }).missing).toEqual([
      expect.stringContaining('boolean column'),
    ]);
    expect(feasibilityOf(COLOURS, { ...facts, valueSet: kept }).missing).toEqual(['no value set: no values kept']);
  });

  it('lacks nothing where the name alone rules the column out', () => {
    const named = {
      ...COLOURS,
      rules: [rule({ condition: { and: [atLeast('metadataScore', 0.5), atLeast('similarity', 0.1)] } })],
    };
    expect(feasibilityOf(named, facts)).toEqual({ reachable: false, missing: [] });
    expect(feasibilityOf(named, facts, COLOURS.aliases[0])).toEqual({ reachable: true, missing: [] });
  });

  it('knows the dictionaries that could match without a term', () => {
    expect(canMatchWithoutTerms(COLOURS)).toBe(false);
    expect(
      canMatchWithoutTerms({
        ...COLOURS,
        rules: [rule({ condition: { or: [atLeast('metadataScore', 0.5), false] } })],
      }),
    ).toBe(true);
    expect(canMatchWithoutTerms({ ...COLOURS, rules: [rule({ condition: atLeast('metadataScore', 1.5) })] })).toBe(
      false,
    );
  });

  it('knows below which similarity a dictionary need not be asked', () => {
    expect(leastSimilarity({ ...COLOURS, aliases: [] })).toBeCloseTo(0.7 / 0.9, 9);
    expect(leastSimilarity({ ...COLOURS })).toBeCloseTo(0.6 / 0.9, 9);
    expect(leastSimilarity({ ...COLOURS, rules: [rule({ condition: false })] })).toBe(Number.POSITIVE_INFINITY);
    const method = { ...COLOURS, rules: [rule({ condition: { '>': [{ var: 'confidenceScore' }, 0.64] } })] };
    const least = leastSimilarity(method);
    expect(least).toBeGreaterThan(0.59);
    for (let found = 0; found <= 5; found++) {
      const { outcome } = evaluateMethod(method, facts, { found, alias: COLOURS.aliases[0] });
      if (outcome === 'matched') expect(found / facts.distinct).toBeGreaterThanOrEqual(least);
    }
  });
});
