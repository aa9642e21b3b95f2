import { type DrawnRows, KEPT_VALUES, toCell } from '../drawn.ts';
import { compareValues, firstPoints, LONGEST_TEXT } from '../value-text.ts';
import { reasonOf } from './answer.ts';
import type { Session } from './session.ts';
import { GROUP_COLUMNS, type Relation } from './staging.ts';
import type { TakenValues } from './take-values.ts';

export interface DrawOptions {
  /** The same for every column of a part, another for each part. */
  seed: number;
  /** All columns of the table are here, so that the newest row may be told by one of them. */
  wholeRows: boolean;
}

const ROW = 'row_number() OVER ()';
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
  relation: Relation,
  rows: number,
  { seed, wholeRows }: DrawOptions,
  columns?: readonly string[],
): Promise<DrawnRows | undefined> {
  const wanted = columns ? new Set(columns) : undefined;
  const chosen = relation.columns.filter(({ name }) => wanted === undefined || wanted.has(name));
  if (rows === 0 || chosen.length === 0) return undefined;
  if (relation.taken?.inOrder && chosen.every(({ ref }) => relation.taken?.texts.has(ref)))
    return drawInHand(session, relation.taken, chosen, rows, { seed, wholeRows });
  const newest = await findNewest(session, relation, chosen, rows, wholeRows);
  const share = (KEPT_VALUES + DEVIATIONS * Math.sqrt(KEPT_VALUES)) / rows;
  const hash = `hash(${ROW}, ${seed})`;
  const threshold = BigInt(Math.round(Math.min(1, share) * 2 ** 53)) << 11n;
  const test = share >= 1 ? '' : ` QUALIFY ${hash} < ${threshold}::UBIGINT OR ${ROW} = ${newest.row}`;
  const result: DrawnRows = { hashes: [], columns: [], newest: null };
  const newestCells: (string | null)[] = [];
  let order: number[] | undefined;
  const viewOf = (ref: string): string => relation.views?.get(ref) ?? relation.name;
  for (let from = 0; from < chosen.length; ) {
    const view = viewOf(chosen[from]?.ref ?? '');
    let to = from;
    while (to < chosen.length && to - from < GROUP_COLUMNS && viewOf(chosen[to]?.ref ?? '') === view) to++;
    const group = chosen.slice(from, to);
    from = to;
    const found = await cellsOf(session, group, (cells) => {
      const list = [`printf('%016x', ${hash})`, `(${ROW})::VARCHAR`, ...cells];
      return `SELECT ${list.join(', ')} FROM ${view}${test}`;
    });
    const hashes = found.map((row) => row[0] ?? '');
    order ??= hashes
      .map((_, i) => i)
      .sort((a, b) => ((hashes[a] ?? '') < (hashes[b] ?? '') ? -1 : 1))
      .slice(0, KEPT_VALUES);
    const at = found.findIndex((row) => row[1] === String(newest.row));
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

/** Rows of a hash, a position and the cells of these columns: in one statement; when that fails, each column in one of its own. */
async function cellsOf(
  session: Session,
  columns: Relation['columns'],
  toSql: (cells: readonly string[]) => string,
): Promise<(string | null)[][]> {
  const cellOf = ({ ref }: Relation['columns'][number]): string => `left(${ref}::VARCHAR, ${LONGEST_TEXT + 1})`;
  const whole = await unlessUnread(session, session.query(toSql(columns.map(cellOf)), 'drawing rows'));
  if (whole) return whole;
  const rows = await session.query(toSql([]), 'drawing rows');
  for (const column of columns) {
    const alone = await unlessUnread(session, session.query(toSql([cellOf(column)]), 'drawing rows'));
    for (const [i, row] of rows.entries()) row.push(alone?.[i]?.[2] ?? null);
  }
  return rows;
}

/** `undefined` where a column cannot be read, which its measures tell with the reason. */
async function unlessUnread<T>(session: Session, reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    session.assertLive(error);
    reasonOf(error);
    return undefined;
  }
}

/** The same of values in hand. Only the hashes are asked for. */
async function drawInHand(
  session: Session,
  { texts }: TakenValues,
  chosen: Relation['columns'],
  rows: number,
  { seed, wholeRows }: DrawOptions,
): Promise<DrawnRows> {
  const [[list] = []] = await session.query(
    `SELECT to_json(list(printf('%016x', hash(i, ${seed})) ORDER BY i)) FROM range(1, ${rows + 1}) t(i)`,
    'drawing rows',
  );
  const hashes = JSON.parse(list ?? '[]') as string[];
  const order = hashes
    .map((_, i) => i)
    .sort((a, b) => ((hashes[a] ?? '') < (hashes[b] ?? '') ? -1 : 1))
    .slice(0, KEPT_VALUES);
  const newest = newestInHand(texts, chosen, rows, wholeRows);
  const newestCells: (string | null)[] = [];
  const columns = chosen.map((column) => {
    const values = texts.get(column.ref) ?? [];
    const cell = (row: number): string | null => {
      const value = values[row] ?? null;
      return toCell(column, value === null ? null : firstPoints(value, LONGEST_TEXT + 1));
    };
    newestCells.push(cell(newest.row));
    return { name: column.name, cells: order.map(cell) };
  });
  return {
    hashes: order.map((i) => hashes[i] ?? ''),
    columns,
    newest: { ...timeOf(newest), hash: hashes[newest.row] ?? '', cells: newestCells },
  };
}

interface Found {
  row: number;
  at: string;
  by?: string;
}

const timeOf = ({ at, by }: Found): { at: string; by?: string } => (by === undefined ? { at } : { at, by });

function newestInHand(
  texts: TakenValues['texts'],
  chosen: Relation['columns'],
  rows: number,
  wholeRows: boolean,
): Found {
  for (const column of wholeRows ? chosen.filter(({ kind }) => kind === 'timestamp') : []) {
    let [row, at] = [-1, ''];
    for (const [i, text] of (texts.get(column.ref) ?? []).entries()) {
      if (text === null || text.endsWith('infinity')) continue;
      if (row < 0 || (text !== at && compareValues(column, text, at) > 0)) [row, at] = [i, text];
    }
    if (row >= 0) return { row, at, by: column.name };
  }
  return { row: rows - 1, at: '' };
}

async function findNewest(
  session: Session,
  relation: Relation,
  chosen: Relation['columns'],
  rows: number,
  wholeRows: boolean,
): Promise<Found> {
  const last = { row: rows, at: '' };
  const times = wholeRows ? chosen.filter(({ kind }) => kind === 'timestamp') : [];
  for (const { ref, name } of times) {
    const view = relation.views?.get(ref) ?? relation.name;
    const looking = session.query(
      `SELECT arg_max(p, c)::VARCHAR, max(c)::VARCHAR FROM (SELECT ${ROW} AS p, ${ref} AS c FROM ${view}) WHERE isfinite(c)`,
      'looking for the newest row',
    );
    const [[row, at] = []] = (await unlessUnread(session, looking)) ?? [];
    if (row && at) return { row: Number(row), at, by: name };
  }
  return last;
}
