import type { Logic } from '../method.ts';
import type { Variable } from '../verdict.ts';
import { numberOf } from './evaluate-logic.ts';
import { operationOf, variableOf } from './read-logic.ts';

/** All values from `low` to `high`, both among them. */
export interface Range {
  low: number;
  high: number;
}

export type Ranges = Readonly<Partial<Record<Variable, Range>>>;

/**
 * Bounds of what a logic gives while each variable stays within its range: never too narrow; too wide where a variable stands
 * in it more than once, since each place is taken for itself. A comparison that could go either way is 0 to 1.
 *
 * @param logic without problems (`problemsOfLogic`)
 * @param ranges a variable that is not there is 0
 * @source R. E. Moore, Interval Analysis (1966)
 */
export function rangeOfLogic(logic: Logic, ranges: Ranges): Range {
  if (typeof logic !== 'object' || logic === null || Array.isArray(logic)) return point(numberOf(logic));
  const operation = operationOf(logic);
  if (operation.operator === 'var') return ranges[variableOf(operation)] ?? point(0);
  return rangeOf(
    operation.operator,
    operation.values.map((value) => rangeOfLogic(value, ranges)),
  );
}

/** Some value of the range is true. */
export const canBeTrue = ({ low, high }: Range): boolean => !(low === 0 && high === 0);
/** Some value of the range is false. */
export const canBeFalse = ({ low, high }: Range): boolean =>
  Number.isNaN(low) || Number.isNaN(high) || (low <= 0 && high >= 0);

const point = (value: number): Range => ({ low: value, high: value });
const EITHER: Range = { low: 0, high: 1 };
const ANYTHING: Range = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

/** It may be no number as well, which the smallest and the largest of several are then, too. */
const isAnything = ({ low, high }: Range): boolean =>
  low === Number.NEGATIVE_INFINITY && high === Number.POSITIVE_INFINITY;

/** What all of them cover together. What is no number could be anything. */
function hull(values: readonly number[]): Range {
  if (values.length === 0) return point(0);
  if (values.some(Number.isNaN)) return ANYTHING;
  return { low: Math.min(...values), high: Math.max(...values) };
}
const hullOf = (ranges: readonly Range[]): Range => hull(ranges.flatMap(({ low, high }) => [low, high]));

function rangeOf(operator: string, of: readonly Range[]): Range {
  const [a = point(0), b = point(0), c] = of;
  switch (operator) {
    case 'and':
      return lastOf(of, canBeFalse, canBeTrue, ({ low, high }) => ({ low: Math.min(low, 0), high: Math.max(high, 0) }));
    case 'or':
      return lastOf(of, canBeTrue, canBeFalse, (range) => range);
    case '!':
      return decided(canBeFalse(a), canBeTrue(a));
    case '!!':
      return decided(canBeTrue(a), canBeFalse(a));
    case 'if':
      return choose(of);
    case '+':
      return of.reduce((sum, item) => corners(sum, item, (x, y) => x + y), point(0));
    case '-':
      return of.length === 1 ? { low: -a.high, high: -a.low } : corners(a, b, (x, y) => x - y);
    case '*':
      return of.reduce((product, item) => corners(product, item, (x, y) => x * y), point(1));
    case '/':
      if (b.low <= 0 && b.high >= 0) return b.low === b.high && a.low === a.high ? point(a.low / b.low) : ANYTHING;
      return corners(a, b, (x, y) => x / y);
    case 'min':
      if (of.some(isAnything)) return ANYTHING;
      return { low: Math.min(...of.map(({ low }) => low)), high: Math.min(...of.map(({ high }) => high)) };
    case 'max':
      if (of.some(isAnything)) return ANYTHING;
      return { low: Math.max(...of.map(({ low }) => low)), high: Math.max(...of.map(({ high }) => high)) };
    case '<':
      return c ? both(less(a, b), less(b, c)) : less(a, b);
    case '<=':
      return c ? both(atMost(a, b), atMost(b, c)) : atMost(a, b);
    case '>':
      return less(b, a);
    case '>=':
      return atMost(b, a);
    case '==':
    case '===':
      return same(a, b);
    case '!=':
    case '!==':
      return not(same(a, b));
    default:
      throw new RangeError(`unknown operator ${JSON.stringify(operator)}: the logic was not checked`);
  }
}

const decided = (yes: boolean, no: boolean): Range => (yes && no ? EITHER : point(yes ? 1 : 0));
const not = ({ low, high }: Range): Range => ({ low: 1 - high, high: 1 - low });
const both = (a: Range, b: Range): Range => ({ low: Math.min(a.low, b.low), high: Math.min(a.high, b.high) });
const less = (a: Range, b: Range): Range => decided(!(a.low >= b.high), !(a.high < b.low));
const atMost = (a: Range, b: Range): Range => decided(!(a.low > b.high), !(a.high <= b.low));
const same = (a: Range, b: Range): Range =>
  decided(a.low <= b.high && b.low <= a.high, !(a.low === a.high && b.low === b.high && a.low === b.low));

/** Of an operation that grows or falls with each of its two arguments: the extremes lie in the corners. */
function corners(a: Range, b: Range, operate: (x: number, y: number) => number): Range {
  if (a.low === a.high && b.low === b.high) return point(operate(a.low, b.low));
  return hull([operate(a.low, b.low), operate(a.low, b.high), operate(a.high, b.low), operate(a.high, b.high)]);
}

/** `and` and `or`: every argument that could be the one that decides, as long as those before it need not. */
function lastOf(
  of: readonly Range[],
  mayDecide: (range: Range) => boolean,
  mayGoOn: (range: Range) => boolean,
  whenDeciding: (range: Range) => Range,
): Range {
  const possible: Range[] = [];
  for (const [i, range] of of.entries()) {
    if (i === of.length - 1) possible.push(range);
    else {
      if (mayDecide(range)) possible.push(mayGoOn(range) ? whenDeciding(range) : range);
      if (!mayGoOn(range)) break;
    }
  }
  return possible.some(({ low, high }) => Number.isNaN(low) || Number.isNaN(high)) ? ANYTHING : hullOf(possible);
}

function choose(of: readonly Range[]): Range {
  const possible: Range[] = [];
  let at = 0;
  for (; at + 1 < of.length; at += 2) {
    const condition = of[at] as Range;
    if (canBeTrue(condition)) possible.push(of[at + 1] as Range);
    if (!canBeFalse(condition)) return hullOf(possible);
  }
  return hullOf([...possible, of[at] ?? point(0)]);
}

/** Whether a condition is true throughout, false throughout, or could be either. */
export function truthOfRange(range: Range): 'true' | 'false' | 'either' {
  if (canBeTrue(range)) return canBeFalse(range) ? 'either' : 'true';
  return 'false';
}
