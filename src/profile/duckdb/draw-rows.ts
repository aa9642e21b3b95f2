import { type DrawnRows, KEPT_VALUES, toCell } from '../drawn.ts';
import type { HeldColumn } from '../in-hand.ts';
import { rowHash } from '../row-hash.ts';
import { hashBound } from '../sampling.ts';
import { firstPoints, LONGEST_TEXT } from '../value-text.ts';
import { unlessUnread } from './answer.ts';
import { findNewest, type Newest, newestInHand, rowSql } from './find-newest.ts';
import type { Session } from './session.ts';
import { GROUP_COLUMNS, type Relation } from './staging.ts';
import type { TakenValues } from './take-values.ts';

export interface DrawOptions {
  /** The same for every column of a part, another for each part. */
  seed: number;
  /** All columns of the table are here, so that the newest row may be told by one of them. */
  wholeRows: boolean;
}

/** Rows to draw that were put aside while a sample was taken, so that the relation is not read once more. */
export interface PutAside {
  newest: Newest;
  /** Column reference → the table that holds its cells, with the positions of the rows. */
  tables: Map<string, string>;
}

/** So many standard deviations more rows than wanted are looked at: fewer than wanted come once in 30,000 times. */
const DEVIATIONS = 4;

/**
 * Draws rows of a relation by their positions, the newest one among them: the one with the latest time in the first column of times that
 * has any, else the last. The cells of a column that cannot be read are null.
 *
 * @param columns names; absent: all
 */
export async function drawRows(
  session: Session,
  relation: Relation & { rows: number },
  { seed, wholeRows }: DrawOptions,
  columns?: readonly string[],
  aside?: PutAside,
): Promise<DrawnRows | undefined> {
  const wanted = columns ? new Set(columns) : undefined;
  const chosen = relation.columns.filter(({ name }) => wanted === undefined || wanted.has(name));
  if (relation.rows === 0 || chosen.length === 0) return undefined;
  if (relation.taken?.inOrder && chosen.every(({ ref }) => relation.taken?.columns.has(ref)))
    return drawInHand(relation.taken, chosen, relation.rows, { seed, wholeRows });
  const newest = aside?.newest ?? (await findNewest(session, relation, chosen, wholeRows));
  const rest = drawnSql(relation, seed, newest);
  const row = rowSql(relation);
  const result: DrawnRows = { hashes: [], columns: [], newest: null };
  const newestCells: (string | null)[] = [];
  let order: number[] | undefined;
  const { apart } = relation;
  const sourceOf = (ref: string): string =>
    (apart?.has(ref) ? undefined : aside?.tables.get(ref)) ?? relation.views?.get(ref) ?? relation.name;
  for (let from = 0; from < chosen.length; ) {
    const source = sourceOf(chosen[from]?.ref ?? '');
    let to = from;
    while (to < chosen.length && to - from < GROUP_COLUMNS && sourceOf(chosen[to]?.ref ?? '') === source) to++;
    const group = chosen.slice(from, to);
    from = to;
    const found = await cellsOf(session, group, apart, (cells) => {
      const list = [`printf('%016x', hash(${row}, ${seed}))`, `${row}::VARCHAR`, ...cells];
      return `SELECT ${list.join(', ')} FROM ${source}${rest}`;
    });
    found.sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1));
    const hashes = found.map(([hash]) => hash ?? '');
    order ??= hashes.map((_, i) => i).slice(0, KEPT_VALUES);
    const at = found.findIndex(([, number]) => number === String(newest.row));
    if (result.hashes.length === 0) {
      result.hashes = order.map((i) => hashes[i] ?? '');
      if (at >= 0) result.newest = { ...timeOf(newest), hash: hashes[at] ?? '', cells: newestCells };
    }
    for (const [i, column] of group.entries()) {
      const cell = (row: number): string | null => toCell(column, found[row]?.[i + 2] ?? null);
      result.columns.push({ name: column.name, cells: order.map(cell) });
      newestCells.push(at < 0 ? null : cell(at));
    }
  }
  return result;
}

/** Behind FROM: which rows are looked at, those that are drawn among them. */
export function drawnSql(relation: Relation & { rows: number }, seed: number, newest: Newest): string {
  const share = (KEPT_VALUES + DEVIATIONS * Math.sqrt(KEPT_VALUES)) / relation.rows;
  if (share >= 1) return '';
  const row = rowSql(relation);
  const test = `hash(${row}, ${seed}) < ${hashBound(share)} OR ${row} = ${newest.row}`;
  return relation.position === undefined ? ` QUALIFY ${test}` : ` WHERE ${test}`;
}

/** Rows of a hash, a position and the cells of these columns: in one statement; when that fails, each column in one of its own. */
async function cellsOf(
  session: Session,
  columns: Relation['columns'],
  apart: Relation['apart'],
  toSql: (cells: readonly string[]) => string,
): Promise<(string | null)[][]> {
  const cellOf = ({ ref }: Relation['columns'][number]): string => {
    const cell = `left(${ref}::VARCHAR, ${LONGEST_TEXT + 1})`;
    return apart?.has(ref) ? `coalesce(${apart.get(ref)}, ${cell})` : cell;
  };
  const whole = await unlessUnread(session, session.query(toSql(columns.map(cellOf)), 'drawing rows'));
  if (whole) return whole;
  const rows = await session.query(toSql([]), 'drawing rows');
  for (const column of columns) {
    const alone = await unlessUnread(session, session.query(toSql([cellOf(column)]), 'drawing rows'));
    for (const [i, row] of rows.entries()) row.push(alone?.[i]?.[2] ?? null);
  }
  return rows;
}

/** The same of values in hand. */
export function drawInHand(
  { columns: held }: TakenValues,
  chosen: Relation['columns'],
  rows: number,
  { seed, wholeRows }: DrawOptions,
): DrawnRows {
  const hashes = Array.from({ length: rows }, (_, i) => rowHash(i + 1, seed));
  const order = hashes
    .map((_, i) => i)
    .sort((a, b) => ((hashes[a] ?? '') < (hashes[b] ?? '') ? -1 : 1))
    .slice(0, KEPT_VALUES);
  const newest = newestInHand(held, chosen, rows, wholeRows);
  const newestCells: (string | null)[] = [];
  const columns = chosen.map((column) => {
    const { values, places } = held.get(column.ref) as HeldColumn;
    const shown = values.map((value) => toCell(column, firstPoints(value, LONGEST_TEXT + 1)));
    const cell = (row: number): string | null => shown[places[row] as number] ?? null;
    newestCells.push(cell(newest.row));
    return { name: column.name, cells: order.map(cell) };
  });
  return {
    hashes: order.map((i) => hashes[i] ?? ''),
    columns,
    newest: { ...timeOf(newest), hash: hashes[newest.row] ?? '', cells: newestCells },
  };
}

const timeOf = ({ at, by }: Newest): { at: string; by?: string } => (by === undefined ? { at } : { at, by });
