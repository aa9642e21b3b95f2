import type { MeasuredColumn } from '../column.ts';

/**
 * A measure is one file, computed one way, in DuckDB. It says which SQL it needs and how its parts add up.
 *
 * Passes: `scan` and `refine` are aggregates over the relation, those of all columns in one statement each; `refine` knows
 * what `scan` found in this part. `column` is an aggregate in a statement of its own, because it holds a column's values in memory.
 * `groups` are expressions over `g(v, n)`, the column's values (not null) with their counts; `known.groups` says whether
 * those are of all rows or of a sample of them.
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
  | 'top'
  | 'patterns'
  | 'formats'
  | 'valueset';

/**
 * Of which rows `g(v, n)` holds the values. A sample takes each row with the same chance 2^−level, by its position and so
 * without regard to its values: a count of it stands for 2^level times as many. `rows` were taken of `ofRows`, nulls among both.
 */
export type GroupsBasis = { kind: 'all' } | { kind: 'sample'; level: number; rows: number; ofRows: number };

/** What earlier passes found of the same column in the same part, and whether this part is the whole table. */
export interface Known {
  whole: boolean;
  groups: GroupsBasis;
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
