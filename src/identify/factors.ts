import { evaluateLogic } from './logic/evaluate-logic.ts';
import { linearWeights } from './logic/linear-weights.ts';
import { variablesOf } from './logic/variables-of.ts';
import type { Rule } from './method.ts';
import type { Factor, Score, Variable } from './verdict.ts';

/**
 * What each score gives to the confidence. Of a weighted sum the weights are those that it writes; of anything else the
 * contribution is what the confidence would lose if the score were 0, and the weight that by the score's value.
 */
export function factorsOf(rule: Rule, scores: Readonly<Record<Variable, Score>>): Factor[] {
  const { confidenceScore: logic } = rule;
  const values = Object.fromEntries(Object.entries(scores).map(([name, { value }]) => [name, value]));
  const confidence = scores.confidenceScore.value;
  const linear = linearWeights(logic);
  return [...variablesOf(logic)].map((variable) => {
    const score = scores[variable];
    const contribution = linear
      ? (linear.weights.get(variable) ?? 0) * score.value
      : confidence - evaluateLogic(logic, { ...values, [variable]: 0 });
    const weight = linear ? (linear.weights.get(variable) ?? 0) : score.value === 0 ? 0 : contribution / score.value;
    const share = confidence === 0 ? 0 : Math.min(Math.max(contribution / confidence, 0), 1);
    return { variable, weight, score, contribution, share };
  });
}
