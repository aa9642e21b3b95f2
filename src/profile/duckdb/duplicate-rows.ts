import type { DistinctPart } from '../measures/distinct.ts';
import { type ColumnPart, isUnknown, type TablePart } from '../part.ts';
import { SAMPLING } from '../sampling.ts';
import { SWITCHED_OFF } from '../switched-off.ts';
import { reasonOf } from './answer.ts';
import type { MeasureOptions } from './measure-work.ts';
import type { Session } from './session.ts';
import type { Relation } from './staging.ts';

/**
 * Rows of a relation that are copies of others, counted by whole rows where that is cheap: a column that is a key answers it, and of a
 * large table it is not counted, for that takes a hash of every cell (12 columns × 10 million rows: about what all measures
 * take together).
 */
export async function countDuplicateRows(
  session: Session,
  relation: Relation,
  { rows, whole, columns }: TablePart,
  { columns: chosen, without, sampling }: MeasureOptions,
): Promise<NonNullable<TablePart['duplicateRows']>> {
  const most = sampling?.smallRows ?? SAMPLING.smallRows;
  if (rows < 2 || columns.some((column) => isKey(column, rows))) return 0;
  if (without?.includes('distinct')) return { unknown: SWITCHED_OFF };
  if (!whole || chosen || relation.views)
    return { unknown: 'the table was read in parts, and copies of a row may be in several' };
  if (rows > most)
    return { unknown: `no column is a key for certain, and whole rows are compared up to ${most} rows only` };
  const refs = columns.map(({ column }) => column.ref).join(', ');
  if (refs === '') return { unknown: 'there are no columns' };
  const count = async (what: string): Promise<number> => {
    const [[found] = []] = await session.query(`SELECT (${what})::VARCHAR`, 'counting copies of rows');
    return Number(found);
  };
  try {
    // Rows of different hashes are different rows. Only where hashes are equal the rows themselves have to be compared.
    const hashes = await count(`SELECT count(DISTINCT hash(${refs})) FROM ${relation.name}`);
    if (hashes === rows) return 0;
    return rows - (await count(`SELECT count(*) FROM (SELECT DISTINCT ${refs} FROM ${relation.name})`));
  } catch (error) {
    session.assertLive(error);
    return { unknown: reasonOf(error) };
  }
}

function isKey({ measures: { distinct } }: ColumnPart, rows: number): boolean {
  return distinct !== undefined && !isUnknown(distinct) && (distinct as DistinctPart).count === rows;
}
