import type { Logic } from '../method.ts';
import type { Variable } from '../verdict.ts';
import { numberOfText, operationOf, variableOf } from './read-logic.ts';

/** The value of every variable that an expression may ask for; what is not there counts as 0. */
export type Variables = Readonly<Partial<Record<Variable, number>>>;

/** A logic that was read once; truth is a number other than 0. */
export type Evaluate = (variables: Variables) => number;

const COMPILED = new WeakMap<object, Evaluate>();

/**
 * Everything is a number: a numeric text is the number it writes, true is 1, false and null are 0; so `"0.7"` and 0.7 never
 * differ, in `===` neither. What follows from numbers alone is as JsonLogic says: `and` gives the first argument that is false or
 * the last one, `or` the first that is true or the last, a division by 0 gives an infinite number, and 0 / 0 one that is neither
 * true nor equal to anything.
 *
 * @param logic without problems (`problemsOfLogic`)
 * @source https://jsonlogic.com/operations.html
 */
export function evaluateLogic(logic: Logic, variables: Variables): number {
  return compileLogic(logic)(variables);
}

export const isTrue = (value: number): boolean => value !== 0 && !Number.isNaN(value);

/** The same, read once and kept as long as the logic is. */
export function compileLogic(logic: Logic): Evaluate {
  if (typeof logic !== 'object' || logic === null || Array.isArray(logic)) {
    const constant = numberOf(logic);
    return () => constant;
  }
  const known = COMPILED.get(logic);
  if (known) return known;
  const operation = operationOf(logic);
  const compiled = compile(
    operation.operator,
    operation.operator === 'var' ? [] : operation.values.map(compileLogic),
    () => variableOf(operation),
  );
  COMPILED.set(logic, compiled);
  return compiled;
}

/** The number that a constant is. */
export function numberOf(constant: Logic): number {
  if (typeof constant === 'string') return numberOfText(constant);
  return typeof constant === 'number' ? constant : constant === true ? 1 : 0;
}

const truth = (value: boolean): number => (value ? 1 : 0);

function compile(operator: string, of: readonly Evaluate[], variable: () => Variable): Evaluate {
  const [a = zero, b = zero, c] = of;
  switch (operator) {
    case 'var': {
      const name = variable();
      return (variables) => variables[name] ?? 0;
    }
    case 'and':
      return (v) => first(of, v, (value) => !isTrue(value));
    case 'or':
      return (v) => first(of, v, isTrue);
    case '!':
      return (v) => truth(!isTrue(a(v)));
    case '!!':
      return (v) => truth(isTrue(a(v)));
    case 'if':
      return (v) => choose(of, v);
    case '+':
      return (v) => of.reduce((sum, item) => sum + item(v), 0);
    case '-':
      return of.length === 1 ? (v) => -a(v) : (v) => a(v) - b(v);
    case '*':
      return (v) => of.reduce((product, item) => product * item(v), 1);
    case '/':
      return (v) => a(v) / b(v);
    case 'min':
      return (v) => Math.min(...of.map((item) => item(v)));
    case 'max':
      return (v) => Math.max(...of.map((item) => item(v)));
    case '<':
      return (v) => truth(a(v) < b(v) && (!c || b(v) < c(v)));
    case '<=':
      return (v) => truth(a(v) <= b(v) && (!c || b(v) <= c(v)));
    case '>':
      return (v) => truth(a(v) > b(v));
    case '>=':
      return (v) => truth(a(v) >= b(v));
    case '==':
    case '===':
      return (v) => truth(a(v) === b(v));
    case '!=':
    case '!==':
      return (v) => truth(a(v) !== b(v));
    default:
      throw new RangeError(`unknown operator ${JSON.stringify(operator)}: the logic was not checked`);
  }
}

const zero: Evaluate = () => 0;

/** The first value that decides, or the last one. */
function first(of: readonly Evaluate[], variables: Variables, decides: (value: number) => boolean): number {
  let value = 0;
  for (const item of of) {
    value = item(variables);
    if (decides(value)) return value;
  }
  return value;
}

/** `if, then, else if, then, …, else`; without an else 0. */
function choose(of: readonly Evaluate[], variables: Variables): number {
  let at = 0;
  for (; at + 1 < of.length; at += 2) {
    if (isTrue((of[at] as Evaluate)(variables))) return (of[at + 1] as Evaluate)(variables);
  }
  return of[at]?.(variables) ?? 0;
}
