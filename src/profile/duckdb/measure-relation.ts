import { AssayError } from '../../errors/assay-error.ts';
import type { MeasuredColumn } from '../column.ts';
import { MEASURES } from '../measures/index.ts';
import type { Known, Measure } from '../measures/measure.ts';
import { type ColumnPart, isUnknown, type TablePart } from '../part.ts';
import { type Ask, buildStatement, groupStatement } from '../statements.ts';
import type { Session } from './session.ts';
import { GROUP_COLUMNS, type Relation } from './staging.ts';

export interface MeasureOptions {
  /** Partition key. */
  key: string;
  /** The relation is the whole table. */
  whole: boolean;
  /** At most so many rows were asked for. */
  limit?: number;
  /** Only these columns, by name; absent: all. For relations that cannot leave columns out themselves. */
  columns?: readonly string[];
  progress?(fraction: number): void;
}

/**
 * Measures every column of a relation: two statements for all columns together, then two or three small ones per column.
 * A measure that fails for a column is unknown there, with the reason; the others go on.
 */
export async function measureRelation(
  session: Session,
  relation: Relation,
  options: MeasureOptions,
): Promise<TablePart> {
  const rows = relation.rows ?? (await countRows(session, relation));
  const wanted = options.columns ? new Set(options.columns) : undefined;
  const columns: ColumnPart[] = relation.columns
    .filter(({ name }) => wanted === undefined || wanted.has(name))
    .map((column) => ({ column, measures: {} }));
  const knownOf = (part: ColumnPart): Known => ({
    whole: options.whole,
    groups: { kind: 'all' },
    parts: Object.fromEntries(Object.entries(part.measures).filter(([, value]) => !isUnknown(value))),
  });
  const asksOf = (part: ColumnPart, pass: Measure['pass']): Ask[] =>
    MEASURES.filter((measure) => measure.pass === pass && measure.applies(part.column)).map((measure) => ({
      column: part.column,
      measure,
      known: knownOf(part),
    }));
  const partOf = new Map(columns.map((part) => [part.column.ref, part]));
  const viewOf = (column: MeasuredColumn): string => relation.views?.get(column.ref) ?? relation.name;
  const ask = async (asks: Ask[], from: string | null): Promise<void> => {
    for (const [{ column, measure }, value] of await answer(session, asks, from)) {
      const part = partOf.get(column.ref);
      if (part) part.measures[measure.name] = value;
    }
  };
  const askAll = async (pass: Measure['pass']): Promise<void> => {
    for (const group of groupsOf(columns, viewOf)) {
      await ask(
        group.columns.flatMap((part) => asksOf(part, pass)),
        group.view,
      );
    }
  };

  await askAll('scan');
  const unread =
    columns.length > 0 && columns.every((part) => isUnknown(part.measures.counts))
      ? columns[0]?.measures.counts
      : undefined;
  if (isUnknown(unread)) throw new AssayError('SOURCE_BAD_DATA', `no column could be read: ${unread.unknown}`);
  options.progress?.(0.3);
  await askAll('refine');
  for (const [i, part] of columns.entries()) {
    options.progress?.(0.4 + (0.6 * i) / columns.length);
    const single = asksOf(part, 'column');
    if (single.length > 0) await ask(single, viewOf(part.column));
    await groupColumn(session, part.column, viewOf(part.column), asksOf(part, 'groups'), ask, part);
  }
  options.progress?.(1);
  return {
    version: 1,
    key: options.key,
    rows,
    whole: options.whole,
    limited: options.limit !== undefined && rows >= options.limit,
    columns,
    warnings: relation.warnings,
    rejectedRows: relation.rejectedRows,
  };
}

/** Columns that are measured in one statement: neighbours of one view, not too many. */
function groupsOf(
  columns: readonly ColumnPart[],
  viewOf: (column: MeasuredColumn) => string,
): { view: string; columns: ColumnPart[] }[] {
  const groups: { view: string; columns: ColumnPart[] }[] = [];
  for (const part of columns) {
    const view = viewOf(part.column);
    const last = groups.at(-1);
    if (last && last.view === view && last.columns.length < GROUP_COLUMNS) last.columns.push(part);
    else groups.push({ view, columns: [part] });
  }
  return groups;
}

async function countRows(session: Session, relation: Relation): Promise<number> {
  const [[count] = []] = await session.query(`SELECT count(*)::VARCHAR FROM ${relation.name}`, 'counting the rows');
  return Number(count);
}

async function groupColumn(
  session: Session,
  column: MeasuredColumn,
  relation: string,
  asks: Ask[],
  ask: (asks: Ask[], from: string | null) => Promise<void>,
  part: ColumnPart,
): Promise<void> {
  try {
    await session.run(groupStatement(column, relation), `grouping column "${column.name}"`);
  } catch (error) {
    for (const { measure } of asks) part.measures[measure.name] = { unknown: reasonOf(error) };
    return;
  }
  await ask(asks, null);
  await session.run('DROP TABLE g', 'grouping');
}

/** Asks everything in one statement; when that fails, each column and then each measure alone, so that one cannot take others with it. */
async function answer(session: Session, asks: Ask[], from: string | null): Promise<[Ask, unknown][]> {
  if (asks.length === 0) return [];
  try {
    const statement = buildStatement(asks, from);
    const [row = []] = await session.query(statement.sql, 'measuring');
    return statement.fields.map(({ ask, aliases, from: at }) => [
      ask,
      readPart(ask, Object.fromEntries(aliases.map((alias, i) => [alias, row[at + i] ?? null]))),
    ]);
  } catch (error) {
    session.assertLive(error);
    if (asks.length === 1) return asks.map((ask) => [ask, { unknown: reasonOf(error) }]);
    const columns = new Set(asks.map(({ column }) => column.ref));
    const groups =
      columns.size > 1
        ? [...columns].map((ref) => asks.filter(({ column }) => column.ref === ref))
        : asks.map((one) => [one]);
    const answers: [Ask, unknown][] = [];
    for (const group of groups) answers.push(...(await answer(session, group, from)));
    return answers;
  }
}

function readPart(ask: Ask, row: Record<string, string | null>): unknown {
  try {
    return ask.measure.part(row, ask.column, ask.known);
  } catch (error) {
    return { unknown: reasonOf(error) };
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
