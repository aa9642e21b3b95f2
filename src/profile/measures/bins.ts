import type { MeasuredColumn } from '../column.ts';
import { powerOfTwo } from '../sql.ts';
import { binExponent, type HistogramPart, MOST_BINS } from './histogram.ts';

/** 256 bins [i·2^exponent, (i+1)·2^exponent), i from `first` on: so few that DuckDB groups by them without hashing. */
export interface Bins {
  exponent: number;
  first: number;
}

const BINS = 256;

/** Those of a histogram of values from `low` to `high`, and as many again on both sides. Pure. */
export function binsAround(low: number, high: number): Bins {
  const exponent = binExponent(low, high);
  return { exponent, first: Math.floor(low / 2 ** exponent) - (BINS - MOST_BINS) / 2 };
}

/** The number of a value's bin, from 0 on; null where it has none. */
export const binSql = ({ ref, kind }: MeasuredColumn, { exponent, first }: Bins): string => {
  // Not by try_cast alone: what is no number at all has no floor.
  const x = kind === 'float' ? `CASE WHEN isfinite(${ref}) THEN ${ref}::DOUBLE END` : `${ref}::DOUBLE`;
  return `try_cast(floor((${x}) / ${powerOfTwo(exponent)}) - '${first}'::DOUBLE AS UTINYINT)`;
};

/**
 * The histogram of values from `low` to `high` out of the counts of bins, for bins of powers of two nest. Undefined where values have no
 * bin, or bins too wide. Pure.
 */
export function histogramOfBins(
  counts: readonly (readonly [bin: number | null, count: number])[],
  { exponent: from, first }: Bins,
  { low, high }: { low: number; high: number },
): HistogramPart | undefined {
  const exponent = binExponent(low, high);
  if (exponent < from) return undefined;
  const bins = new Map<number, number>();
  for (const [bin, count] of counts) {
    if (bin === null) return undefined;
    const at = Math.floor((first + bin) / 2 ** (exponent - from));
    bins.set(at, (bins.get(at) ?? 0) + count);
  }
  return { exponent, bins: [...bins].sort(([x], [y]) => x - y) };
}
