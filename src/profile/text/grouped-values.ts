import type { InHand } from '../in-hand.ts';
import { HASH } from '../measures/distinct.ts';
import { type GroupsBasis, requireCount, requireText } from '../measures/measure.ts';
import { firstPoints } from '../value-text.ts';

/**
 * Aliases for the values of `g(v, n)` with their counts, about `most` of them at most. All of them where there are no more. Else a value
 * that holds 1/most of the rows or more is taken for sure, and any other with a chance that is proportional to its rows, by the
 * published hash of the value: so each of the others that was taken stands for equally many rows. Taking costs one hash a value; of a
 * sample, whose values are many and mostly single, the choosing hash, which takes a ninth of the time.
 * Texts come with at most `longest` code points; `more` are expressions over `v` that come as further lists.
 *
 * @source Duffield, Lund, Thorup: Learn more, sample less (2005), threshold sampling
 */
export function groupedValuesSql(
  { kind }: Pick<GroupsBasis, 'kind'>,
  most: number,
  longest: number,
  more: Record<string, string> = {},
): Record<string, string> {
  const total = '(SELECT coalesce(sum(n), 0) FROM g)';
  const rowsPerValue = `(SELECT CASE WHEN count(*) <= ${most} THEN 0 ELSE sum(n) / ${most}::DOUBLE END FROM g)`;
  const hash = kind === 'sample' ? 'hash(v::VARCHAR)' : HASH('v::VARCHAR');
  const taken = `n >= ${rowsPerValue} OR ${hash} < n / ${rowsPerValue} * 18446744073709551616`;
  const lists = Object.entries(more).map(([name, expression]) => `, '${name}': list(${expression})`);
  return {
    distinct: '(SELECT count(*) FROM g)',
    total,
    // Two lists of one aggregation are in one order: states of a thread are combined for both at once.
    values: `(SELECT to_json({'v': list(left(v::VARCHAR, ${longest})), 'n': list(n)${lists.join('')}}) FROM g WHERE ${taken})`,
  };
}

/** The answer to {@link groupedValuesSql} of values in hand. */
export function groupedInHand(
  values: InHand,
  most: number,
  longest: number,
  textOf: (value: string) => string,
): GroupedValues {
  const { texts, counts, rows } = values;
  const shown = (text: string): string => textOf(text.length > longest ? firstPoints(text, longest) : text);
  const size = { distinct: texts.length, rows, most, basis: { kind: 'all' } } as const;
  if (texts.length <= most) return groupedValues(texts.map(shown), counts, size);
  const rowsPerValue = rows / most;
  const isTaken = (count: number, i: number): boolean =>
    count >= rowsPerValue ||
    (values.hashes.high[i] as number) * 2 ** 32 + (values.hashes.low[i] as number) < (count / rowsPerValue) * 2 ** 64;
  return groupedValues(
    texts.filter((_, i) => isTaken(counts[i] as number, i)).map(shown),
    counts.filter(isTaken),
    size,
  );
}

/** What was taken of the values of a column, each with what it stands for. */
export interface GroupedValues {
  /** Every value is here, each with all its rows. */
  all: boolean;
  texts: readonly string[];
  counts: readonly number[];
  /** Values with as many rows are heavy: taken for sure. */
  heavyFrom: number;
  /** Values that were taken by chance; each stands for `lightRows / light` rows. */
  light: number;
  lightRows: number;
  /** Share of the light rows that was left out. */
  leftOut: number;
  /** Rows that `g` holds, and the variance of a share p among them as a share of all rows is `spread`·p·(1 − p). */
  rows: number;
  spread: number;
}

export function readGroupedValues(
  row: Record<string, string | null>,
  basis: GroupsBasis,
  most: number,
  textOf: (value: string) => string,
): GroupedValues {
  const [distinct, rows] = [requireCount(row, 'distinct'), requireCount(row, 'total')];
  const { v, n } = JSON.parse(requireText(row, 'values')) as { v: string[] | null; n: (number | string)[] | null };
  return groupedValues((v ?? []).map(textOf), (n ?? []).map(Number), { distinct, rows, most, basis });
}

function groupedValues(
  texts: readonly string[],
  counts: readonly number[],
  { distinct, rows, most, basis }: { distinct: number; rows: number; most: number; basis: GroupsBasis },
): GroupedValues {
  const heavyFrom = distinct <= most ? 0 : rows / most;
  let [light, taken, heavyRows] = [0, 0, 0];
  for (const count of counts) {
    if (count >= heavyFrom) heavyRows += count;
    else {
      light += 1;
      taken += count;
    }
  }
  const lightRows = rows - heavyRows;
  const sampled = basis.kind === 'sample' && basis.rows < basis.ofRows;
  return {
    all: distinct <= most && !sampled,
    texts,
    counts,
    heavyFrom,
    light,
    lightRows,
    leftOut: lightRows === 0 ? 0 : 1 - taken / lightRows,
    rows,
    spread: sampled && rows > 0 ? (1 - basis.rows / basis.ofRows) / rows : 0,
  };
}

/** Rows of something, as they were seen: those of heavy values, and how many light values. Adds up. */
export interface Seen {
  rows: number;
  light: number;
}

export function addSeen(to: Seen, count: number, heavyFrom: number): void {
  if (count >= heavyFrom) to.rows += count;
  else to.light += 1;
}

/**
 * How far rows that were estimated may be off. Kinds of values of one part exclude each other, so several of them together vary by less than
 * the sum: by x·(1 − x / all) for either share of the variance, of which `byRows` and `byValues` are the x.
 */
export interface Spread {
  byRows: number;
  byValues: number;
}

export interface Estimated extends Spread {
  rows: number;
  variance: number;
}

/** How many rows of the part, and with which variance, stand behind what was seen. `filled` are those that are neither null nor blank. */
export function standFor(
  seen: Seen,
  from: Omit<GroupedValues, 'texts' | 'counts'>,
  all: Seen,
  filled: number,
): Estimated {
  const sure = (rows: number): Estimated => ({ rows, variance: 0, byRows: 0, byValues: 0 });
  if (from.all) return sure(seen.rows);
  const perLight = from.light === 0 ? 0 : from.lightRows / from.light;
  const whole = all.rows + perLight * all.light;
  if (whole === 0) return sure(0);
  const share = (seen.rows + perLight * seen.light) / whole;
  const lightShare = from.light === 0 ? 0 : seen.light / from.light;
  const ofValues = from.light === 0 ? 0 : ((from.lightRows / whole) ** 2 * from.leftOut) / from.light;
  // Blank rows of the sample say nothing of the others.
  const ofRows = (from.spread * from.rows) / whole;
  const [byRows, byValues] = [filled ** 2 * ofRows * share, filled ** 2 * ofValues * lightShare];
  return { rows: share * filled, variance: byRows * (1 - share) + byValues * (1 - lightShare), byRows, byValues };
}

/** Whole numbers add up to the same in any order. */
export const wholeSpread = ({ byRows, byValues }: Spread): Spread => ({
  byRows: Math.ceil(byRows),
  byValues: Math.ceil(byValues),
});

export const addSpreads = (a: Spread, b: Spread): Spread => ({
  byRows: a.byRows + b.byRows,
  byValues: a.byValues + b.byValues,
});

/** Variance of the rows of some kinds together: exact in one part, and over parts never too small (Cauchy). `all`: of all kinds. */
export const varianceOf = (some: Spread, all: Spread): number =>
  among(some.byRows, all.byRows) + among(some.byValues, all.byValues);

const among = (some: number, all: number): number => (all === 0 ? 0 : Math.max(some * (1 - some / all), 0));
