import { compareValues } from '../value-text.ts';
import { unlessUnread } from './answer.ts';
import type { Session } from './session.ts';
import type { Relation } from './staging.ts';
import type { TakenValues } from './take-values.ts';

/** The newest row of a relation: by the latest time in the first column of times that has any, else the last one. */
export interface Newest {
  /** As `rowSql` numbers it. */
  row: number;
  /** The text of that time, and the column that told it; '' where none did. */
  at: string;
  by?: string;
}

/**
 * What numbers the rows of a relation, mostly from 1. A window over all rows takes one thread and every column through it: 5 s of
 * 10 million rows.
 */
export const rowSql = ({ position }: Relation): string =>
  position === undefined ? 'row_number() OVER ()' : `(${position} + 1)`;

const timesOf = (chosen: Relation['columns'], wholeRows: boolean): Relation['columns'] =>
  wholeRows ? chosen.filter(({ kind }) => kind === 'timestamp') : [];

/** @param wholeRows all columns of the table are here, so that one of them may tell */
export async function findNewest(
  session: Session,
  relation: Relation & { rows: number },
  chosen: Relation['columns'],
  wholeRows: boolean,
): Promise<Newest> {
  const doing = 'looking for the newest row';
  const row = rowSql(relation);
  for (const { ref, name } of timesOf(chosen, wholeRows)) {
    const view = relation.views?.get(ref) ?? relation.name;
    // The very latest is known of most files and tables without looking at a row; only where that is infinite it is no time.
    for (const latest of [`max(${ref})`, `max(${ref}) FILTER (WHERE isfinite(${ref}))`]) {
      const looking = session.query(
        `SELECT min(p)::VARCHAR, any_value(c)::VARCHAR FROM (SELECT ${row} AS p, ${ref} AS c FROM ${view})
        WHERE c = (SELECT ${latest} FROM ${view})`,
        doing,
      );
      const [[first, at] = []] = (await unlessUnread(session, looking)) ?? [];
      if (first && at && !at.endsWith('infinity')) return { row: Number(first), at, by: name };
    }
  }
  if (relation.position === undefined) return { row: relation.rows, at: '' };
  const [[last] = []] = await session.query(`SELECT max(${row})::VARCHAR FROM ${relation.name}`, doing);
  return { row: Number(last), at: '' };
}

/** The same of values in hand; rows are counted from 0. */
export function newestInHand(
  held: TakenValues['columns'],
  chosen: Relation['columns'],
  rows: number,
  wholeRows: boolean,
): Newest {
  for (const column of timesOf(chosen, wholeRows)) {
    const { values = [], places = new Int32Array() } = held.get(column.ref) ?? {};
    let newest = -1;
    for (const [place, text] of values.entries())
      if (!text.endsWith('infinity') && (newest < 0 || compareValues(column, text, values[newest] as string) > 0))
        newest = place;
    const [row, at] = [newest < 0 ? -1 : places.indexOf(newest), values[newest] ?? ''];
    if (row >= 0) return { row, at, by: column.name };
  }
  return { row: rows - 1, at: '' };
}
