import type { TimeFormats } from '../cast.ts';
import type { MeasuredColumn } from '../column.ts';
import type { KnownTexts } from '../measures/canonical-sql.ts';
import { makeView } from './make-view.ts';
import type { Session } from './session.ts';
import { castList, mayMisfit, type StagedColumn } from './staged-column.ts';
import type { TakenValues } from './take-values.ts';
import { typeTexts } from './type-texts.ts';
import { findApart } from './values-apart.ts';

/** Rows that can be measured: a table or view `r` of the session, with our own column names. */
export interface Relation {
  /** Name in SQL. */
  name: string;
  columns: MeasuredColumn[];
  /** Column reference → the view that holds it, where the columns of a wide table lie in several. */
  views?: Map<string, string>;
  /** A column of the relation, and of each of its views, that numbers its rows; absent where no number stays with its row. */
  position?: string;
  /** Where they were counted already; without columns no statement can. */
  rows?: number;
  /** Its values, where they are few. */
  taken?: TakenValues;
  /** Reference of a column of decimals → the one of its `NaN`, `Infinity` and `-Infinity`, which no decimal of DuckDB holds: they are null in it. */
  apart?: Map<string, string>;
  /**
   * A view of the same columns with some of the rows: all whose hash, of `rowSql` and this seed, begins with `level` zeros, and others. Reading it
   * spares reading all rows to take a sample of them.
   */
  sample?: { view: string; seed: number; level: number };
  /** Reference of a column of texts → what all of them are, where whoever read them has looked. */
  texts?: ReadonlyMap<string, KnownTexts>;
  warnings: string[];
  rejectedRows: number;
}

/** More columns than this are cast in groups: each expression holds vectors of its own, 32 KB and more for each thread. */
const WIDE = 200;
/** Columns of a group, also in the statements that measure. */
export const GROUP_COLUMNS = 100;

/** A file may be read again: so many of its columns are loaded at once, for a scan holds a vector of 32 KB and more for each. */
const BLOCK_COLUMNS = 1_000;

/**
 * Loads rows of texts `x0`, `x1`, … that are sent once into typed tables. `load` makes the named table with the given SELECT list; it is
 * called once.
 */
export async function loadTexts(
  session: Session,
  columns: readonly StagedColumn[],
  load: (table: string, list: string) => Promise<void>,
): Promise<Relation> {
  if (columns.length > WIDE) return loadWide(session, columns, columns.length, load);
  await load(
    't',
    castList(columns, (i) => `x${i}`),
  );
  return settle(session, 't', columns, (i) => mayMisfit(columns[i] as StagedColumn));
}

/** The same of a file, which can be read again. @param source its texts in SQL */
export function loadFile(
  session: Session,
  columns: readonly StagedColumn[],
  source: string,
  formats: TimeFormats,
): Promise<Relation> {
  if (columns.length <= WIDE) return typeTexts(session, columns, source, { table: 't', view: 'r', from: 0 }, formats);
  const load = (table: string, list: string): Promise<void> =>
    session.run(`CREATE OR REPLACE TABLE ${table} AS SELECT ${list} FROM ${source}`, 'reading the file');
  return loadWide(session, columns, BLOCK_COLUMNS, load, formats);
}

/** Texts of very many columns are loaded as such, `block` of them at once, and cast from there in groups. */
async function loadWide(
  session: Session,
  columns: readonly StagedColumn[],
  block: number,
  load: (table: string, list: string) => Promise<void>,
  formats?: TimeFormats,
): Promise<Relation> {
  const whole: Relation = {
    name: 'r0',
    columns: [],
    views: new Map(),
    position: 'pos',
    warnings: [],
    rejectedRows: 0,
  };
  for (let at = 0; at < columns.length; at += block) {
    const to = Math.min(at + block, columns.length);
    await load('x', Array.from({ length: to - at }, (_, i) => `x${at + i}`).join(', '));
    for (let from = at; from < to; from += GROUP_COLUMNS) {
      const group = columns.slice(from, Math.min(from + GROUP_COLUMNS, to));
      const view = `r${from}`;
      const part = await typeTexts(session, group, 'x', { table: `t${from}`, view, from }, formats);
      for (const column of part.columns) whole.views?.set(column.ref, view);
      whole.columns.push(...part.columns);
      whole.warnings.push(...part.warnings);
    }
    await session.run('DROP TABLE x', 'casting the rows');
  }
  return whole;
}

/** Looks for values that did not fit; a column that has some becomes text, with a warning. Makes the view of what is left. */
export async function settle(
  session: Session,
  table: string,
  columns: readonly StagedColumn[],
  hasRejects: (i: number) => boolean,
  view = 'r',
): Promise<Relation> {
  const checked = columns.map((_, i) => i).filter(hasRejects);
  const misfits = new Map<number, number>();
  for (let at = 0; at < checked.length; at += GROUP_COLUMNS) {
    const some = checked.slice(at, at + GROUP_COLUMNS);
    const list = some.map((i) => `count(b${i})::VARCHAR`);
    const [row = []] = await session.query(`SELECT ${list.join(', ')} FROM ${table}`, 'checking the types');
    for (const [at, i] of some.entries()) if (row[at] !== '0') misfits.set(i, Number(row[at]));
  }
  const apart = await findApart(session, table, columns, misfits);
  for (const i of apart) misfits.delete(i);
  return makeView(session, columns, { table, view, from: 0 }, misfits, apart);
}
