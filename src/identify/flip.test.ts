import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flipOf } from './flip.ts';
import { evaluateLogic, isTrue } from './logic/evaluate-logic.ts';
import type { Logic, Rule } from './method.ts';
import { exactScore } from './scores/score.ts';
import { type Score, VARIABLES, type Variable } from './verdict.ts';

const scoresOf = (values: Partial<Record<Variable, number>>): Record<Variable, Score> =>
  Object.fromEntries(VARIABLES.map((name) => [name, exactScore(values[name] ?? 0)])) as Record<Variable, Score>;
const ruleOf = (weights: Record<string, number>, condition: Logic): Rule => ({
  minSamples: 0,
  confidenceScore: { '+': Object.entries(weights).map(([name, weight]) => ({ '*': [{ var: name }, weight] })) },
  condition,
  actions: [],
});
function verdictOf(rule: Rule, values: Partial<Record<Variable, number>>): boolean {
  const confidenceScore = evaluateLogic(rule.confidenceScore, values);
  return isTrue(evaluateLogic(rule.condition, { ...values, confidenceScore }));
}
const atLeast = (name: string, value: number): Logic => ({ '>=': [{ var: name }, value] });
const above = (name: string, value: number): Logic => ({ '>': [{ var: name }, value] });

describe('the smallest change that turns a verdict', () => {
  it.each<[string, Rule, Partial<Record<Variable, number>>, string | undefined]>([
    [
      'the heaviest score needs the least',
      ruleOf({ similarity: 0.9, metadataScore: 0.1 }, atLeast('confidenceScore', 0.72)),
      { similarity: 0.5, metadataScore: 0 },
      'similarity from 0.50 to 0.80 or more',
    ],
    [
      'a score that cannot reach it is not named',
      ruleOf({ similarity: 0.25, metadataScore: 0.75 }, atLeast('confidenceScore', 0.75)),
      { similarity: 0.75, metadataScore: 0.5 },
      'metadataScore from 0.50 to 0.75 or more',
    ],
    [
      'down to where it no longer holds',
      ruleOf({ regexScore: 1 }, above('confidenceScore', 0.55)),
      { regexScore: 0.8 },
      'regexScore from 0.80 to 0.55 or less',
    ],
    [
      'below what just holds',
      ruleOf({ regexScore: 1 }, atLeast('confidenceScore', 0.55)),
      { regexScore: 0.8 },
      'regexScore from 0.80 to below 0.55',
    ],
    [
      'a count where no score turns it',
      ruleOf({ similarity: 1 }, atLeast('columnCardinality', 10)),
      { similarity: 1, columnCardinality: 4 },
      'columnCardinality from 4 to 10 or more',
    ],
    [
      'all together where each alone is enough',
      ruleOf({ similarity: 0.9, metadataScore: 0.9 }, atLeast('confidenceScore', 0.7)),
      { similarity: 1, metadataScore: 1 },
      'all scores together, the confidence from 1.80 to below 0.70 (similarity 0.3889, metadataScore 0.3889)',
    ],
    [
      'all together where each alone is too little',
      ruleOf({ similarity: 0.5, metadataScore: 0.5 }, atLeast('confidenceScore', 0.8)),
      { similarity: 0.2, metadataScore: 0.2 },
      'all scores together, the confidence from 0.20 to 0.80 or more (similarity 0.80, metadataScore 0.80)',
    ],
    ['nothing where no score can', ruleOf({ similarity: 0.5 }, atLeast('confidenceScore', 0.9)), {}, undefined],
  ])('%s', (_, rule, values, text) => {
    expect(flipOf(rule, scoresOf(values), verdictOf(rule, values))?.text).toBe(text);
  });

  it('of all scores together turns it, where it is told and not before', () => {
    const share = fc.integer({ min: 0, max: 1_000 }).map((n) => n / 1_000);
    let told = 0;
    fc.assert(
      fc.property(share, share, share, fc.double({ min: 0.3, max: 1, noNaN: true }), (a, b, least, weight) => {
        const rule = ruleOf({ similarity: weight, metadataScore: weight }, atLeast('confidenceScore', least));
        const values = { similarity: a, metadataScore: b };
        const matched = verdictOf(rule, values);
        const flip = flipOf(rule, scoresOf(values), matched);
        if (flip?.variable !== 'confidenceScore') return;
        told++;
        expect(flip.from).toBeCloseTo(weight * (a + b), 10);
        expect(flip.to).toBeCloseTo(least, 8);
        expect(flip.to < flip.from).toBe(matched);
      }),
      { numRuns: 500 },
    );
    expect(told).toBeGreaterThan(20);
  });

  it('turns it, and nothing nearer does', () => {
    const share = fc.integer({ min: 0, max: 1_000 }).map((n) => n / 1_000);
    const condition = fc.oneof(
      share.map((value) => atLeast('confidenceScore', value)),
      share.map((value) => above('confidenceScore', value)),
      fc
        .tuple(share, share)
        .map(([a, b]): Logic => ({ and: [atLeast('confidenceScore', a), above('metadataScore', b)] })),
      fc.tuple(share, share).map(([a, b]): Logic => ({ or: [atLeast('similarity', a), above('metadataScore', b)] })),
    );
    let turned = 0;
    fc.assert(
      fc.property(share, condition, share, share, (weight, of, similarity, metadataScore) => {
        const rule = ruleOf({ similarity: weight, metadataScore: 1 - weight }, of);
        const values = { similarity, metadataScore };
        const matched = verdictOf(rule, values);
        const flip = flipOf(rule, scoresOf(values), matched);
        if (!flip || flip.variable === 'confidenceScore') return;
        turned++;
        const at = (place: number): boolean => verdictOf(rule, { ...values, [flip.variable]: place });
        const way = Math.sign(flip.to - flip.from);
        // "Above" and "below" begin right behind it.
        expect([at(flip.to), at(flip.to + way * 1e-6)]).toContain(!matched);
        for (const part of [0.25, 0.5, 0.9])
          expect(at(flip.from + part * (flip.to - flip.from) - way * 1e-4)).toBe(matched);
      }),
      { numRuns: 300 },
    );
    expect(turned).toBeGreaterThan(100);
  });
});
