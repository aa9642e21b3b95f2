import { type ColumnKind, isNumeric, isTemporal } from '../column.ts';
import { add, fromDecimalText, negate, toDecimalText } from '../exact-number.ts';
import { type Figure, isKnown } from '../figure.ts';
import { Z95 } from '../interval.ts';
import { placeOf } from '../number-line.ts';
import { type Change, type ChangeBasis, type ComparedFigure, type Incomparable, incomparable } from './comparison.ts';

type Known<T> = Exclude<Figure<T>, { unknown: string }>;

/** Two figures that count or measure something as a number. Pure. */
export function compareNumbers(
  before: Figure<number> | undefined,
  after: Figure<number> | undefined,
): ComparedFigure | undefined {
  if (!before && !after) return undefined;
  return paired(before, after, (a, b) => {
    const change: Change = { value: b.value - a.value, basis: weaker(a, b) };
    const [first, second] = [intervalOf(a), intervalOf(b)];
    if (first.low !== first.high || second.low !== second.high) {
      change.low = second.low - first.high;
      change.high = second.high - first.low;
    }
    if (a.value !== 0) change.relative = (b.value - a.value) / Math.abs(a.value);
    return change;
  });
}

/** Two values of a column, or what was computed from them: numbers by their digits, times in seconds, texts not at all. Pure. */
export function compareTexts(
  kind: ColumnKind,
  before: Figure<string | null> | undefined,
  after: Figure<string | null> | undefined,
): ComparedFigure | undefined {
  if (!before && !after) return undefined;
  return paired(before, after, (a, b) => {
    if (a.value === null || b.value === null)
      return incomparable(`there is no value ${a.value === null ? 'before' : 'after'}`);
    const basis = weaker(a, b);
    if (isTemporal(kind)) {
      const [from, to] = [placeOf(kind, a.value), placeOf(kind, b.value)];
      if (from === undefined || to === undefined) return incomparable('one of the two is infinite');
      return { value: to - from, basis, unit: 's' };
    }
    if (!isNumeric(kind)) return a.value === b.value ? { value: 0, basis } : incomparable('texts have no difference');
    const value = difference(a.value, b.value);
    if (value === undefined) return incomparable('one of the two is not a finite number');
    const [from, to] = [Number(a.value), Number(b.value)];
    return { value, basis, ...(from === 0 ? {} : { relative: (to - from) / Math.abs(from) }) };
  });
}

const PLAIN = /^[+-]?\d+(\.\d+)?$/;

/** b − a with every digit, as far as both are written out; else to the precision of doubles. */
function difference(a: string, b: string): string | undefined {
  if (PLAIN.test(a) && PLAIN.test(b)) return toDecimalText(add(fromDecimalText(b), negate(fromDecimalText(a))));
  const value = Number(b) - Number(a);
  return Number.isFinite(value) ? String(value) : undefined;
}

function paired<T>(
  before: Figure<T> | undefined,
  after: Figure<T> | undefined,
  change: (before: Known<T>, after: Known<T>) => Change | Incomparable,
): ComparedFigure {
  const [a, b] = [before ?? NOT_THERE, after ?? NOT_THERE];
  if (!isKnown(a)) return { before: a, after: b, change: incomparable(`unknown before: ${a.unknown}`) };
  if (!isKnown(b)) return { before: a, after: b, change: incomparable(`unknown after: ${b.unknown}`) };
  return { before: a, after: b, change: change(a, b) };
}

const NOT_THERE = { unknown: 'it was not measured' };

/** Estimate is weaker than exact, and a sample than both: it says nothing of the rows it left out. */
export function weaker(...figures: readonly Figure<unknown>[]): ChangeBasis {
  const bases = figures.map((figure) => (isKnown(figure) ? figure.basis : 'sample'));
  return bases.includes('sample') ? 'sample' : bases.includes('estimate') ? 'estimate' : 'exact';
}

/** The 95 % interval of a count, from whatever its basis tells; of an exact one the value itself, twice. */
export function intervalOf(figure: Known<number>): { low: number; high: number } {
  const { value } = figure;
  if (figure.basis === 'exact') return { low: value, high: value };
  if (figure.low !== undefined && figure.high !== undefined) return { low: figure.low, high: figure.high };
  if (figure.basis === 'estimate' && figure.error !== undefined) {
    const reach = Z95 * figure.error * Math.abs(value);
    return { low: value - reach, high: value + reach };
  }
  if (figure.basis === 'estimate' && figure.within !== undefined)
    return { low: value - figure.within, high: value + figure.within };
  return { low: value, high: value };
}
