import { evaluateLogic } from './logic/evaluate-logic.ts';
import { rangeOfLogic } from './logic/range-of-logic.ts';
import { variablesOf } from './logic/variables-of.ts';
import type { Rule } from './method.ts';
import { type Score, VARIABLES, type Variable } from './verdict.ts';

/** The confidence of a rule with its interval, which is no narrower than those of the scores make it. */
export function confidenceOf(rule: Rule, scores: Readonly<Record<Variable, Score>>): Score {
  const value = evaluateLogic(rule.confidenceScore, valuesOf(scores));
  const { low, high } = rangeOfLogic(rule.confidenceScore, scores);
  const used = [...variablesOf(rule.confidenceScore)].map((name) => scores[name]);
  const basis = used.some((score) => score.basis === 'sample')
    ? 'sample'
    : used.some((score) => score.basis === 'estimate')
      ? 'estimate'
      : 'exact';
  const counts = used.flatMap(({ of }) => (of === undefined ? [] : [of]));
  return {
    value,
    low: Math.min(low, value),
    high: Math.max(high, value),
    basis,
    ...(counts.length > 0 ? { of: Math.min(...counts) } : {}),
  };
}

/** The values alone. */
export function valuesOf(scores: Readonly<Record<Variable, Score>>): Record<Variable, number> {
  const values = {} as Record<Variable, number>;
  for (const name of VARIABLES) values[name] = scores[name].value;
  return values;
}
