import { AssayError } from '../../errors/assay-error.ts';
import type { MeasuredColumn } from '../column.ts';
import { quoteText } from '../sql.ts';
import { isOrdered, ORDERED_WORDS, type ReadMark } from '../watermark.ts';
import { allOf, refsOf, withRowsOf } from './other-rows.ts';
import type { Session } from './session.ts';
import type { Relation } from './staging.ts';

export interface MarkOptions {
  /** Name of the watermark column. */
  column: string;
  /** Only rows above this value are measured; absent: all. */
  above?: string;
}

/**
 * Looks at the watermark column of what was read, and leaves the rows above the mark. Sources are asked for the rows at the mark
 * too, so that here, by the order of the type, is decided which are above it, and so that is seen whether those at it are still there.
 *
 * @throws BAD_REQUEST for a column that is not there, or that has no order which all systems agree on
 */
export async function readMark(
  session: Session,
  relation: Relation,
  { column: name, above }: MarkOptions,
): Promise<{ relation: Relation; mark: ReadMark }> {
  const column = relation.columns.find((one) => one.name === name);
  if (!column) throw new AssayError('BAD_REQUEST', unknownColumn(name, relation.columns));
  if (!isOrdered(column))
    throw new AssayError(
      'BAD_REQUEST',
      `watermarkColumn: column "${name}" is ${column.nativeType || 'of no declared type'}, which is read as ${column.duckdbType}; expected ${ORDERED_WORDS}, for only their order is the same everywhere`,
    );
  const { ref } = column;
  const doing = 'reading the watermark';
  const view = relation.views?.get(ref) ?? relation.name;
  const of = above === undefined ? '' : ` WHERE ${ref} > ${markSql(column, above)}`;
  const [[value = null, rows, nulls] = []] = await session.query(
    `SELECT max(m)::VARCHAR, (SELECT count(*) FROM ${view} WHERE ${ref} = (SELECT max(${ref}) FROM ${view}${of}))::VARCHAR, (count(*) - count(m))::VARCHAR FROM (SELECT ${ref} AS m FROM ${view}${of})`,
    doing,
  );
  const mark: ReadMark = { column, value, rows: Number(rows), nulls: Number(nulls) };
  if (above === undefined) return { relation, mark };
  const at = `SELECT count(*)::VARCHAR FROM ${view} WHERE ${ref} = ${markSql(column, above)}`;
  const [[atMark] = []] = await session.query(at, doing);
  await session.run(`CREATE TABLE above_mark AS SELECT ${refsOf(relation)} FROM ${allOf(relation)}${of}`, doing);
  return { relation: withRowsOf(relation, 'above_mark'), mark: { ...mark, atMark: Number(atMark) } };
}

const markSql = ({ duckdbType }: MeasuredColumn, value: string): string => `${quoteText(value)}::${duckdbType}`;

function unknownColumn(name: string, columns: readonly MeasuredColumn[]): string {
  const known = columns.slice(0, 20).map((column) => `"${column.name}"`);
  const more = columns.length > known.length ? ` and ${columns.length - known.length} more` : '';
  return `watermarkColumn: there is no column "${name}"; expected one of ${known.join(', ')}${more}`;
}
