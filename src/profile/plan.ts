import type { Partition } from '../connectors/connector.ts';

/** Tables up to this many rows are one part, for which every figure is exact. */
export const ROWS_PER_PART = 5_000_000;

/** The only part of a table that is not cut. */
export const WHOLE_KEY = 'all';

export interface PlannedPart {
  key: string;
  /** Null: the whole table. */
  partition: Partition | null;
  /** Share of the table's work; those of a table add up to 1. */
  weight: number;
}

/**
 * The fixed cuts of a table → its parts, in key order. Pure: the same cuts give the same parts. A limited read is never cut,
 * for the first rows of each part are not the first rows of the table; nor is a sample, which the source takes of the whole.
 */
export function planParts(
  partitions: readonly Partition[] | null,
  options: { limit?: number; sample?: object } = {},
): PlannedPart[] {
  if (!partitions || partitions.length < 2 || options.limit !== undefined || options.sample !== undefined)
    return [{ key: WHOLE_KEY, partition: null, weight: 1 }];
  const keys = new Set(partitions.map(({ key }) => key));
  if (keys.size !== partitions.length) throw new RangeError('two partitions of a table have the same key');
  const total = partitions.reduce((sum, { rows }) => sum + (rows ?? 0), 0);
  return [...partitions]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map((partition) => ({
      key: partition.key,
      partition,
      weight: total > 0 ? (partition.rows ?? 0) / total : 1 / partitions.length,
    }));
}
