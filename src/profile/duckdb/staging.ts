import { castSql, type TimeFormats } from '../cast.ts';
import { type MeasuredColumn, measuredColumn } from '../column.ts';
import type { Session } from './session.ts';

/** Rows that can be measured: a table or view `r` of the session, with our own column names. */
export interface Relation {
  /** Name in SQL. */
  name: string;
  columns: MeasuredColumn[];
  /** Given when there are no columns, for then no statement can count. */
  rows?: number;
  warnings: string[];
  rejectedRows: number;
}

/** A column as a staging table holds it: `c<i>` in its type, `b<i>` the text of values that did not fit it. */
export interface StagedColumn {
  name: string;
  nativeType: string;
  duckdbType: string;
  typeBasis: 'precise' | 'inferred';
}

/**
 * SELECT list that casts texts to their types and keeps what does not fit beside them: one pass, and no value is lost.
 * `source(i)` is the text of column i.
 */
export const castList = (
  columns: readonly StagedColumn[],
  source: (i: number) => string,
  formats?: TimeFormats,
): string => columns.map((column, i) => castItem(column, i, source(i), formats)).join(',\n  ');

export function castItem(column: StagedColumn, i: number, text: string, formats?: TimeFormats): string {
  if (column.duckdbType.toUpperCase() === 'VARCHAR') return `${text} AS c${i}`;
  const cast = castSql(text, column, formats);
  return `${cast} AS c${i}, CASE WHEN ${text} IS NOT NULL AND ${cast} IS NULL THEN ${text} END AS b${i}`;
}

/** Looks for values that did not fit; a column that has some becomes text, with a warning. */
export async function settle(
  session: Session,
  table: string,
  columns: readonly StagedColumn[],
  hasRejects: (i: number) => boolean,
): Promise<Relation> {
  const checked = columns.map((_, i) => i).filter(hasRejects);
  const [row = []] = checked.length
    ? await session.query(
        `SELECT ${checked.map((i) => `count(b${i})::VARCHAR, any_value(b${i})`).join(', ')} FROM ${table}`,
        'checking the types',
      )
    : [[]];
  const warnings: string[] = [];
  const measured: MeasuredColumn[] = [];
  const list = columns.map((column, i) => {
    const at = checked.indexOf(i);
    const misfits = at < 0 ? 0 : Number(row[at * 2]);
    const settled = misfits === 0 ? column : { ...column, duckdbType: 'VARCHAR', typeBasis: 'inferred' as const };
    measured.push(measuredColumn(settled, `c${i}`));
    if (misfits === 0) return `c${i}`;
    warnings.push(
      `column "${column.name}": ${misfits} values do not fit ${column.nativeType}; the column is measured as text`,
    );
    return `coalesce(b${i}, c${i}::VARCHAR) AS c${i}`;
  });
  await session.run(`CREATE VIEW r AS SELECT ${list.join(', ')} FROM ${table}`, 'preparing the rows');
  return { name: 'r', columns: measured, warnings, rejectedRows: 0 };
}
