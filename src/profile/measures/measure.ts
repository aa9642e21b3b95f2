import type { MeasuredColumn } from '../column.ts';

/**
 * A measure is one file, computed one way, in DuckDB. It says which SQL it needs and how its parts add up.
 *
 * Passes: `scan` and `refine` are aggregates over the relation, those of all columns in one statement each; `refine` knows
 * what `scan` found in this part. `column` is an aggregate in a statement of its own, because it holds a column's values in memory.
 * `groups` are expressions over `g(v, n)`, the column's values (not null) with their counts.
 *
 * Laws, tested: `merge` commutes and associates; the parts of any split fold to the part of the whole, where `foldable`.
 */
export interface Measure<Part = unknown> {
  name: MeasureName;
  pass: 'scan' | 'refine' | 'column' | 'groups';
  applies(column: MeasuredColumn): boolean;
  /** Alias → SQL expression whose text form `part` reads. May be empty: then `part` is called with `{}`. */
  sql(column: MeasuredColumn, known: Known): Record<string, string>;
  part(row: Record<string, string | null>, column: MeasuredColumn, known: Known): Part;
  merge(a: Part, b: Part, column: MeasuredColumn): Part;
}

export type MeasureName =
  | 'counts'
  | 'minmax'
  | 'sum'
  | 'lengths'
  | 'squares'
  | 'histogram'
  | 'quantiles'
  | 'distinct'
  | 'top';

/** What earlier passes found of the same column in the same part, and whether this part is the whole table. */
export interface Known {
  whole: boolean;
  parts: Partial<Record<MeasureName, unknown>>;
}

/** `count(*)` and friends come as text. */
export function requireText(row: Record<string, string | null>, alias: string): string {
  const text = row[alias];
  if (text === null || text === undefined) throw new Error(`DuckDB gave no value for ${alias}`);
  return text;
}

export const requireCount = (row: Record<string, string | null>, alias: string): number =>
  Number(requireText(row, alias));
