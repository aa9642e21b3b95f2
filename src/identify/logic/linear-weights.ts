import type { Logic } from '../method.ts';
import type { Variable } from '../verdict.ts';
import { numberOf } from './evaluate-logic.ts';
import { operationOf, variableOf } from './read-logic.ts';

/** `constant` + Σ weight · variable. */
export interface Linear {
  constant: number;
  weights: ReadonlyMap<Variable, number>;
}

/**
 * The weights of an expression that is a weighted sum of variables, however it is written; undefined where it is not one,
 * as with `min`, `if`, or a product of two variables.
 *
 * @param logic without problems (`problemsOfLogic`)
 */
export function linearWeights(logic: Logic): Linear | undefined {
  if (typeof logic !== 'object' || logic === null || Array.isArray(logic)) return constant(numberOf(logic));
  const operation = operationOf(logic);
  if (operation.operator === 'var') return { constant: 0, weights: new Map([[variableOf(operation), 1]]) };
  const parts = operation.values.map(linearWeights);
  if (!parts.every((part) => part !== undefined)) return undefined;
  const [a = constant(0), b = constant(0)] = parts;
  switch (operation.operator) {
    case '+':
      return parts.reduce(add, constant(0));
    case '-':
      return parts.length === 1 ? scale(a, -1) : add(a, scale(b, -1));
    case '*':
      return parts.reduce<Linear | undefined>((product, part) => product && multiply(product, part), constant(1));
    case '/':
      return b.weights.size === 0 && b.constant !== 0 ? scale(a, 1 / b.constant) : undefined;
    default:
      return undefined;
  }
}

const constant = (value: number): Linear => ({ constant: value, weights: new Map() });
const scale = (of: Linear, by: number): Linear => ({
  constant: of.constant * by,
  weights: new Map([...of.weights].map(([name, weight]) => [name, weight * by])),
});

function add(a: Linear, b: Linear): Linear {
  const weights = new Map(a.weights);
  for (const [name, weight] of b.weights) weights.set(name, (weights.get(name) ?? 0) + weight);
  return { constant: a.constant + b.constant, weights };
}

function multiply(a: Linear, b: Linear): Linear | undefined {
  if (a.weights.size === 0) return scale(b, a.constant);
  return b.weights.size === 0 ? scale(a, b.constant) : undefined;
}
