import { isNumeric, isTemporal } from '../column.ts';
import { quantileRanks, Z95 } from '../interval.ts';
import { compareValues, valueText } from '../value-text.ts';
import type { CountsPart } from './counts.ts';
import type { Known, Measure } from './measure.ts';

export const QUANTILES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;

/** A part of a larger table keeps 257 evenly spaced values: the rank of a quantile is off by at most 1/256 of the rows. */
export const SUMMARY_STEPS = 256;

/**
 * Nearest-rank quantiles of the values (not null, not NaN; infinities included). Of a whole table they are exact, or those of
 * a sample of its rows with the values that bound them. Parts of a table keep evenly spaced values each; folding lays all of
 * them on one line, each with its share of its part's rows.
 */
export interface QuantilesPart {
  /** Given when the part is the whole table. */
  exact: string[] | null;
  /** Given with it when the rows were sampled: the values between which each quantile lies (95 %). */
  bounds?: { low: string[]; high: string[] };
  /** One entry per part that was folded in, in the canonical order of their texts. `sampled`: from so many values only. */
  summaries: { count: number; points: string[]; sampled?: number }[];
}

export const quantiles: Measure<QuantilesPart> = {
  name: 'quantiles',
  pass: 'groups',
  applies: ({ kind }) => isNumeric(kind) || isTemporal(kind),
  sql({ kind }, known): Record<string, string> {
    const ranks = ranksOf(known).flat();
    if (ranks.length === 0) return {};
    const number = kind === 'float' ? ' WHERE NOT isnan(v)' : '';
    return {
      points: `(SELECT to_json(list(v::VARCHAR ORDER BY r)) FROM (SELECT unnest([${ranks.join(', ')}]) AS r) ASOF JOIN (SELECT v, (sum(n) OVER (ORDER BY v ROWS UNBOUNDED PRECEDING))::BIGINT AS upto FROM g${number}) ON r <= upto)`,
    };
  },
  smallSql({ ref, kind }, known): Record<string, string> {
    const { n } = sizes(known);
    if (n === 0) return {};
    const filter = kind === 'float' ? ` FILTER (WHERE NOT isnan(${ref}))` : '';
    // A rank in the middle of its step, so that no rounding reaches the next one.
    const fractions = ranksOf(known).flatMap(([rank = 1]) => (rank - 0.5) / n);
    return { points: `to_json((quantile_disc(${ref}, [${fractions.join(', ')}])${filter})::VARCHAR[])` };
  },
  part(row, column, known) {
    const texts = row.points ? (JSON.parse(row.points) as string[]).map((text) => valueText(column, text)) : [];
    const { n, of } = sizes(known);
    if (!known.whole) {
      const sampled = known.groups.kind === 'sample' ? { sampled: n } : {};
      return { exact: null, summaries: n === 0 ? [] : [{ count: of, points: texts, ...sampled }] };
    }
    if (known.groups.kind === 'all') return { exact: texts, summaries: [] };
    const ranks = ranksOf(known);
    const sorted = ranks.flat().sort((x, y) => x - y);
    const textOf = new Map(sorted.map((rank, i) => [rank, texts[i] ?? '']));
    const [low, value, high] = [0, 1, 2].map((i) => ranks.map((of) => textOf.get(of[i] ?? 1) ?? ''));
    return { exact: value ?? [], bounds: { low: low ?? [], high: high ?? [] }, summaries: [] };
  },
  merge(a, b) {
    if (a.exact || b.exact) throw new Error('quantiles of a whole table cannot be merged with others');
    const summaries = [...a.summaries, ...b.summaries].sort((x, y) => (JSON.stringify(x) < JSON.stringify(y) ? -1 : 1));
    return { exact: null, summaries };
  },
};

/** Values that are grouped, and those of all rows. */
function sizes({ groups, parts }: Known): { n: number; of: number } {
  const counts = parts.counts as CountsPart | undefined;
  if (!counts) throw new Error('the number of values is unknown');
  const of = counts.nonNull - counts.nan;
  return { n: groups.kind === 'all' ? of : (groups.values ?? groups.rows), of };
}

/** Ranks (from 1) among the grouped values, for each figure: one, or the one below, itself and the one above. */
function ranksOf(known: Known): number[][] {
  const { n, of } = sizes(known);
  if (n === 0) return [];
  const within = (rank: number): number => Math.min(Math.max(rank, 1), n);
  if (!known.whole)
    return Array.from({ length: SUMMARY_STEPS + 1 }, (_, i) => [within(Math.ceil((i / SUMMARY_STEPS) * n))]);
  if (known.groups.kind === 'all') return QUANTILES.map((q) => [within(Math.ceil(q * n))]);
  return QUANTILES.map((q) => {
    const { low, value, high } = quantileRanks(q, n, of);
    return [within(low), value, within(high)];
  });
}

/** Value at each quantile and the largest error of its rank, as a share of the rows. Empty when there are no values. */
export function readQuantiles(
  part: QuantilesPart,
  column: Parameters<typeof compareValues>[0],
): { values: string[]; rankError: number; low?: string[]; high?: string[] } {
  if (part.exact) return { values: part.exact, rankError: 0, ...part.bounds };
  const total = part.summaries.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return { values: [], rankError: 0 };
  const line = part.summaries
    .flatMap(({ count, points }) => points.map((value) => ({ value, weight: count / points.length })))
    .sort((x, y) => compareValues(column, x.value, y.value));
  const at = (shares: readonly number[]): string[] => {
    const values: string[] = [];
    let passed = 0;
    let i = 0;
    for (const share of shares) {
      while (i < line.length - 1 && passed + (line[i]?.weight ?? 0) < share * total) {
        passed += line[i]?.weight ?? 0;
        i += 1;
      }
      values.push(line[i]?.value ?? '');
    }
    return values;
  };
  const values = at(QUANTILES);
  const sampled = part.summaries.filter((summary) => summary.sampled !== undefined);
  if (sampled.length === 0) return { values, rankError: 1 / SUMMARY_STEPS };
  // The rank of a quantile of a sample of n is off by √(q(1−q)/n); parts weigh by their share of the rows.
  const spread = sampled.reduce((sum, { count, sampled: n = 1 }) => sum + (count / total) ** 2 / n, 0);
  const reach = (q: number): number => 1 / SUMMARY_STEPS + Z95 * Math.sqrt(q * (1 - q) * spread);
  return {
    values,
    rankError: reach(0.5),
    low: at(QUANTILES.map((q) => q - reach(q))),
    high: at(QUANTILES.map((q) => q + reach(q))),
  };
}
