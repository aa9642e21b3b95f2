import { AssayError } from '../../errors/assay-error.ts';
import type { ColumnPart } from '../part.ts';
import { type Ask, buildStatement, type Statement } from '../statements.ts';
import { groupsOf, viewOf, type Work } from './measure-work.ts';
import type { Session } from './session.ts';

/** Asks for aggregates over the relation, those of many columns in one statement. */
export async function askAll(work: Work, asks: (part: ColumnPart) => Ask[]): Promise<void> {
  for (const group of groupsOf(work.columns, (column) => viewOf(work, column)))
    await ask(work, group.columns.flatMap(asks), (some) => buildStatement(some, group.view));
}

export async function ask(work: Work, asks: Ask[], toStatement: (asks: Ask[]) => Statement): Promise<void> {
  store(work, await answer(work.session, asks, toStatement));
}

export function store(work: Work, answers: readonly [Ask, unknown][]): void {
  const partOf = new Map(work.columns.map((part) => [part.column.ref, part]));
  for (const [{ column, measure }, value] of answers) {
    const part = partOf.get(column.ref);
    if (part) part.measures[measure.name] = value;
  }
}

export const readAnswers = (statement: Statement, row: readonly (string | null)[]): [Ask, unknown][] =>
  statement.fields.map(({ ask, aliases, from: at }) => [
    ask,
    readPart(ask, Object.fromEntries(aliases.map((alias, i) => [alias, row[at + i] ?? null]))),
  ]);

/** Asks everything in one statement; when that fails, each column and then each measure alone, so that one cannot take others with it. */
async function answer(
  session: Session,
  asks: Ask[],
  toStatement: (asks: Ask[]) => Statement,
): Promise<[Ask, unknown][]> {
  if (asks.length === 0) return [];
  try {
    const statement = toStatement(asks);
    const [row = []] = await session.query(statement.sql, 'measuring');
    return readAnswers(statement, row);
  } catch (error) {
    session.assertLive(error);
    if (asks.length === 1) return asks.map((ask) => [ask, { unknown: reasonOf(error) }]);
    const columns = new Set(asks.map(({ column }) => column.ref));
    const groups =
      columns.size > 1
        ? [...columns].map((ref) => asks.filter(({ column }) => column.ref === ref))
        : asks.map((one) => [one]);
    const answers: [Ask, unknown][] = [];
    for (const group of groups) answers.push(...(await answer(session, group, toStatement)));
    return answers;
  }
}

export function readPart(ask: Ask, row: Record<string, string | null>): unknown {
  try {
    return ask.measure.part(row, ask.column, ask.known);
  } catch (error) {
    return { unknown: reasonOf(error) };
  }
}

/** `undefined` where a column cannot be read, which its measures tell with the reason. */
export async function unlessUnread<T>(session: Session, reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    session.assertLive(error);
    reasonOf(error);
    return undefined;
  }
}

/** A reason for people; what breaks the whole task (cancelled, disk full, a dead DuckDB) is thrown on. */
export function reasonOf(error: unknown): string {
  if (error instanceof AssayError && (error.code === 'CANCELLED' || error.code === 'DISK_FULL')) throw error;
  if (/FATAL Error|INTERNAL Error|connection disconnected|has been invalidated/.test(String(error))) throw error;
  // A file measured in place that turns out to be damaged: what its footer or cache still answered is no profile of it.
  if (/Failed to read file|Corrupt database file|Could not read enough bytes/.test(String(error))) throw error;
  if (error instanceof AssayError && error.code === 'OUT_OF_MEMORY')
    return 'measuring it needed more memory than the task may use';
  return error instanceof Error ? (error.message.split(/\s+LINE \d/)[0] ?? '').slice(0, 300) : String(error);
}
