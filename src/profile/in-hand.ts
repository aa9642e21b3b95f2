import type { ColumnKind, MeasuredColumn } from './column.ts';
import { compareValues } from './value-text.ts';

/** The different values of a column with their counts, in the order of the values: what `g(v, n)` holds, in JavaScript. */
export interface InHand {
  /** As DuckDB writes them, whole. */
  texts: string[];
  counts: number[];
}

/** Code points of a column's texts together. */
export const IN_HAND_POINTS = 2 ** 20;

/** Where the text says all of a value that its type does: equal texts are equal values, and the other way round. */
const KINDS: ReadonlySet<ColumnKind> = new Set([
  'integer',
  'decimal',
  'float',
  'text',
  'boolean',
  'date',
  'time',
  'timestamp',
  'uuid',
]);

export const fitsInHand = ({ kind }: MeasuredColumn): boolean => KINDS.has(kind);

/** An aggregate over the relation, for {@link readInHand}. Zero has a sign, but is one value. */
export const inHandSql = ({ ref, kind }: MeasuredColumn): string =>
  `to_json(map_entries(histogram(${kind === 'float' ? `(${ref} + 0)` : ref}::VARCHAR)))`;

export function readInHand(text: string | null, column: MeasuredColumn): InHand {
  const entries = JSON.parse(text ?? '[]') as { key: string; value: number }[];
  // Numbers and times by value, as DuckDB orders them; the rest comes in the order of its bytes.
  if (column.kind !== 'text') entries.sort((a, b) => compareValues(column, a.key, b.key));
  return { texts: entries.map(({ key }) => key), counts: entries.map(({ value }) => value) };
}
