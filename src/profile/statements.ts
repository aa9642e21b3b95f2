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
    const sql = aggregatesOf(ask, relation);
    const from = expressions.length;
    expressions.push(...Object.values(sql).map((expression) => `(${expression})::VARCHAR`));
    return { ask, aliases: Object.keys(sql), from };
  });
  const list =
    expressions.length === 0 ? 'NULL' : expressions.map((expression, i) => `${expression} AS a${i}`).join(',\n  ');
  return { sql: `SELECT\n  ${list}${relation === null ? '' : `\nFROM ${relation}`}`, fields };
}

/** Over a relation, `groups` and `values` measures are asked in the way that suits few rows. */
const aggregatesOf = ({ measure, column, known }: Ask, relation: string | null): Record<string, string> =>
  relation !== null && measure.smallSql ? measure.smallSql(column, known) : measure.sql(column, known);

/** Names a statement gives to what `groups` and `values` measures read. */
const AS_GROUPED = 'd AS (SELECT v, n FROM g)';

/**
 * The `groups` and `values` measures of several columns of a small relation, each column a row of its own beside the others:
 * planning is most of the work there, and fewer statements plan faster.
 */
export function groupedStatement(
  columns: readonly { column: MeasuredColumn; asks: Ask[] }[],
  relation: string,
): Statement {
  const fields: Statement['fields'] = [];
  let from = 0;
  const parts = columns.map(({ column, asks }, at) => {
    const list: string[] = [];
    for (const ask of asks) {
      const sql = ask.measure.sql(ask.column, ask.known);
      fields.push({ ask, aliases: Object.keys(sql), from });
      for (const expression of Object.values(sql)) list.push(`(${expression})::VARCHAR AS a${from++}`);
    }
    if (list.length === 0) list.push(`NULL AS a${from++}`);
    return `(WITH g AS MATERIALIZED (${groupSql(column, relation)}), ${AS_GROUPED}\nSELECT ${list.join(',\n  ')}) AS s${at}`;
  });
  return { sql: `SELECT * FROM\n${parts.join(',\n')}`, fields };
}

const groupSql = (column: MeasuredColumn, relation: string): string =>
  `SELECT ${groupKey(column)} AS v, count(*) AS n FROM ${relation} WHERE ${column.ref} IS NOT NULL GROUP BY 1`;

/** The grouped values of a column, from which `groups` measures are read. */
export const groupStatement = (column: MeasuredColumn, relation: string): string =>
  `CREATE OR REPLACE TEMP TABLE g AS ${groupSql(column, relation)}`;

/** What `d` of a column is read from, by name. */
export const asValues = (table: 'g' | 'chosen'): string => `CREATE OR REPLACE TEMP VIEW d AS SELECT v, n FROM ${table}`;

/** The different values of a column, each taken with the chance 2^−level by its hash, with their counts among all rows. */
export const valuesStatement = (column: MeasuredColumn, relation: string, level: number): string =>
  `CREATE OR REPLACE TEMP TABLE chosen AS SELECT ${groupKey(column)} AS v, count(*) AS n FROM ${relation} WHERE ${column.ref} IS NOT NULL${
    level === 0 ? '' : ` AND hash(${groupKey(column)}) >> ${64 - level} = 0`
  } GROUP BY 1`;

/** A row sample: each row with the chance 2^−level, by a seeded hash of its position and so without regard to its values. */
export const sampleStatement = (
  name: string,
  refs: readonly string[],
  from: string,
  position: string,
  level: number,
): string =>
  `CREATE OR REPLACE TEMP TABLE ${name} AS SELECT ${refs.join(', ')} FROM ${from} WHERE hash(${position}, ${ROW_SEED}) >> ${64 - level} = 0`;

/** Any number would do; with it the hash of a position is not that of an equal value. */
const ROW_SEED = 20_011;

/** What the sampled groups say of their column: see `SeenValues`, then the rows with a value that is not NaN. */
export const seenSql = ({ kind }: MeasuredColumn): string => {
  const numbers = kind === 'float' ? ' FILTER (WHERE NOT isnan(v))' : '';
  return `SELECT count(*)::VARCHAR, count(*) FILTER (WHERE n = 1)::VARCHAR, count(*) FILTER (WHERE n = 2)::VARCHAR, coalesce(sum(n)${numbers}, 0)::VARCHAR FROM g`;
};

/**
 * A name for what `hash` does in this DuckDB: samples of values that were chosen by another one have nothing to do with
 * each other. It is looked at, not asked for, since a version may keep the function or change it.
 */
export const CHOOSER_SQL =
  "SELECT printf('%x', xor(xor(bit_xor(hash(repeat('a', i::INTEGER), i)), bit_xor(hash(i::DOUBLE))), bit_xor(hash(i))) >> 32) FROM range(40) t(i)";

/** All values of a column, each row's, as `a(v)`: what a counter of a part's values is filled from. */
export const allValuesStatement = (column: MeasuredColumn, relation: string): string =>
  `CREATE OR REPLACE TEMP VIEW a AS SELECT ${groupKey(column)} AS v FROM ${relation} WHERE ${column.ref} IS NOT NULL`;

/** Nested values are grouped by their text, for not every nested type can be ordered. */
const groupKey = ({ kind, ref }: MeasuredColumn): string =>
  kind === 'nested' || kind === 'other' ? `${ref}::VARCHAR` : ref;
