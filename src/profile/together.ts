import type { MeasuredColumn } from './column.ts';
import { type Bins, binSql } from './measures/bins.ts';
import { choosingSql } from './measures/canonical-sql.ts';
import { type Ask, expressionsOf, markedSql, type Statement, type Wanted } from './statements.ts';

/** A statement that makes the table `together`, one that reads it, and one that makes a table as `found` of it. */
export interface Together {
  make: string;
  /** Of one row: what was asked, then `also`, then with bins their numbers and counts as JSON. */
  read: Statement;
  found(table: string): string;
}

/**
 * What is asked of a column and its chosen values in one pass over its rows, for reading a text takes as long as measuring it. The
 * chosen rows come as a list, which is held in memory. Pure.
 *
 * @param also further aggregates, as text; none with bins
 * @param bins the rows are grouped by them: of numbers only what `binnedStatement` can put together again
 */
export function togetherStatement(
  column: MeasuredColumn,
  relation: string,
  asks: readonly Ask[],
  wanted: Wanted,
  { also = [], bins }: { also?: readonly string[]; bins?: Bins },
): Together {
  const { ref } = column;
  const { items, fields } = itemsOf(asks);
  const chosen = `list(${ref}) FILTER (WHERE ${ref} IS NOT NULL AND ${markedSql(wanted)}) AS l`;
  const rows = `SELECT ${ref}, ${choosingSql(column, ref, wanted.texts)} AS h${bins ? `, ${binSql(column, bins)} AS b` : ''} FROM ${relation}`;
  const list = [...items, ...also.map((item, i) => `${item} AS is${i}`), chosen];
  const values = `SELECT v, count(*) AS n FROM (SELECT unnest(l) AS v FROM together) GROUP BY v`;
  return {
    make: `CREATE OR REPLACE TEMP TABLE together AS SELECT ${(bins ? [...list, 'b', `count(${ref}) AS n`] : list).join(', ')} FROM (${rows})${bins ? ' GROUP BY b' : ''}`,
    read: bins
      ? { sql: addedUp(fields, 'together'), fields }
      : {
          sql: `SELECT ${[...items.map((_, i) => `a${i}`), ...also.map((_, i) => `is${i}`)].map((name) => `${name}::VARCHAR`).join(', ')} FROM together`,
          fields,
        },
    found: (table) =>
      `CREATE OR REPLACE TEMP TABLE ${table} AS SELECT v, n, ${choosingSql(column, 'v', wanted.texts)} AS h FROM (${values})`,
  };
}

/**
 * Sums and counts of a column of numbers by bins, added up, and the counts of the bins themselves: one pass over the rows for what
 * otherwise takes two. Pure.
 */
export function binnedStatement(column: MeasuredColumn, relation: string, asks: readonly Ask[], bins: Bins): Statement {
  const { items, fields } = itemsOf(asks);
  const rows = `SELECT ${column.ref}, ${binSql(column, bins)} AS b FROM ${relation}`;
  const groups = `SELECT ${[...items, 'b', `count(${finite(column)}) AS n`].join(', ')} FROM (${rows}) GROUP BY b`;
  return { sql: addedUp(fields, `(${groups})`), fields };
}

const finite = ({ kind, ref }: MeasuredColumn): string =>
  kind === 'float' ? `CASE WHEN isfinite(${ref}) THEN ${ref} END` : ref;

function itemsOf(asks: readonly Ask[]): { items: string[]; fields: Statement['fields'] } {
  const { expressions, fields } = expressionsOf(asks);
  return { items: expressions.map((expression, i) => `${expression} AS a${i}`), fields };
}

/** Aggregates of groups, as those of all rows: sums and counts add up. */
const addedUp = (fields: Statement['fields'], groups: string): string => {
  const aliases = fields.flatMap(({ aliases }) => aliases);
  const list = aliases.map((alias, i) => `${alias === 'min' || alias === 'max' ? alias : 'sum'}(a${i})::VARCHAR`);
  return `SELECT ${[...list, 'to_json(list([b, n] ORDER BY b) FILTER (WHERE n > 0))::VARCHAR'].join(', ')} FROM ${groups}`;
};
