import { isNumeric, isTemporal, type MeasuredColumn } from '../column.ts';
import { quantileRanks } from '../interval.ts';
import { valueText } from '../value-text.ts';
import { compactSummaries } from './compact-quantiles.ts';
import type { CountsPart } from './counts.ts';
import type { Known, Measure } from './measure.ts';
import type { MinMaxPart } from './min-max.ts';
import { type QuantileSummary, summaryRanks } from './quantile-summary.ts';

export const QUANTILES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;

/**
 * Nearest-rank quantiles of the values (not null, not NaN; infinities included). Of a whole table they are exact, or those of
 * a sample of its rows with the values that bound them. Parts of a table are summed up each; folding lays all of
 * them on one line (`quantile-line.ts`).
 */
export interface QuantilesPart {
  /** Given when the part is the whole table. */
  exact: string[] | null;
  /** Given with it when the rows were sampled: the values between which each quantile lies (95 %). */
  bounds?: { low: string[]; high: string[] };
  /** One entry per part that was folded in, in an order of their own. */
  summaries: QuantileSummary[];
}

export const quantiles: Measure<QuantilesPart> = {
  name: 'quantiles',
  pass: 'groups',
  applies: ({ kind }) => isNumeric(kind) || isTemporal(kind),
  sql({ kind }, known): Record<string, string> {
    const ranks = ranksOf(known).flat();
    if (ranks.length === 0) return {};
    const number = kind === 'float' ? ' WHERE NOT isnan(v)' : '';
    const found = `(SELECT unnest([${ranks.join(', ')}]) AS r) ASOF JOIN (SELECT v, n, (sum(n) OVER (ORDER BY v ROWS UNBOUNDED PRECEDING))::BIGINT AS upto FROM g${number}) ON r <= upto`;
    if (known.whole) return { points: `(SELECT to_json(list(v::VARCHAR ORDER BY r)) FROM ${found})` };
    const list = (of: string): string => `list(${of} ORDER BY upto)`;
    return {
      summary: `(SELECT to_json({'points': ${list('v::VARCHAR')}, 'upto': ${list('upto')}, 'equal': ${list('n')}}) FROM (SELECT DISTINCT v, n, upto FROM ${found}))`,
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
  inHand({ texts, counts }, column, known) {
    const [points, equal, uptos]: [string[], number[], number[]] = [[], [], []];
    let [at, upto] = [0, counts[0] ?? 0];
    // Ranks ascend, and NaN is behind all others.
    for (const [rank = 1] of ranksOf(known)) {
      while (upto < rank) upto += counts[++at] as number;
      if (!known.whole && uptos.at(-1) === upto) continue;
      points.push(valueText(column, texts[at] as string));
      equal.push(counts[at] as number);
      uptos.push(upto);
    }
    if (known.whole) return { exact: points, summaries: [] };
    if (points.length === 0) return { exact: null, summaries: [] };
    return { exact: null, summaries: [summaryOf(points, uptos, equal, known)] };
  },
  part(row, column, known) {
    if (!known.whole) return { exact: null, summaries: row.summary ? [readSummary(row.summary, column, known)] : [] };
    const texts = row.points ? (JSON.parse(row.points) as string[]).map((text) => valueText(column, text)) : [];
    if (known.groups.kind === 'all') return { exact: texts, summaries: [] };
    const ranks = ranksOf(known);
    const sorted = ranks.flat().sort((x, y) => x - y);
    const textOf = new Map(sorted.map((rank, i) => [rank, texts[i] ?? '']));
    const [low, value, high] = [0, 1, 2].map((i) => ranks.map((of) => textOf.get(of[i] ?? 1) ?? ''));
    return { exact: value ?? [], bounds: withEnds({ low: low ?? [], high: high ?? [] }, known), summaries: [] };
  },
  merge(a, b) {
    if (a.exact || b.exact) throw new Error('quantiles of a whole table cannot be merged with others');
    return { exact: null, summaries: [...a.summaries, ...b.summaries].sort(compareSummaries) };
  },
  compact: (part, column) => ({
    ...part,
    summaries: compactSummaries(part.summaries, column).sort(compareSummaries),
  }),
};

/** Where the sample does not bound a quantile on a side, the smallest or largest value of all rows does. */
function withEnds({ low, high }: { low: string[]; high: string[] }, known: Known): { low: string[]; high: string[] } {
  const { n, of } = sizes(known);
  const ends = known.parts.minmax as MinMaxPart | undefined;
  const at = (i: number): { low: number; high: number } => quantileRanks(QUANTILES[i] ?? 0, n, of);
  return {
    low: low.map((text, i) => (at(i).low < 1 ? (ends?.min ?? text) : text)),
    high: high.map((text, i) => (at(i).high > n ? (ends?.max ?? text) : text)),
  };
}

function readSummary(text: string, column: MeasuredColumn, known: Known): QuantileSummary {
  const { points, upto, equal } = JSON.parse(text) as { points: string[]; upto: number[]; equal: number[] };
  const texts = points.map((point) => valueText(column, point));
  return summaryOf(texts, upto, equal, known);
}

const summaryOf = (points: string[], upto: readonly number[], equal: number[], known: Known): QuantileSummary => ({
  count: sizes(known).of,
  points,
  between: upto.map((at, i) => at - (equal[i] ?? 0) - (upto[i - 1] ?? 0)),
  equal,
});

/** Any order of its own will do; unlike summaries differ early. */
function compareSummaries(x: QuantileSummary, y: QuantileSummary): number {
  if (x.count !== y.count) return x.count - y.count;
  for (const key of ['points', 'between', 'equal'] as const) {
    const [left, right] = [x[key], y[key]];
    if (left.length !== right.length) return left.length - right.length;
    const at = left.findIndex((item, i) => item !== right[i]);
    if (at >= 0) return (left[at] ?? 0) < (right[at] ?? 0) ? -1 : 1;
  }
  return 0;
}

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
  if (!known.whole) return summaryRanks(n).map((rank) => [rank]);
  if (known.groups.kind === 'all') return QUANTILES.map((q) => [within(Math.ceil(q * n))]);
  return QUANTILES.map((q) => {
    const { low, value, high } = quantileRanks(q, n, of);
    return [within(low), value, within(high)];
  });
}
