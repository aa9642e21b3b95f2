import type { MeasuredColumn } from './column.ts';
import { choosingSql, isAscii, isPlainAscii, type KnownTexts } from './measures/canonical-sql.ts';
import type { Known, Measure } from './measures/measure.ts';
import { mostFrequent } from './measures/top-values.ts';
import { hasWholeNumbers } from './whole-numbers.ts';

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

/**
 * Aggregates of any number of asks over one relation, each as text. Throws when an ask cannot say its SQL. Pure.
 *
 * @param also further items of the SELECT list, behind those of the asks
 */
export function buildStatement(asks: readonly Ask[], relation: string | null, also: readonly string[] = []): Statement {
  const { expressions, fields } = expressionsOf(asks, (ask) => aggregatesOf(ask, relation));
  const list = [...expressions.map((expression, i) => `(${expression})::VARCHAR AS a${i}`), ...also];
  return {
    sql: `SELECT\n  ${list.length === 0 ? 'NULL' : list.join(',\n  ')}${relation === null ? '' : `\nFROM ${relation}`}`,
    fields,
  };
}

/** What is asked, one expression after the other, and where each ask finds its values among them. @param from the place of the first */
export function expressionsOf(
  asks: readonly Ask[],
  sqlOf: (ask: Ask) => Record<string, string> = ({ measure, column, known }) => measure.sql(column, known),
  from = 0,
): { expressions: string[]; fields: Statement['fields'] } {
  const expressions: string[] = [];
  const fields = asks.map((ask) => {
    const sql = sqlOf(ask);
    const at = from + expressions.length;
    expressions.push(...Object.values(sql));
    return { ask, aliases: Object.keys(sql), from: at };
  });
  return { expressions, fields };
}

/** Over a relation, `groups` and `values` measures are asked in the way that suits few rows. */
const aggregatesOf = ({ measure, column, known }: Ask, relation: string | null): Record<string, string> =>
  relation !== null && known.whole && measure.smallSql ? measure.smallSql(column, known) : measure.sql(column, known);

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
    const own = expressionsOf(asks, undefined, from);
    fields.push(...own.fields);
    const list = own.expressions.map((expression) => `(${expression})::VARCHAR AS a${from++}`);
    if (list.length === 0) list.push(`NULL AS a${from++}`);
    return `(WITH g AS MATERIALIZED (${groupSql(column, relation)}), ${AS_GROUPED}\nSELECT ${list.join(',\n  ')}) AS s${at}`;
  });
  return { sql: `SELECT * FROM\n${parts.join(',\n')}`, fields };
}

const groupSql = (column: MeasuredColumn, relation: string): string =>
  `SELECT ${groupKey(column)} AS v, count(*) AS n FROM ${relation} WHERE ${column.ref} IS NOT NULL GROUP BY 1`;

/** The grouped values of a column, from which `groups` measures are read. */
export const groupStatement = (table: string, column: MeasuredColumn, relation: string): string =>
  `CREATE OR REPLACE TEMP TABLE ${table} AS ${groupSql(column, relation)}`;

/** The groups of a table as `g`. */
export const groupsOfTable = (table: string): string => `CREATE OR REPLACE TEMP VIEW g AS SELECT v, n FROM ${table}`;

/** `d` of a column that is grouped wholly. */
export const GROUPED_VALUES = 'CREATE OR REPLACE TEMP VIEW d AS SELECT v, n, NULL::UBIGINT AS h FROM g';

/** Bits of the choosing hash by which `found` is filled. */
export const FOUND_BITS = 16;

/**
 * `found`: values of a column with their counts among all rows and their choosing hashes; those that are chosen with the chance
 * 2^−level, and those that share the top 16 bits of their hash with one of `marks`.
 */
export function foundStatement(column: MeasuredColumn, relation: string, wanted: Wanted): string {
  const values = `SELECT ${groupKey(column)} AS v FROM ${relation} WHERE ${column.ref} IS NOT NULL`;
  const hashed = `SELECT v, ${choosingSql(column, 'v', wanted.texts)} AS h FROM (${values})`;
  return `CREATE OR REPLACE TEMP TABLE found AS SELECT v, count(*) AS n, any_value(h) AS h FROM (${hashed}) WHERE ${markedSql(wanted)} GROUP BY v`;
}

export interface Wanted {
  level: number;
  marks: readonly number[];
  texts: KnownTexts;
}

/** Whether a hash `h` is chosen or one of the marks. To look a mark up takes 30 ns, half as much as the hash itself. */
export const markedSql = ({ level, marks }: Wanted): string =>
  marks.length === 0
    ? chosenBy(level)
    : `get_bit('${marksOf(level, marks)}'::BIT, (h >> ${64 - FOUND_BITS})::INTEGER) = 1`;

const chosenBy = (level: number): string => (level === 0 ? 'true' : `h >> ${64 - level} = 0`);

/** One character for each of the 2^16 tops of hashes, `1` for those that are wanted. */
function marksOf(level: number, others: readonly number[]): string {
  const marks = new Uint8Array(2 ** FOUND_BITS).fill(48);
  marks.fill(49, 0, 2 ** (FOUND_BITS - level));
  for (const other of others) marks[other] = 49;
  return Buffer.from(marks).toString('latin1');
}

/** The different values of a table as `found` that were chosen by their hash alone, as `d`. */
export const chosenStatement = (found: string, level: number): string =>
  `CREATE OR REPLACE TEMP VIEW d AS SELECT v, n, h FROM ${found} WHERE ${chosenBy(level)}`;

/**
 * The values that are named, with their counts among all rows, as `c`: the most frequent ones of the sample of rows, or where that
 * knows of none, those of the sample of different values.
 */
export const namedStatement = (found: string, bySample: boolean): string =>
  `CREATE OR REPLACE TEMP VIEW c AS ${
    bySample
      ? `SELECT found.v, found.n FROM ${found} AS found JOIN (${mostFrequent('g')}) AS named ON found.v = named.v`
      : mostFrequent('d')
  }`;

/** A value that came no more often in a sample may owe it to chance. */
const CHANCE = 3;

/**
 * What the sampled groups say of their column: see `SeenValues`, then the rows with a value that is not NaN; the marks of the values
 * that are named and their rows, where some are more frequent than by chance; of whole numbers the smallest and largest; of texts their
 * mean length in bytes, and whether all are ASCII and plain.
 */
export const seenSql = (column: MeasuredColumn, table: string): string => {
  const numbers = column.kind === 'float' ? ' FILTER (WHERE NOT isnan(v))' : '';
  const mark = `(${choosingSql(column, 'v')} >> ${64 - FOUND_BITS})::INTEGER`;
  const marks = `SELECT to_json({'marks': list(DISTINCT ${mark}), 'rows': sum(n)::BIGINT}) FROM (${mostFrequent(table)})`;
  const counts = `count(*)::VARCHAR, count_if(n = 1)::VARCHAR, count_if(n = 2)::VARCHAR, coalesce(sum(n)${numbers}, 0)::VARCHAR`;
  const range = hasWholeNumbers(column) ? ['min(v)::VARCHAR', 'max(v)::VARCHAR'] : ['NULL', 'NULL'];
  const texts =
    column.kind === 'text'
      ? ['avg(strlen(v))::VARCHAR', ...[isAscii('v'), isPlainAscii('v')].map((all) => `bool_and(${all})::VARCHAR`)]
      : [];
  return `SELECT ${[counts, `CASE WHEN max(n) > ${CHANCE} THEN (${marks})::VARCHAR END`, ...range, ...texts].join(', ')} FROM ${table}`;
};

/** All values of a column, each row's, as `a(v)`: what a counter of a part's values is filled from. */
export const allValuesStatement = (column: MeasuredColumn, relation: string): string =>
  `CREATE OR REPLACE TEMP VIEW a AS SELECT ${groupKey(column)} AS v FROM ${relation} WHERE ${column.ref} IS NOT NULL`;

/** Nested values are grouped by their text, for not every nested type can be ordered. */
const groupKey = ({ kind, ref }: MeasuredColumn): string =>
  kind === 'nested' || kind === 'other' ? `${ref}::VARCHAR` : ref;
