import type { TimeFormats } from '../cast.ts';
import { asText, type MeasuredColumn } from '../column.ts';
import { misfitWarning, type TypedTable } from './make-view.ts';
import type { Session } from './session.ts';
import type { StagedColumn } from './staged-column.ts';

/**
 * The columns with those as text that hold a value which does not fit, or dates that may be read in two ways, and what to say of them;
 * undefined where there are none. Their texts have to be read again: once cast, a value may be written in another way than it was.
 *
 * @param misfits column → values that do not fit
 */
export async function textsInstead(
  session: Session,
  columns: readonly StagedColumn[],
  measured: readonly MeasuredColumn[],
  misfits: ReadonlyMap<number, number>,
  typed: TypedTable,
  formats: TimeFormats,
): Promise<{ columns: StagedColumn[]; warnings: string[] } | undefined> {
  const unsure = misfits.size === 0 ? await ambiguousDates(session, measured, typed, formats) : new Set<string>();
  if (misfits.size === 0 && unsure.size === 0) return undefined;
  // Where no value fits what was guessed, the column is text and nothing else: that is no news.
  const guessed = [...misfits.keys()].filter((i) => columns[i]?.typeBasis === 'inferred');
  const never = await withoutAny(session, guessed, typed);
  return {
    columns: columns.map((column, i) => (misfits.has(i) || unsure.has(`c${typed.from + i}`) ? asText(column) : column)),
    warnings: [...misfits].flatMap(([i, count]) =>
      never.has(i) ? [] : [misfitWarning(columns[i] as StagedColumn, count)],
    ),
  };
}

/** Those of the columns that have no value of their type. */
async function withoutAny(
  session: Session,
  columns: readonly number[],
  { table, from }: TypedTable,
): Promise<Set<number>> {
  if (columns.length === 0) return new Set();
  const list = columns.map((i) => `count(c${from + i})::VARCHAR`);
  const [row = []] = await session.query(`SELECT ${list.join(', ')} FROM ${table}`, 'checking the types');
  return new Set(columns.filter((_, at) => row[at] === '0'));
}

/**
 * Date columns in which every day could be a month as well: nothing in them says which the format took for which. A format that
 * begins with the year leaves no doubt; one with two digits of it nothing but doubt.
 */
async function ambiguousDates(
  session: Session,
  columns: readonly MeasuredColumn[],
  { view }: TypedTable,
  formats: TimeFormats,
): Promise<Set<string>> {
  const formatOf = ({ kind }: MeasuredColumn): string | undefined =>
    kind === 'date' ? formats.date : kind === 'timestamp' ? formats.timestamp : undefined;
  const doubtful = columns.filter((column) => !(formatOf(column) ?? '%Y').startsWith('%Y'));
  if (doubtful.length === 0) return new Set();
  const list = doubtful.map(({ ref }) => `coalesce(max(day(${ref})), 0)::VARCHAR`);
  const [row = []] = await session.query(`SELECT ${list.join(', ')} FROM ${view}`, 'checking the dates');
  return new Set(
    doubtful.filter((column, i) => !formatOf(column)?.includes('%Y') || Number(row[i]) <= 12).map(({ ref }) => ref),
  );
}
