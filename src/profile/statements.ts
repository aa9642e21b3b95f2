import type { MeasuredColumn } from './column.ts';
import type { Known, Measure } from './measures/measure.ts';

/** One measure of one column that a statement asks for. */
export interface Ask {
  column: MeasuredColumn;
  measure: Measure;
  known: Known;
}

/** A statement of one row, and where each ask finds its values in it. */
export interface Statement {
  sql: string;
  fields: { ask: Ask; aliases: string[]; from: number }[];
}

/** Aggregates of any number of asks over one relation, each as text. Throws when an ask cannot say its SQL. Pure. */
export function buildStatement(asks: readonly Ask[], relation: string | null): Statement {
  const expressions: string[] = [];
  const fields = asks.map((ask) => {
    const sql = ask.measure.sql(ask.column, ask.known);
    const from = expressions.length;
    expressions.push(...Object.values(sql).map((expression) => `(${expression})::VARCHAR`));
    return { ask, aliases: Object.keys(sql), from };
  });
  const list =
    expressions.length === 0 ? 'NULL' : expressions.map((expression, i) => `${expression} AS a${i}`).join(',\n  ');
  return { sql: `SELECT\n  ${list}${relation === null ? '' : `\nFROM ${relation}`}`, fields };
}

/** The grouped values of a column, from which `groups` measures are read. */
export const groupStatement = (column: MeasuredColumn, relation: string): string =>
  `CREATE OR REPLACE TEMP TABLE g AS SELECT ${groupKey(column)} AS v, count(*) AS n FROM ${relation} WHERE ${column.ref} IS NOT NULL GROUP BY 1`;

/** Nested values are grouped by their text, for not every nested type can be ordered. */
const groupKey = ({ kind, ref }: MeasuredColumn): string =>
  kind === 'nested' || kind === 'other' ? `${ref}::VARCHAR` : ref;
