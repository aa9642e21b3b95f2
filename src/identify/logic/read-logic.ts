import { nearestName } from '../../model/nearest-name.ts';
import type { Logic } from '../method.ts';
import { VARIABLES, type Variable } from '../verdict.ts';
import { DEEPEST, OPERATORS } from './operators.ts';

/** What one operation is: its name and its arguments; `{"!": x}` means `{"!": [x]}`. */
export interface Operation {
  operator: string;
  values: readonly Logic[];
}

const OPERATIONS = new WeakMap<object, Operation>();

/** The operation that an object is. Only for logic that was checked. */
export function operationOf(logic: { [operation: string]: Logic }): Operation {
  const known = OPERATIONS.get(logic);
  if (known) return known;
  const [operator = '', given = null] = Object.entries(logic)[0] ?? [];
  const operation = { operator, values: Array.isArray(given) ? given : [given] };
  OPERATIONS.set(logic, operation);
  return operation;
}

/** The variable that `{"var": "similarity"}` or `{"var": ["similarity", 0]}` names. Only for logic that was checked. */
export const variableOf = ({ values }: Operation): Variable => values[0] as Variable;

/** The number that a text is, or NaN: `"0.7"`, `" 1e-3 "`; not `""`, `"0x10"` or `"Infinity"`. */
export function numberOfText(text: string): number {
  return /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/.test(text) ? Number(text) : Number.NaN;
}

/**
 * Every problem of a JsonLogic expression, each with its place: unknown operators and variables, wrong numbers of arguments, texts
 * that are no number. `[]`: it can be evaluated.
 *
 * @param path where the expression stands, as `rules[0].condition`
 * @param allowed the variables that have a value here; another one of the known is refused with `otherwise`
 */
export function problemsOfLogic(
  logic: unknown,
  path: string,
  allowed: readonly Variable[],
  otherwise: (name: Variable) => string,
): string[] {
  const problems: string[] = [];
  const walk = (at: unknown, place: string, depth: number): void => {
    if (at === null || typeof at === 'boolean') return;
    if (typeof at === 'number') {
      if (!Number.isFinite(at)) problems.push(`${place}: received ${at}, expected a finite number`);
      return;
    }
    if (typeof at === 'string') {
      if (Number.isNaN(numberOfText(at)))
        problems.push(`${place}: received the text ${quote(at)}, expected a number, since every variable is one`);
      return;
    }
    if (typeof at !== 'object' || Array.isArray(at)) {
      problems.push(
        `${place}: received ${Array.isArray(at) ? 'a list' : typeof at}, expected an operation or a number`,
      );
      return;
    }
    if (depth > DEEPEST) {
      problems.push(`${place}: nested more than ${DEEPEST} deep`);
      return;
    }
    const [[operator, given] = ['', null], ...more] = Object.entries(at);
    if (operator === '' || more.length > 0) {
      problems.push(
        `${place}: received ${operator === '' ? 'an empty object' : `the keys ${Object.keys(at).map(quote).join(', ')}`}, expected one operation, as {"and": […]}`,
      );
      return;
    }
    const values: unknown[] = Array.isArray(given) ? given : [given];
    if (operator === 'var') {
      const problem = problemOfVariable(values[0], allowed, otherwise);
      if (problem) problems.push(`${place}: ${problem}`);
      return;
    }
    const arity = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
    if (!arity) {
      problems.push(`${place}: unknown operator ${quote(operator)}; known are var ${Object.keys(OPERATORS).join(' ')}`);
      return;
    }
    if (values.length < arity.least || values.length > arity.most)
      problems.push(`${place}: ${quote(operator)} received ${values.length} arguments, expected ${countOf(arity)}`);
    for (const [i, value] of values.entries())
      walk(value, Array.isArray(given) ? `${place}.${operator}[${i}]` : `${place}.${operator}`, depth + 1);
  };
  walk(logic, path, 0);
  return problems;
}

function problemOfVariable(
  name: unknown,
  allowed: readonly Variable[],
  otherwise: (name: Variable) => string,
): string | undefined {
  if (allowed.includes(name as Variable)) return undefined;
  if (VARIABLES.includes(name as Variable)) return otherwise(name as Variable);
  const nearest = typeof name === 'string' ? nearestName(name, allowed) : undefined;
  return `unknown variable ${typeof name === 'string' ? quote(name) : JSON.stringify(name)}; ${
    nearest ? `did you mean ${nearest}?` : `known are ${allowed.join(', ')}`
  }`;
}

function countOf({ least, most }: { least: number; most: number }): string {
  if (least === most) return `${least}`;
  return most === Number.POSITIVE_INFINITY ? `${least} or more` : `${least} to ${most}`;
}

const quote = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
