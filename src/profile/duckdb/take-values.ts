import type { MeasuredColumn } from '../column.ts';
import { fitsInHand, type HeldColumn, holdValues, IN_HAND_BYTES } from '../in-hand.ts';
import { SAMPLING } from '../sampling.ts';
import { reasonOf } from './answer.ts';
import type { MeasureOptions } from './measure-work.ts';
import type { Session } from './session.ts';
import { GROUP_COLUMNS, type Relation } from './staging.ts';

/** The values of a small relation, as DuckDB writes them. */
export interface TakenValues {
  /** Column reference → its values, in one order for all columns of a view. A column that could not be had is not there. */
  columns: ReadonlyMap<string, HeldColumn>;
  /** That order is the one of the rows. */
  inOrder: boolean;
}

/** Counts the rows of a relation and takes its values in hand where they are few: in two statements, three where there are texts. */
export async function takeValues(
  session: Session,
  relation: Relation,
  { columns: wanted, sampling }: Pick<MeasureOptions, 'columns' | 'sampling'>,
): Promise<Relation & { rows: number }> {
  const rows = relation.rows ?? (await countRows(session, relation));
  if (relation.taken || rows > (sampling?.inHandRows ?? SAMPLING.inHandRows)) return { ...relation, rows };
  const held = new Map<string, HeldColumn>();
  const taken = { columns: held, inOrder: relation.position !== undefined };
  const columns = relation.columns.filter(
    (column) =>
      fitsInHand(column) && !relation.apart?.has(column.ref) && (wanted === undefined || wanted.includes(column.name)),
  );
  for (const [view, all] of Map.groupBy(columns, ({ ref }) => relation.views?.get(ref) ?? relation.name))
    for (let at = 0; at < all.length; at += GROUP_COLUMNS) {
      try {
        const short = await shortOnes(session, all.slice(at, at + GROUP_COLUMNS), view);
        const list = short.map(({ ref }) => `to_json(list(${ref}::VARCHAR))`);
        const order = relation.position === undefined ? [] : [`to_json(list(${relation.position}))`];
        const sql = `SELECT ${[...list, ...order].join(', ')} FROM ${view}`;
        const [row = []] = list.length === 0 ? [] : await session.query(sql, 'taking the values');
        for (const [i, { ref }] of short.entries()) held.set(ref, holdValues(JSON.parse(row[i] ?? '[]')));
        if (order.length > 0) taken.inOrder &&= ascends(JSON.parse(row[short.length] ?? '[]'));
      } catch (error) {
        session.assertLive(error);
        // They are left to statements, which fail one by one; what breaks the whole task is thrown here.
        reasonOf(error);
      }
    }
  return { ...relation, rows, taken };
}

/** Columns whose texts together are no more than can be held. */
async function shortOnes(
  session: Session,
  columns: readonly MeasuredColumn[],
  view: string,
): Promise<readonly MeasuredColumn[]> {
  const texts = columns.filter(({ kind }) => kind === 'text');
  if (texts.length === 0) return columns;
  const sizes = texts.map(({ ref }) => `coalesce(sum(strlen(${ref})), 0)::VARCHAR`);
  const [row = []] = await session.query(`SELECT ${sizes.join(', ')} FROM ${view}`, 'looking at the sizes');
  const long = new Set(texts.filter((_, i) => Number(row[i]) > IN_HAND_BYTES));
  return columns.filter((column) => !long.has(column));
}

async function countRows(session: Session, relation: Relation): Promise<number> {
  const [[count] = []] = await session.query(`SELECT count(*)::VARCHAR FROM ${relation.name}`, 'counting the rows');
  return Number(count);
}

const ascends = (numbers: readonly number[]): boolean => numbers.every((n, i) => i === 0 || n > (numbers[i - 1] ?? n));
