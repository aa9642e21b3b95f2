import { castSql, type TimeFormats, unsigned } from '../cast.ts';
import { type ColumnKind, kindOf, type MeasuredColumn, measuredColumn } from '../column.ts';
import type { Session } from './session.ts';
import type { TakenValues } from './take-values.ts';

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
  warnings: string[];
  rejectedRows: number;
}

/** A column as a staging table holds it: `c<i>` in its type, `b<i>` the text of values that did not fit it. */
export interface StagedColumn {
  name: string;
  nativeType: string;
  duckdbType: string;
  typeBasis: 'precise' | 'inferred';
  /** As in ReadColumn. */
  sure?: true;
}

/** The type in which whatever parses the texts may give them: casting them there costs half of what it costs behind it. */
export const parsedAs = ({ sure, duckdbType }: StagedColumn): string =>
  sure && PARSED.has(kindOf(duckdbType)) ? duckdbType : 'VARCHAR';

const PARSED = new Set<ColumnKind>(['integer', 'float', 'boolean', 'time', 'uuid']);

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
  if (column.duckdbType.toUpperCase() === 'VARCHAR' || parsedAs(column) !== 'VARCHAR') return `${text} AS c${i}`;
  const cast = castSql(text, column, formats);
  if (!mayMisfit(column)) return `${cast} AS c${i}`;
  return `${cast} AS c${i}, CASE WHEN ${text} IS NOT NULL AND ${cast} IS NULL THEN ${text} END AS b${i}`;
}

/** More columns than this are cast in groups: each expression holds vectors of its own, 32 KB and more for each thread. */
const WIDE = 200;
/** Columns of a group, also in the statements that measure. */
export const GROUP_COLUMNS = 100;

const mayMisfit = ({ sure, duckdbType }: StagedColumn): boolean =>
  sure ? ['decimal', 'timestamp'].includes(kindOf(duckdbType)) : duckdbType.toUpperCase() !== 'VARCHAR';

/** A file may be read again: so many of its columns are loaded at once, for a scan holds a vector of 32 KB and more for each. */
const BLOCK_COLUMNS = 1_000;

/**
 * Loads rows of texts `x0`, `x1`, … into typed tables. `load` makes the named table with the given SELECT list; it is called
 * once, unless `rereads` says that what it reads can be read again: then it is for each block of very many columns.
 */
export async function loadTexts(
  session: Session,
  columns: readonly StagedColumn[],
  load: (table: string, list: string) => Promise<void>,
  formats?: TimeFormats,
  rereads = false,
): Promise<Relation> {
  if (columns.length <= WIDE) {
    const loadAs = (as: readonly StagedColumn[]): Promise<void> =>
      load(
        't',
        castList(as, (i) => `x${i}`, formats),
      );
    await loadAs(columns);
    const settled = await settle(session, 't', columns, (i) => mayMisfit(columns[i] as StagedColumn));
    const unsure = rereads && formats ? await ambiguousDates(session, settled.columns, formats) : new Set<string>();
    if (!rereads || (settled.warnings.length === 0 && unsure.size === 0)) return settled;
    // Once cast, a value may be written in another way than it was: 1.50 as 1.5, 03/04/2025 as 2025-04-03.
    const anew = columns.map((column, i) =>
      settled.columns[i]?.duckdbType === column.duckdbType && !unsure.has(`c${i}`)
        ? column
        : { ...column, duckdbType: 'VARCHAR' },
    );
    await loadAs(anew);
    const again = await settle(session, 't', anew, (i) => mayMisfit(anew[i] as StagedColumn));
    return { ...again, warnings: settled.warnings };
  }
  const whole: Relation = {
    name: 'r0',
    columns: [],
    views: new Map(),
    position: 'pos',
    warnings: [],
    rejectedRows: 0,
  };
  const block = rereads ? BLOCK_COLUMNS : columns.length;
  for (let at = 0; at < columns.length; at += block) {
    const to = Math.min(at + block, columns.length);
    await load('x', Array.from({ length: to - at }, (_, i) => `x${at + i}`).join(', '));
    for (let from = at; from < to; from += GROUP_COLUMNS) {
      const group = columns.slice(from, Math.min(from + GROUP_COLUMNS, to));
      const list = group.map((column, i) => castItem(column, from + i, `x${from + i}`, formats)).join(',\n  ');
      await session.run(`CREATE OR REPLACE TABLE t${from} AS SELECT ${list} FROM x`, 'casting the rows');
      const view = `r${from}`;
      const part = await settle(session, `t${from}`, group, (i) => mayMisfit(group[i] as StagedColumn), { view, from });
      for (const column of part.columns) whole.views?.set(column.ref, view);
      whole.columns.push(...part.columns);
      whole.warnings.push(...part.warnings);
    }
    await session.run('DROP TABLE x', 'casting the rows');
  }
  return whole;
}

/**
 * Date columns in which every day could be a month as well: nothing in them says which the format took for which. A format that
 * begins with the year leaves no doubt; one with two digits of it nothing but doubt.
 */
async function ambiguousDates(
  session: Session,
  columns: readonly MeasuredColumn[],
  formats: TimeFormats,
): Promise<Set<string>> {
  const formatOf = ({ kind }: MeasuredColumn): string | undefined =>
    kind === 'date' ? formats.date : kind === 'timestamp' ? formats.timestamp : undefined;
  const doubtful = columns.filter((column) => !(formatOf(column) ?? '%Y').startsWith('%Y'));
  if (doubtful.length === 0) return new Set();
  const list = doubtful.map(({ ref }) => `coalesce(max(day(${ref})), 0)::VARCHAR`);
  const [row = []] = await session.query(`SELECT ${list.join(', ')} FROM r`, 'checking the dates');
  return new Set(
    doubtful.filter((column, i) => !formatOf(column)?.includes('%Y') || Number(row[i]) <= 12).map(({ ref }) => ref),
  );
}

/** Looks for values that did not fit; a column that has some becomes text, with a warning. Makes the view of what is left. */
export async function settle(
  session: Session,
  table: string,
  columns: readonly StagedColumn[],
  hasRejects: (i: number) => boolean,
  { view, from } = { view: 'r', from: 0 },
): Promise<Relation> {
  const checked = columns.map((_, i) => i).filter(hasRejects);
  const counts: (string | null)[] = [];
  for (let at = 0; at < checked.length; at += GROUP_COLUMNS) {
    const list = checked.slice(at, at + GROUP_COLUMNS).map((i) => `count(b${from + i})::VARCHAR`);
    const [row = []] = await session.query(`SELECT ${list.join(', ')} FROM ${table}`, 'checking the types');
    counts.push(...row);
  }
  const warnings: string[] = [];
  const measured: MeasuredColumn[] = [];
  const list = columns.map((column, i) => {
    const ref = `c${from + i}`;
    const at = checked.indexOf(i);
    const misfits = at < 0 ? 0 : Number(counts[at]);
    const settled = misfits === 0 ? column : { ...column, duckdbType: 'VARCHAR', typeBasis: 'inferred' as const };
    const made = measuredColumn(settled, ref);
    measured.push(made);
    if (made.kind === 'float') return unsigned(ref, made.duckdbType);
    if (misfits === 0) return ref;
    warnings.push(
      `column "${column.name}": ${misfits} values do not fit ${column.nativeType}; the column is measured as text`,
    );
    return `coalesce(b${from + i}, ${ref}::VARCHAR) AS ${ref}`;
  });
  await session.run(
    `CREATE OR REPLACE VIEW ${view} AS SELECT ${list.join(', ')}, rowid AS pos FROM ${table}`,
    'preparing the rows',
  );
  return { name: view, columns: measured, position: 'pos', warnings, rejectedRows: 0 };
}
