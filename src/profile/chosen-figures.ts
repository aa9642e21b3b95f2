import type { ChosenValue, ChosenValues } from '../sketch/chosen-values.ts';
import { type Interval, score, whole, Z95 } from './interval.ts';
import type { NamedValue, TopPart } from './measures/top-values.ts';

/** What the chosen values of a table and its named ones say together; blanks are left out. */
export interface ChosenFigures {
  distinct: Interval;
  /** Σ count² */
  squares: Interval;
}

/**
 * Different values and Σ count² from a sample of the values, each chosen with the chance p = 2^−level, spellings of one text together.
 * The most frequent values, as parts named them, are counted beside it as far as their counts are known, for one of them, chosen or not, would decide
 * everything. For the others how many rows they have together is known: what the sample has more or less than its share of
 * those rows corrects the estimate, with the slope that leaves least variance. So a column of keys, or of pairs, has next to no error.
 *
 * @source C.-E. Särndal, B. Swensson, J. Wretman, Model Assisted Survey Sampling (1992), 6.4, with clusters as in 4.2
 */
export function figuresOfChosen(sample: ChosenValues, named: readonly NamedValue[], total: number): ChosenFigures {
  if (sample.level === 0) {
    const sure = (value: number): Interval => ({ value, low: value, high: value });
    return {
      distinct: sure(sample.values.length),
      squares: sure(sample.values.reduce((sum, { count }) => sum + count ** 2, 0)),
    };
  }
  // Who stands apart must not hang on who was chosen, or the others would come out too few.
  const apart = withCounts(standApart(sample, named), sample);
  const keys = new Set(apart.map(keyOf));
  const rest = sample.values.filter((value) => !keys.has(keyOf(value)));
  const least = apart.reduce((sum, { count }) => sum + count, 0);
  const missing = apart.reduce((sum, value) => sum + value.missing, 0);
  const ofRest = regress(rest, sample.level, Math.max(total - least, 0));
  const squares = ofRest((count) => count ** 2, 'above');
  const fixed = apart.reduce((sum, { count }) => sum + count ** 2, 0);
  const most = apart.reduce((sum, value) => sum + (value.count + value.missing) ** 2, 0);
  const distinct = ofRest(() => 1, 'below');
  return {
    distinct: whole(
      {
        // Rows that are missing there are too many here; half of them is the middle of what is known.
        value: apart.length + distinct.value - (distinct.slope * missing) / 2,
        low: apart.length + distinct.low - distinct.slope * missing,
        high: apart.length + distinct.high,
      },
      Math.max(sample.values.length, apart.length),
      total,
    ),
    squares: {
      value: fixed + squares.value,
      low: Math.max(fixed + squares.low, total),
      high: Math.min(most + squares.high, total ** 2),
    },
  };
}

const keyOf = ({ choice, name }: Pick<ChosenValue, 'choice' | 'name'> | NamedValue): string => `${choice} ${name}`;

/** Those that were chosen are counted in all rows. */
function withCounts(named: readonly NamedValue[], sample: ChosenValues): NamedValue[] {
  const counts = new Map(sample.values.map((value) => [keyOf(value), value.count]));
  return named.map((entry) => {
    const count = entry.choice === undefined ? undefined : counts.get(keyOf(entry));
    return count === undefined ? entry : { ...entry, count, missing: 0 };
  });
}

/** Named values with the counts of those that were chosen. */
export function withChosenCounts(top: TopPart, sample: ChosenValues): TopPart {
  const values = withCounts(top.values, sample).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  if (sample.level > 0) return { ...top, values };
  // All values are in the sample: what is not named is not more frequent than the most frequent of those.
  const named = new Set(values.map(keyOf));
  const floor = sample.values.reduce(
    (most, value) => (named.has(keyOf(value)) ? most : Math.max(most, value.count)),
    0,
  );
  const known = values.every(({ choice, missing }) => choice !== undefined && missing === 0);
  return known ? { values, floor } : { ...top, values };
}

/**
 * How many of the named values, from the most frequent on, to count by themselves: so many that what is missing of their counts and what
 * chance leaves open of the others are least together.
 */
function standApart(sample: ChosenValues, named: readonly NamedValue[]): NamedValue[] {
  const candidates = named.filter(({ choice }) => choice !== undefined);
  const keys = new Set(candidates.map(keyOf));
  const odds = 2 ** sample.level - 1;
  let open =
    sample.values.reduce((sum, value) => (keys.has(keyOf(value)) ? sum : sum + value.count ** 4), 0) *
    2 ** sample.level;
  open += candidates.reduce((sum, { count }) => sum + count ** 4, 0);
  let [best, width, gap] = [0, Z95 * Math.sqrt(odds * open), 0];
  for (const [i, { count, missing }] of candidates.entries()) {
    open -= count ** 4;
    gap += ((count + missing) ** 2 - count ** 2) / 2;
    const here = gap + Z95 * Math.sqrt(odds * Math.max(open, 0));
    if (here < width) [best, width] = [i + 1, here];
  }
  return candidates.slice(0, best);
}

/**
 * Estimates Σ y(count) over values of which a sample is given and Σ count is known. `from`: the sum lies above, or below, Σ count, and the
 * nearer it is the less it varies, down to a few values that repeat, of which a score interval says how few there may be.
 */
function regress(rest: readonly ChosenValue[], level: number, total: number) {
  const weight = 2 ** level;
  const rows = rest.reduce((sum, { count }) => sum + count, 0);
  const rowSquares = rest.reduce((sum, { count }) => sum + count ** 2, 0);
  return (y: (count: number) => number, from: 'above' | 'below'): Interval & { slope: number } => {
    const seen = rest.reduce((sum, { count }) => sum + y(count), 0);
    const slope = rowSquares === 0 ? 0 : rest.reduce((sum, { count }) => sum + y(count) * count, 0) / rowSquares;
    const left = new Map<number, number>();
    for (const { choice, count } of rest) left.set(choice, (left.get(choice) ?? 0) + y(count) - slope * count);
    // One value more that comes twice: where none was seen, z² / p of them may have been missed.
    const once = from === 'above' ? 2 : 1;
    let [squares, fourths] = [once ** 2, 0];
    for (const residual of left.values()) {
      squares += residual ** 2;
      fourths += residual ** 4;
    }
    // Where few values make most of the variance it is itself uncertain: as of so many observations (Student's t, first term).
    const widening = 1 + ((Z95 ** 2 + 1) * fourths) / (4 * squares ** 2);
    const variance = weight * (weight - 1) * squares * widening ** 2;
    const value = weight * seen + slope * (total - weight * rows);
    const excess = Math.max(from === 'above' ? value - total : total - value, 0);
    const near = from === 'above' || excess < value;
    const scale = Math.max(near ? excess : value, once * weight);
    const [low, high] = score(near ? excess : value, (Z95 ** 2 * variance) / scale);
    if (!near) return { value, low, high, slope };
    return from === 'above'
      ? { value: total + excess, low: total + low, high: total + high, slope }
      : { value: total - excess, low: total - high, high: total - low, slope };
  };
}
