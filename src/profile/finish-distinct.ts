import type { ChosenValues } from '../sketch/chosen-values.ts';
import { fromBase64 } from '../sketch/chosen-values-codec.ts';
import { STANDARD_ERROR } from '../sketch/distinct-counter.ts';
import { fromBase64 as counterFromBase64 } from '../sketch/distinct-counter-codec.ts';
import { type ChosenFigures, figuresOfChosen, withChosenCounts } from './chosen-figures.ts';
import { exact, type Figure, unknown } from './figure.ts';
import { countOfLevels, distinctOfCounter, type Interval, selectivityOfSample, Z95 } from './interval.ts';
import type { DistinctPart } from './measures/distinct.ts';
import type { TopPart } from './measures/top-values.ts';
import { isUnknown } from './part.ts';
import { isBlank } from './text/alphabet.ts';
import { isCut } from './value-text.ts';

/** What the measures of a column say of its values together. */
export interface ColumnValues {
  /** The most frequent values; counted in all parts where they are in the sample. */
  top?: TopPart;
  /** Different values with their counts, where every part handed some up. */
  sample?: ChosenValues;
  chosen?: ChosenFigures;
  rows: number;
  nonNull: number;
  blanks: number;
}

/** Puts together what two measures say. Each may be unknown or absent. */
export function valuesOf(
  distinct: unknown,
  top: unknown,
  counts: { rows: number; nonNull: number; blanks: number },
): ColumnValues {
  const named = top === undefined || isUnknown(top) ? undefined : (top as TopPart);
  const { sample: bytes } = (distinct ?? {}) as Partial<DistinctPart>;
  if (!bytes) return { ...counts, ...(named ? { top: named } : {}) };
  const sample = fromBase64(bytes);
  const known = named && withChosenCounts(named, sample);
  const filled = named?.values.filter(({ value }) => !isBlank(value)) ?? [];
  const chosen = figuresOfChosen(sample, filled, counts.nonNull - counts.blanks);
  return { ...counts, ...(known ? { top: known } : {}), sample, chosen };
}

/** Exact from one part, or when every value is chosen or named; else by the sample or the counter, never more than there are values that are not blank. */
export function finishDistinct(
  part: DistinctPart,
  { top, sample, chosen, nonNull, blanks }: ColumnValues,
): Figure<number> {
  if (part.count !== null) return exact(part.count);
  if (chosen) return toFigure(chosen.distinct, sample?.level === 0);
  if (top && isComplete(top)) return exact(top.values.filter(({ value }) => !isBlank(value)).length);
  const atMost = nonNull - blanks;
  if (part.chosen) {
    const { value, low, high } = countOfLevels([part.chosen], atMost);
    const { count, squares = count } = part.chosen;
    return { value, low, high, basis: 'estimate', error: count === 0 ? 1 : Math.sqrt(squares) / count };
  }
  if (part.counter === null)
    return unknown(
      `its values were counted in different ways in different parts of the table; ${part.atLeast} or more are different`,
    );
  const counter = counterFromBase64(part.counter);
  const known = { atLeast: part.atLeast, atMost };
  const interval = distinctOfCounter(counter.estimate(), counter.relativeError(), known);
  return { ...interval, basis: 'estimate', error: STANDARD_ERROR };
}

/** 100 · Σ (count / rows)² */
export function finishSelectivity(
  part: DistinctPart,
  { top, sample, chosen, rows, nonNull, blanks }: ColumnValues,
): Figure<number> {
  if (rows === 0) return unknown('there are no rows');
  const percent = (squares: number): number => (100 * squares) / rows ** 2;
  if (part.squares !== null) return exact(percent(Number(part.squares)));
  if (part.pairs) {
    const { value, low, high } = selectivityOfSample({ ...part.pairs, nonNull, ofRows: rows });
    return { value: 100 * value, basis: 'estimate', low: 100 * low, high: 100 * high };
  }
  if (chosen) {
    const { value, low, high } = withBlanks(chosen.squares, top, blanks);
    return toFigure({ value: percent(value), low: percent(low), high: percent(high) }, sample?.level === 0);
  }
  if (top && isComplete(top))
    return exact(percent(Number(top.values.reduce((sum, { count }) => sum + BigInt(count) ** 2n, 0n))));
  return unknown('the table was read in parts, and its values were not counted in the same way in all of them');
}

/** Where all values were chosen, and all blanks are named, nothing is estimated. */
const toFigure = ({ value, low, high }: Interval, sure: boolean): Figure<number> =>
  sure && low === high
    ? exact(value)
    : { value, low, high, basis: 'estimate', error: value > 0 ? (high - low) / (2 * Z95 * value) : 1 };

/** With blanks, which no sample of different values holds: those that are named, and the others, as alike or as different as they may be. */
function withBlanks({ value, low, high }: Interval, top: TopPart | undefined, blanks: number): Interval {
  const named = top?.values.filter((entry) => isBlank(entry.value)) ?? [];
  const others = Math.max(blanks - named.reduce((sum, { count }) => sum + count, 0), 0);
  const squares = named.reduce((sum, { count }) => sum + count ** 2, 0);
  const first = named[0]?.count ?? 0;
  return {
    value: value + squares + others,
    low: low + squares + others,
    high: high + squares + (others === 0 ? 0 : (first + others) ** 2 - first ** 2),
  };
}

/** Every value is named, and each by its whole text: two long ones may look the same once cut. */
const isComplete = (top: TopPart): boolean =>
  top.floor === 0 && !top.sampled && top.values.every(({ value, missing }) => missing === 0 && !isCut(value));
