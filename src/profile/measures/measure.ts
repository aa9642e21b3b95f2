import type { MeasuredColumn } from '../column.ts';
import type { InHand } from '../in-hand.ts';
import type { KnownTexts } from './canonical-sql.ts';

/**
 * A measure is one file, computed one way, in DuckDB. It says which SQL it needs and how its parts add up.
 *
 * Passes: `scan` and `refine` are aggregates over the relation, those of all columns in one statement each; `refine` knows
 * what `scan` found in this part. `groups` are expressions over `g(v, n)`, the column's values (not null) with their counts;
 * `known.groups` says whether those are of all rows or of a sample of them. `values` are expressions over `d(v, n)`, the column's
 * different values (not null) with their counts among all rows; `known.values` says whether those are all values or a sample
 * of them. Of a small relation, and of a column that repeats, `d` is `g`. A `groups` measure may read `d` as well. Where rows were
 * sampled, `c(v, n)` holds the most frequent values of the sample with their counts among all rows, and `a(v)` all values.
 *
 * Laws, tested: `merge` commutes and associates; the parts of any split fold to the part of the whole, where `foldable`.
 */
export interface Measure<Part = unknown> {
  name: MeasureName;
  pass: 'scan' | 'refine' | 'groups' | 'values';
  applies(column: MeasuredColumn): boolean;
  /** Alias → SQL expression whose text form `part` reads. May be empty: then `part` is called with `{}`. */
  sql(column: MeasuredColumn, known: Known): Record<string, string>;
  /**
   * For `groups` and `values`: aggregates over the relation itself with the same aliases, for small relations, of which every
   * value may be held in memory. They ride along with the refine pass and spare a subquery each, which costs 0.7 ms to plan.
   * Of whole tables only: a part hands up more than such an aggregate can say.
   */
  smallSql?(column: MeasuredColumn, known: Known): Record<string, string>;
  /**
   * What asking DuckDB would give of these values, all of the column's. Undefined where it has to be asked. A test holds both ways
   * against each other.
   */
  inHand?(values: InHand, column: MeasuredColumn, known: Known): Part | undefined;
  part(row: Record<string, string | null>, column: MeasuredColumn, known: Known): Part;
  merge(a: Part, b: Part, column: MeasuredColumn): Part;
  /**
   * The same in bounded size, however many parts were merged; but what parts say of a sample of their rows is kept of each. Absent: it is
   * bounded as it is.
   */
  compact?(part: Part, column: MeasuredColumn): Part;
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
export type GroupsBasis =
  | { kind: 'all' }
  | {
      kind: 'sample';
      level: number;
      rows: number;
      ofRows: number;
      /** Rows of the sample whose value is neither null nor NaN; absent: all of them. */
      values?: number;
    };

/**
 * Of which different values `d(v, n, h)` holds the counts. A sample takes each different value with the same chance 2^−level, by
 * the choosing hash `h` of its canonical text, whatever its count: `level` leading zeros. So values with the same canonical
 * text are chosen together.
 */
export type ValuesBasis =
  | { kind: 'all' }
  | {
      kind: 'sample';
      level: number;
      texts: KnownTexts;
    };

/** What earlier passes found of the same column in the same part, and whether this part is the whole table. */
export interface Known {
  whole: boolean;
  /** Name of the relation in SQL, where it is large: a measure of the `refine` pass may ask it in a statement of its own. */
  from?: string;
  groups: GroupsBasis;
  /** Absent: all. */
  values?: ValuesBasis;
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
