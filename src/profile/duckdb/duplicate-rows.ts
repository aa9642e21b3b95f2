import { finishColumn } from '../finish.ts';
import type { HeldColumn } from '../in-hand.ts';
import { countOfLevels, type Interval } from '../interval.ts';
import type { DistinctPart } from '../measures/distinct.ts';
import { type ColumnPart, isUnknown, type TablePart } from '../part.ts';
import { rowLevel, SAMPLING } from '../sampling.ts';
import { SWITCHED_OFF } from '../switched-off.ts';
import { isKeyCandidate } from '../table-figures.ts';
import { reasonOf } from './answer.ts';
import type { MeasureOptions } from './measure-work.ts';
import type { Session } from './session.ts';
import type { Relation } from './staging.ts';

/**
 * Rows of a relation that are copies of others, counted by whole rows where that is cheap: a column that is a key answers it. Of a
 * large table without one some of the different rows are chosen by a hash of all their cells, as others are of a column's values,
 * and only those compared: a scan of all columns, and memory for some 100,000 rows.
 */
export async function countDuplicateRows(
  session: Session,
  relation: Relation,
  { rows, whole, columns }: TablePart,
  { columns: chosen, without, sampling = {} }: MeasureOptions,
): Promise<NonNullable<TablePart['duplicateRows']>> {
  const limits = { ...SAMPLING, ...sampling };
  const known = copiesWithoutAsking(relation, { rows, whole, columns }, { columns: chosen, without });
  if (known !== undefined) return known;
  // What a likely key leaves open it bounds, and that is enough.
  if (rows > limits.smallRows && columns.some((column, i) => isKeyCandidate(finishColumn(column, i, rows))))
    return { unknown: 'no column is a key for certain, and whole rows were not compared' };
  const refs = columns
    .flatMap(({ column: { ref } }) => [ref, relation.apart?.get(ref) ?? []])
    .flat()
    .join(', ');
  if (refs === '') return { unknown: 'there are no columns' };
  const level = rowLevel(rows, limits);
  const count = async (what: string): Promise<number> => {
    const [[found] = []] = await session.query(`SELECT (${what})::VARCHAR`, 'counting copies of rows');
    return Number(found);
  };
  try {
    if (level > 0) return await estimate(session, relation, { refs, level, rows });
    // Rows of different hashes are different rows. Only where hashes are equal the rows themselves have to be compared.
    const hashes = await count(`SELECT count(DISTINCT hash(${refs})) FROM ${relation.name}`);
    if (hashes === rows) return 0;
    return rows - (await count(`SELECT count(*) FROM (SELECT DISTINCT ${refs} FROM ${relation.name})`));
  } catch (error) {
    session.assertLive(error);
    return { unknown: reasonOf(error) };
  }
}

/** Where nothing has to be asked: a key says that there are none, and rows in hand can be compared. */
export function copiesWithoutAsking(
  relation: Relation,
  { rows, whole, columns }: Pick<TablePart, 'rows' | 'whole' | 'columns'>,
  { columns: chosen, without }: Pick<MeasureOptions, 'columns' | 'without'>,
): TablePart['duplicateRows'] {
  if (rows < 2 || columns.some((column) => isKey(column, rows))) return 0;
  if (without?.includes('distinct')) return { unknown: SWITCHED_OFF };
  if (!whole || chosen || relation.views)
    return { unknown: 'the table was read in parts, and copies of a row may be in several' };
  const held = columns.map(({ column }) => relation.taken?.columns.get(column.ref));
  return held.length > 0 && held.every((one) => one !== undefined) ? rows - differentRows(held) : undefined;
}

/** A column more each time, until all rows are known to be different. */
function differentRows(columns: readonly HeldColumn[]): number {
  let rows = new Int32Array(columns[0]?.places.length ?? 0);
  let different = 0;
  for (const { values, places } of columns) {
    const numbers = new Map<number, number>();
    rows = rows.map((number, row) => {
      const pair = number * (values.length + 1) + (places[row] as number) + 1;
      const known = numbers.get(pair) ?? numbers.size;
      numbers.set(pair, known);
      return known;
    });
    different = numbers.size;
    if (different === rows.length) break;
  }
  return different;
}

/** From how many different rows were chosen; not from their copies, for one row with very many would mostly be missed. */
async function estimate(
  session: Session,
  { name }: Relation,
  { refs, level, rows }: { refs: string; level: number; rows: number },
): Promise<Interval> {
  const [[chosen, copies] = []] = await session.query(
    `SELECT count(*)::VARCHAR, coalesce(sum(n - 1), 0)::VARCHAR
      FROM (SELECT count(*) AS n FROM ${name} WHERE hash(${refs}) >> ${64 - level} = 0 GROUP BY ${refs})`,
    'estimating copies of rows',
  );
  const different = countOfLevels([{ count: Number(chosen), level }], rows - Number(copies));
  const copiesOf = (count: number): number => rows - Math.max(count, 1);
  return { value: copiesOf(different.value), low: copiesOf(different.high), high: copiesOf(different.low) };
}

function isKey({ measures: { distinct } }: ColumnPart, rows: number): boolean {
  return distinct !== undefined && !isUnknown(distinct) && (distinct as DistinctPart).count === rows;
}
