import { isNumeric, isTemporal } from '../column.ts';
import { compareValues, valueText } from '../value-text.ts';
import { type Measure, requireCount } from './measure.ts';

export const QUANTILES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;

/** A part of a larger table keeps 257 evenly spaced values: the rank of a quantile is off by at most 1/256 of the rows. */
export const SUMMARY_STEPS = 256;

/**
 * Nearest-rank quantiles of the values (not null, not NaN; infinities included). Of a whole table they are exact. Parts of
 * a table keep evenly spaced values each; folding lays all of them on one line, each with its share of its part's rows.
 */
export interface QuantilesPart {
  /** Given when the part is the whole table. */
  exact: string[] | null;
  /** One entry per part that was folded in, in the canonical order of their texts. */
  summaries: { count: number; points: string[] }[];
}

export const quantiles: Measure<QuantilesPart> = {
  name: 'quantiles',
  pass: 'column',
  applies: ({ kind }) => isNumeric(kind) || isTemporal(kind),
  sql({ ref, kind }, { whole }) {
    const filter = kind === 'float' ? ` FILTER (WHERE NOT isnan(${ref}))` : '';
    const fractions = whole ? [...QUANTILES] : Array.from({ length: SUMMARY_STEPS + 1 }, (_, i) => i / SUMMARY_STEPS);
    return {
      count: `count(${ref})${filter}`,
      points: `to_json((quantile_disc(${ref}, [${fractions.join(', ')}])${filter})::VARCHAR[])`,
    };
  },
  part(row, column, { whole }) {
    const count = requireCount(row, 'count');
    const points = row.points ? (JSON.parse(row.points) as string[]).map((text) => valueText(column, text)) : [];
    return whole
      ? { exact: points, summaries: [] }
      : { exact: null, summaries: count === 0 ? [] : [{ count, points }] };
  },
  merge(a, b) {
    if (a.exact || b.exact) throw new Error('quantiles of a whole table cannot be merged with others');
    const summaries = [...a.summaries, ...b.summaries].sort((x, y) => (JSON.stringify(x) < JSON.stringify(y) ? -1 : 1));
    return { exact: null, summaries };
  },
};

/** Value at each quantile and the largest error of its rank, as a share of the rows. Empty when there are no values. */
export function readQuantiles(
  part: QuantilesPart,
  column: Parameters<typeof compareValues>[0],
): { values: string[]; rankError: number } {
  if (part.exact) return { values: part.exact, rankError: 0 };
  const total = part.summaries.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return { values: [], rankError: 0 };
  const line = part.summaries
    .flatMap(({ count, points }) => points.map((value) => ({ value, weight: count / points.length })))
    .sort((x, y) => compareValues(column, x.value, y.value));
  const values: string[] = [];
  let passed = 0;
  let at = 0;
  for (const q of QUANTILES) {
    while (at < line.length - 1 && passed + (line[at]?.weight ?? 0) < q * total) {
      passed += line[at]?.weight ?? 0;
      at += 1;
    }
    values.push(line[at]?.value ?? '');
  }
  return { values, rankError: 1 / SUMMARY_STEPS };
}
