import { AssayError } from '../../errors/assay-error.ts';
import type { MeasuredColumn } from '../column.ts';
import { fitsInHand, IN_HAND_POINTS, inHandSql, readInHand } from '../in-hand.ts';
import { MEASURES } from '../measures/index.ts';
import type { LengthsPart } from '../measures/lengths.ts';
import type { Known, Measure, MeasureName } from '../measures/measure.ts';
import { type ColumnPart, isUnknown, type TablePart } from '../part.ts';
import { repeats, rowLevel, SAMPLING, type SamplingLimits, seenDistinct, valueLevel } from '../sampling.ts';
import {
  type Ask,
  allValuesStatement,
  asValues,
  buildStatement,
  CHOOSER_SQL,
  groupedStatement,
  groupStatement,
  type Statement,
  sampleStatement,
  seenSql,
  valuesStatement,
} from '../statements.ts';
import { isComputed, withoutSwitchedOff } from '../switched-off.ts';
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
  /** From how many rows on samples are taken, and how large: absent ones are those of `SAMPLING`. */
  sampling?: Partial<SamplingLimits>;
  /** Measures that are not wanted: unknown, with that reason. Those that others read are computed all the same. */
  without?: readonly MeasureName[];
  /**
   * `exact`: every column is grouped wholly, however large the relation is. `estimated`: no column of a large relation with
   * positions is; its different values are counted only where a sample of them would hold them all. Absent: where it is cheap.
   */
  distinct?: 'exact' | 'estimated';
  progress?(fraction: number): void;
}

/**
 * Measures every column of a relation: two statements for all columns together, then the groups. Of a small relation all
 * values are grouped, several columns in a statement. Of a large one a sample of the rows says which columns repeat: those are
 * grouped wholly, the others by the sample, with a sample of their different values beside it.
 * A measure that fails for a column is unknown there, with the reason; the others go on.
 */
export async function measureRelation(
  session: Session,
  relation: Relation,
  options: MeasureOptions,
): Promise<TablePart> {
  const rows = relation.rows ?? (await countRows(session, relation));
  const limits = {
    ...SAMPLING,
    ...options.sampling,
    ...(options.distinct === 'estimated' ? { groupedValues: 0 } : {}),
  };
  const wanted = options.columns ? new Set(options.columns) : undefined;
  const columns: ColumnPart[] = relation.columns
    .filter(({ name }) => wanted === undefined || wanted.has(name))
    .map((column) => ({ column, measures: {} }));
  const work: Work = { session, relation, options, limits, rows, columns };
  // Without positions there is no choosing rows without regard to their values.
  const level = relation.position === undefined || options.distinct === 'exact' ? 0 : rowLevel(rows, limits);
  const small = rows <= limits.smallRows;

  await askAll(work, (part) => asksOf(work, part, ['scan']));
  const unread =
    columns.length > 0 && columns.every((part) => isUnknown(part.measures.counts))
      ? columns[0]?.measures.counts
      : undefined;
  if (isUnknown(unread)) throw new AssayError('SOURCE_BAD_DATA', `no column could be read: ${unread.unknown}`);
  options.progress?.(0.3);
  await askAll(work, (part) => [
    ...asksOf(work, part, ['refine']),
    ...(small ? asksOf(work, part, GROUPED, WHOLE_GROUPS, (measure) => measure.smallSql !== undefined) : []),
  ]);
  options.progress?.(0.4);
  if (small) await measureSmall(work);
  else await measureLarge(work, level);
  options.progress?.(1);
  return {
    version: 1,
    key: options.key,
    rows,
    whole: options.whole,
    limited: options.limit !== undefined && rows >= options.limit,
    columns: columns.map((part) => ({ ...part, measures: withoutSwitchedOff(part, options.without) })),
    warnings: relation.warnings,
    rejectedRows: relation.rejectedRows,
  };
}

interface Work {
  session: Session;
  relation: Relation;
  options: MeasureOptions;
  limits: SamplingLimits;
  rows: number;
  columns: ColumnPart[];
}

type Groups = Pick<Known, 'groups' | 'values'>;
const WHOLE_GROUPS: Groups = { groups: { kind: 'all' }, values: { kind: 'all' } };
const GROUPED: readonly Measure['pass'][] = ['groups', 'values'];
/** Columns grouped in one statement: their groups are held at the same time. */
const COLUMNS_AT_ONCE = 5;

function asksOf(
  { options }: Work,
  part: ColumnPart,
  passes: readonly Measure['pass'][],
  groups: Groups = WHOLE_GROUPS,
  which: (measure: Measure) => boolean = () => true,
): Ask[] {
  const parts = Object.fromEntries(Object.entries(part.measures).filter(([, value]) => !isUnknown(value)));
  const known: Known = { whole: options.whole, ...groups, parts };
  return MEASURES.filter(
    (measure) =>
      passes.includes(measure.pass) &&
      measure.applies(part.column) &&
      isComputed(measure.name, options.without) &&
      which(measure),
  ).map((measure) => ({ column: part.column, measure, known }));
}

const viewOf = ({ relation }: Work, column: MeasuredColumn): string => relation.views?.get(column.ref) ?? relation.name;

/** Asks for aggregates over the relation, those of many columns in one statement. */
async function askAll(work: Work, asks: (part: ColumnPart) => Ask[]): Promise<void> {
  for (const group of groupsOf(work.columns, (column) => viewOf(work, column)))
    await ask(work, group.columns.flatMap(asks), (some) => buildStatement(some, group.view));
}

async function ask(work: Work, asks: Ask[], toStatement: (asks: Ask[]) => Statement): Promise<void> {
  const partOf = new Map(work.columns.map((part) => [part.column.ref, part]));
  for (const [{ column, measure }, value] of await answer(work.session, asks, toStatement)) {
    const part = partOf.get(column.ref);
    if (part) part.measures[measure.name] = value;
  }
}

/** A measure of a small relation that is not asked for over the relation itself. */
const isGrouped = (measure: Measure): boolean => measure.smallSql === undefined;

async function measureSmall(work: Work): Promise<void> {
  if (work.rows <= work.limits.inHandRows) await measureInHand(work);
  for (const group of groupsOf(work.columns, (column) => viewOf(work, column), COLUMNS_AT_ONCE)) {
    const asks = group.columns.flatMap((part) =>
      asksOf(
        work,
        part,
        GROUPED,
        WHOLE_GROUPS,
        (measure) => isGrouped(measure) && part.measures[measure.name] === undefined,
      ),
    );
    await ask(work, asks, (some) => groupedStatement(byColumn(some), group.view));
  }
}

/** The values of many columns in one statement. A column that cannot be had so is left to the statements that follow. */
async function measureInHand(work: Work): Promise<void> {
  const { session, columns } = work;
  const short = columns.filter((part) => {
    const { column, measures } = part;
    if (asksOf(work, part, GROUPED, WHOLE_GROUPS, isGrouped).length === 0) return false;
    const { lengths } = measures;
    const points = lengths === undefined || isUnknown(lengths) ? 0 : Number((lengths as LengthsPart).sum);
    return fitsInHand(column) && points <= IN_HAND_POINTS;
  });
  for (const { view, columns: group } of groupsOf(short, (column) => viewOf(work, column))) {
    const list = group.map(({ column }) => inHandSql(column)).join(', ');
    try {
      const [row = []] = await session.query(`SELECT ${list} FROM ${view}`, 'taking the values');
      for (const [i, part] of group.entries()) {
        const values = readInHand(row[i] ?? null, part.column);
        for (const one of asksOf(work, part, GROUPED, WHOLE_GROUPS, isGrouped)) {
          const answer = one.measure.inHand?.(values, one.column, one.known);
          if (answer) part.measures[one.measure.name] = readPart(one, answer);
        }
      }
    } catch (error) {
      session.assertLive(error);
      reasonOf(error);
    }
  }
}

function byColumn(asks: readonly Ask[]): { column: MeasuredColumn; asks: Ask[] }[] {
  const columns = new Map<string, { column: MeasuredColumn; asks: Ask[] }>();
  for (const one of asks) {
    const entry = columns.get(one.column.ref) ?? { column: one.column, asks: [] };
    entry.asks.push(one);
    columns.set(one.column.ref, entry);
  }
  return [...columns.values()];
}

async function measureLarge(work: Work, level: number): Promise<void> {
  const { session, columns, options } = work;
  const samples = level === 0 ? new Map<string, RowSample>() : await takeSamples(work, level);
  const chooser = level === 0 ? '' : String((await session.query(CHOOSER_SQL, 'naming the hash'))[0]?.[0]);
  for (const [i, part] of columns.entries()) {
    options.progress?.(0.5 + (0.5 * i) / columns.length);
    if (asksOf(work, part, GROUPED).length === 0) continue;
    try {
      const groups = await groupColumn(work, part.column, samples.get(viewOf(work, part.column)), chooser);
      await ask(work, asksOf(work, part, GROUPED, groups), (some) => buildStatement(some, null));
    } catch (error) {
      session.assertLive(error);
      const reason = { unknown: reasonOf(error) };
      for (const { measure } of asksOf(work, part, GROUPED)) part.measures[measure.name] ??= reason;
    }
  }
  for (const name of [
    'VIEW IF EXISTS a',
    'VIEW IF EXISTS d',
    'TABLE IF EXISTS g',
    'TABLE IF EXISTS chosen',
    ...[...samples.values()].map(({ name }) => `TABLE ${name}`),
  ])
    await session.run(`DROP ${name}`, 'grouping');
}

interface RowSample {
  name: string;
  level: number;
  rows: number;
}

/** The same rows of every view; by their positions, so that the answer is the same whoever reads and with how many threads. */
async function takeSamples(work: Work, level: number): Promise<Map<string, RowSample>> {
  const { session, relation } = work;
  const samples = new Map<string, RowSample>();
  for (const view of new Set(work.columns.map(({ column }) => viewOf(work, column)))) {
    const refs = work.columns.flatMap(({ column }) => (viewOf(work, column) === view ? [column.ref] : []));
    const name = `sample_of_${view}`;
    await session.run(sampleStatement(name, refs, view, relation.position ?? '', level), 'taking a sample of the rows');
    const [[rows] = []] = await session.query(`SELECT count(*)::VARCHAR FROM ${name}`, 'counting the sample');
    samples.set(view, { name, level, rows: Number(rows) });
  }
  return samples;
}

/** Makes `g` and `d` of a column, and says of what they are. */
async function groupColumn(
  work: Work,
  column: MeasuredColumn,
  sample: RowSample | undefined,
  chooser: string,
): Promise<Groups> {
  const { session, limits, rows } = work;
  const view = viewOf(work, column);
  const doing = `grouping column "${column.name}"`;
  const wholly = async (): Promise<Groups> => {
    await session.run(groupStatement(column, view), doing);
    await session.run(asValues('g'), doing);
    return WHOLE_GROUPS;
  };
  if (!sample) return wholly();
  await session.run(groupStatement(column, sample.name), doing);
  const [seen = []] = await session.query(seenSql(column), doing);
  const [distinct = 0, once = 0, twice = 0, values = 0] = seen.map(Number);
  const estimate = seenDistinct({ distinct, once, twice }, rows);
  if (repeats(estimate, rows, limits)) return wholly();
  await session.run(allValuesStatement(column, view), doing);
  let chosenLevel = valueLevel(estimate, limits);
  let chosen = 0;
  for (;;) {
    await session.run(valuesStatement(column, view, chosenLevel), doing);
    const [[count] = []] = await session.query('SELECT count(*)::VARCHAR FROM chosen', doing);
    chosen = Number(count);
    if (chosenLevel === 0 || chosen * 2 >= limits.sampledValues) break;
    // The estimate was too high: so many levels less give as many as are wanted.
    const less = Math.max(1, Math.ceil(Math.log2(limits.sampledValues / Math.max(chosen, 1))));
    chosenLevel = Math.max(chosenLevel - less, 0);
  }
  await session.run(asValues('chosen'), doing);
  return {
    groups: { kind: 'sample', level: sample.level, rows: sample.rows, ofRows: rows, values },
    values: chosenLevel === 0 ? { kind: 'all' } : { kind: 'sample', level: chosenLevel, chooser, chosen },
  };
}

/** Columns that are measured in one statement: neighbours of one view, not too many. */
function groupsOf(
  columns: readonly ColumnPart[],
  viewOf: (column: MeasuredColumn) => string,
  most = GROUP_COLUMNS,
): { view: string; columns: ColumnPart[] }[] {
  const groups: { view: string; columns: ColumnPart[] }[] = [];
  for (const part of columns) {
    const view = viewOf(part.column);
    const last = groups.at(-1);
    if (last && last.view === view && last.columns.length < most) last.columns.push(part);
    else groups.push({ view, columns: [part] });
  }
  return groups;
}

async function countRows(session: Session, relation: Relation): Promise<number> {
  const [[count] = []] = await session.query(`SELECT count(*)::VARCHAR FROM ${relation.name}`, 'counting the rows');
  return Number(count);
}

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
    for (const group of groups) answers.push(...(await answer(session, group, toStatement)));
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
