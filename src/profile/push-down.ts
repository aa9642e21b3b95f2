import type { GroupAsk, GroupedColumn, PushedScan, PushedTable, ScannedColumn } from '../connectors/connector.ts';
import { type MeasuredColumn, measuredColumn } from './column.ts';
import { fromDecimalText, toExactJson } from './exact-number.ts';
import type { DistinctPart } from './measures/distinct.ts';
import { binExponent } from './measures/histogram.ts';
import { MEASURES } from './measures/index.ts';
import type { Known, Measure, MeasureName } from './measures/measure.ts';
import { QUANTILES } from './measures/quantiles.ts';
import { fixedPointOf, SQUARES_TOO_LARGE, type SquaresPart } from './measures/squares.ts';
import { CANDIDATES } from './measures/top-values.ts';
import { type ColumnPart, isUnknown, PART_VERSION, type TablePart } from './part.ts';
import { WHOLE_KEY } from './plan.ts';
import { withoutSwitchedOff } from './switched-off.ts';

/** Of a measure that the source did not compute. */
export const NOT_PUSHED = 'not computed by push-down';

/** Of larger tables values are not grouped in the source: that takes memory or sorting there for each different value. */
export const MOST_GROUPED_ROWS = 20_000_000;

const NOTHING: GroupAsk = { grouped: false, distinct: false, top: 0, ranks: [] };

/** Which measures are not wanted, and how many rows a table may have whose values are grouped. */
export interface PushOptions {
  without?: readonly MeasureName[];
  mostGrouped?: number;
}

/** What the second statement is to find, from what the first one found. Pure. */
export function decideGroups(scan: PushedScan, options: PushOptions = {}): GroupAsk[] {
  const { without = [], mostGrouped = MOST_GROUPED_ROWS } = options;
  return scan.columns.map((found, i) => {
    const column = columnOf(found, i);
    if (found.misfits > 0) return NOTHING;
    const asks = (name: MeasureName): boolean =>
      MEASURES.some((one) => one.name === name && one.applies(column) && !without.includes(name));
    const range = finiteRange(found);
    const bins = asks('histogram') && range;
    const fixed = range && asks('squares') && found.pushed === 'float' && fixedPointOf(...asDoubles(found, range));
    const grouped = scan.rows <= mostGrouped && (asks('distinct') || asks('top') || asks('quantiles'));
    return {
      grouped,
      // The text of bytes is DuckDB's own, and no source writes it.
      distinct: asks('distinct') && found.pushed !== 'blob',
      // One more than is named: how often the first may occur that is not.
      top: grouped && asks('top') ? CANDIDATES + 1 : 0,
      ranks: grouped && asks('quantiles') ? ranksOf(found.nonNull - (found.nan ?? 0)) : [],
      ...(bins ? { bins: { exponent: binExponent(bins.low, bins.high) } } : {}),
      ...(fixed ? { fixed } : {}),
    };
  });
}

const columnOf = (found: ScannedColumn, i: number): MeasuredColumn => measuredColumn(found, `c${i}`);

/** Nearest rank, in whole numbers: the smallest r with r ≥ q·count. */
function ranksOf(count: number): number[] {
  if (count === 0) return [];
  return QUANTILES.map((q) => Math.max(1, Math.ceil((Math.round(q * 100) * count) / 100)));
}

function finiteRange(found: ScannedColumn): { low: number; high: number } | undefined {
  const [low, high] = found.pushed === 'float' ? [found.finiteMin, found.finiteMax] : [found.min, found.max];
  return low == null || high == null ? undefined : { low: Number(low), high: Number(high) };
}

/** A FLOAT written as 0.1 is 0.10000000149 once it is a double, and that is what is added up. */
const asDoubles = (found: ScannedColumn, { low, high }: { low: number; high: number }): [number, number] =>
  found.duckdbType === 'FLOAT' ? [Math.fround(low), Math.fround(high)] : [low, high];

/** The source's answers → the part that streaming the same rows gives; what it did not compute is unknown, with the reason. Pure. */
export function toTablePart(
  { scan, groups }: PushedTable,
  where?: string,
  without?: readonly MeasureName[],
): TablePart {
  return {
    version: PART_VERSION,
    key: WHOLE_KEY,
    rows: scan.rows,
    whole: true,
    limited: where !== undefined,
    ...(where === undefined ? {} : { basis: { kind: 'filter' as const } }),
    pushedDown: true,
    columns: scan.columns.map((found, i) => toColumnPart(found, groups[i] ?? {}, i, without)),
    warnings: [],
    rejectedRows: 0,
  };
}

function toColumnPart(
  found: ScannedColumn,
  grouped: GroupedColumn,
  i: number,
  without?: readonly MeasureName[],
): ColumnPart {
  const column = columnOf(found, i);
  const part: ColumnPart = { column, measures: {} };
  for (const measure of MEASURES) {
    if (!measure.applies(column)) continue;
    part.measures[measure.name] = measured(measure, column, found, grouped, part);
  }
  return { column, measures: withoutSwitchedOff(part, without) };
}

function measured(
  measure: Measure,
  column: MeasuredColumn,
  found: ScannedColumn,
  grouped: GroupedColumn,
  { measures }: ColumnPart,
): unknown {
  if (found.misfits > 0 && measure.name !== 'counts')
    return {
      unknown: `${NOT_PUSHED}: ${found.misfits} ${found.misfits === 1 ? 'value does' : 'values do'} not fit ${found.duckdbType}, or the source writes ${found.misfits === 1 ? 'it' : 'them'} in another way; such a column has to be streamed`,
    };
  if (measure.name === 'squares' && found.pushed !== 'float') return squaresPart(found);
  const range = measure.name === 'squares' ? finiteRange(found) : undefined;
  if (range && !fixedPointOf(...asDoubles(found, range))) return { unknown: SQUARES_TOO_LARGE };
  if (measure.name === 'distinct' && grouped.distinct && grouped.distinct.count === undefined)
    return counterPart(measure, column, found, grouped.distinct.masks);
  const read = ANSWERS[measure.name];
  const row = read?.(found, grouped, column);
  if (!row) return { unknown: NOT_PUSHED };
  const parts = Object.fromEntries(Object.entries(measures).filter(([, value]) => !isUnknown(value)));
  const known: Known = { whole: true, groups: { kind: 'all' }, parts };
  try {
    return measure.part(row, column, known);
  } catch (error) {
    return { unknown: error instanceof Error ? error.message : String(error) };
  }
}

/** Of a table whose values were not grouped: the counter alone, so the number of values is an estimate. */
function counterPart(
  measure: Measure,
  column: MeasuredColumn,
  found: ScannedColumn,
  masks: [bucket: number, mask: string][],
): DistinctPart {
  const some = found.nonNull > (found.blanks ?? 0) ? 1 : 0;
  const row = { count: String(some), squares: '0', masks: JSON.stringify(masks) };
  const part = measure.part(row, column, { whole: true, groups: { kind: 'all' }, parts: {} }) as DistinctPart;
  return { ...part, count: null, atLeast: some, squares: null };
}

/** Added up exactly by the source, so no range is needed to keep the digits. */
function squaresPart(found: ScannedColumn): SquaresPart | { unknown: string } {
  if (found.sum === undefined || found.squares === undefined) return { unknown: NOT_PUSHED };
  const exactly = (text: string): SquaresPart['sum'] => toExactJson(fromDecimalText(text));
  return { count: found.nonNull, sum: exactly(found.sum), squares: exactly(found.squares) };
}

type Row = Record<string, string | null>;
/** To a measure that asked nothing, because there is nothing to measure, no row is the answer. */
const NO_ROW: Row = {};
type Answer = (found: ScannedColumn, grouped: GroupedColumn, column: MeasuredColumn) => Row | undefined;

/** What DuckDB would have answered for each measure, by the aliases of its SQL; undefined where the source did not say. */
const ANSWERS: Partial<Record<MeasureName, Answer>> = {
  counts: (found) => ({
    non_null: String(found.nonNull),
    blanks: String(found.blanks ?? 0),
    nan: String(found.nan ?? 0),
    infinite: String(found.infinite ?? 0),
  }),
  minmax: (found) =>
    found.min === undefined || found.max === undefined
      ? undefined
      : {
          min: found.min,
          max: found.max,
          finite_min: found.finiteMin ?? null,
          finite_max: found.finiteMax ?? null,
        },
  sum: (found) => (found.sum === undefined ? undefined : { count: String(found.nonNull), sum: found.sum }),
  lengths: ({ lengths, nonNull }) =>
    lengths && {
      count: String(nonNull),
      shortest: lengths.min === null ? null : String(lengths.min),
      longest: lengths.max === null ? null : String(lengths.max),
      total: lengths.sum,
      squares: lengths.squares,
    },
  squares: (found, { fixed }) => {
    if (found.finiteMin === null) return NO_ROW;
    return fixed && { count: String(fixed.count), x1: fixed.x1, x2: fixed.x2, s1: fixed.s1, s2: fixed.s2 };
  },
  histogram: (found, { bins }) => {
    if (finiteRange(found) === undefined) return NO_ROW;
    return bins && { bins: `{${bins.map(([bin, count]) => `${bin}=${count}`).join(', ')}}` };
  },
  quantiles: (found, { ranks }) => {
    const count = found.nonNull - (found.nan ?? 0);
    if (count > 0 && !ranks) return undefined;
    return { count: String(count), points: count === 0 ? null : JSON.stringify(ranks) };
  },
  distinct: (_found, { distinct }) =>
    distinct && {
      count: String(distinct.count),
      squares: distinct.squares ?? null,
      masks: distinct.masks.length === 0 ? null : JSON.stringify(distinct.masks),
    },
  top: (_found, { top }) =>
    top && {
      values: top.values.length === 0 ? null : JSON.stringify(top.values.slice(0, CANDIDATES)),
      distinct: String(top.values.length + (top.all ? 0 : 1)),
      next: top.values[CANDIDATES] ? String(top.values[CANDIDATES][1]) : null,
    },
};
