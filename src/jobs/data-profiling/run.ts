import type { Connection, Partition } from '../../connectors/connector.ts';
import { AssayError } from '../../errors/assay-error.ts';
import { fromPlace } from '../../harvest/object-path.ts';
import { bytesOf } from '../../model/entity-bytes.ts';
import { formatOfName } from '../../model/file-formats.ts';
import { type Effects, noEffects } from '../../model/job-status.ts';
import { toStorable } from '../../model/storable-text.ts';
import { type DrawnRows, joinDrawn, keptOf, mergeDrawn, sampleOf } from '../../profile/drawn.ts';
import { type MeasuredPart, profileRead } from '../../profile/duckdb/profile-read.ts';
import type { MarkOptions } from '../../profile/duckdb/read-mark.ts';
import { foldParts } from '../../profile/fold.ts';
import { type Memberships, withMemberships } from '../../profile/membership.ts';
import type { TablePart } from '../../profile/part.ts';
import { ROWS_PER_PART, WHOLE_KEY } from '../../profile/plan.ts';
import type { ColumnProfile, TableProfile } from '../../profile/profile.ts';
import { type RowChoice, seedOf } from '../../profile/row-choice.ts';
import { toTableBody } from '../../profile/shape.ts';
import type { Folded } from '../../profile/watermark.ts';
import type { Trx } from '../../store/database.ts';
import { mergeFileColumns } from '../../store/file-columns.ts';
import { replaceFilters } from '../../store/profile-filters.ts';
import { type NewValues, packValues, replaceValues, unpackValues, valuesPlace } from '../../store/profile-values.ts';
import {
  holdColumns,
  listColumns,
  listProfileTargets,
  type NewProfile,
  type ProfileTarget,
  storeProfiles,
} from '../../store/profiles.ts';
import type { Plan, TaskContext, TaskDraft, TaskOutcome } from '../job.ts';
import { optionsOf, type ProfilingInput } from './accept.ts';
import { goOn, sealKept } from './go-on.ts';
import { limitsOf, MEMORY_BESIDE_MB } from './limits.ts';
import type { ProfilingOptions } from './options.ts';
import {
  choosePushDown,
  chooseRows,
  chooseTargets,
  groupColumns,
  layLanes,
  type ProfilePayload,
  planTable,
  WIDEST_TASK,
} from './plan.ts';
import { pushDown } from './push-down.ts';
import { throttle } from './throttle.ts';
import { titleOf } from './title.ts';

const SMALLEST_MEMORY_MB = 128;

/** Only a table that its source says is large is worth a question to the source. */
export async function planProfiling(input: ProfilingInput, context: TaskContext): Promise<Plan> {
  const options = optionsOf(input);
  const targets = await listProfileTargets(context.db, input.scopeIds);
  const { chosen, skipped } = chooseTargets(targets, input, Date.now());
  const choices = new Map(chosen.map((target) => [target.id, chooseRows(target, options, limitsOf(context))]));
  const choiceOf = (target: ProfileTarget): RowChoice => choices.get(target.id) ?? {};
  const cuts = await cutLargeTables(
    chosen.filter((target) => isLarge(target, choiceOf(target), options)),
    context,
  );
  const pushDownOf = (target: ProfileTarget): ProfilePayload['pushDown'] =>
    choosePushDown(target, choiceOf(target), options);
  const planned: { target: ProfileTarget; tasks: TaskDraft[] }[] = [];
  for (const target of chosen) {
    const groups = await groupsOf(target, options, context);
    const plan = {
      choice: choiceOf(target),
      partitions: cuts.get(target.id) ?? null,
      groups,
      pushDown: pushDownOf(target),
    };
    const predicates = options.partitionPredicates ? { predicates: options.partitionPredicates } : {};
    planned.push({ target, tasks: planTable(target, { ...plan, ...predicates }) });
  }
  return { tasks: layLanes(planned, options), skipped, part: { found: targets.length } };
}

/** Of a file only its size is known before it is opened: one of fewer bytes is read in seconds, however many rows it has. */
const LARGE_FILE_BYTES = 2 ** 23;

const isLarge = (target: ProfileTarget, choice: RowChoice, options: ProfilingOptions): boolean =>
  choice.limit === undefined &&
  choice.sample === undefined &&
  // What the source measures itself it measures whole.
  (target.type === 'FILE' || options.pushDown !== 'always') &&
  options.watermarkColumn === undefined &&
  // A value may be in several parts: only one that holds all rows can count the different ones.
  options.distinct !== 'exact' &&
  options.partitionPredicates === undefined &&
  (target.type === 'FILE'
    ? formatOfName(target.name)?.kind === 'parquet' && (target.bytes ?? 0) >= LARGE_FILE_BYTES
    : target.type === 'TABLE' && (target.rows ?? 0) > ROWS_PER_PART);

/** The columns are listed only of a table that has too many for one task. */
async function groupsOf(
  target: ProfileTarget,
  options: ProfilingOptions,
  context: TaskContext,
): Promise<ReturnType<typeof groupColumns>> {
  const most = options.columnsPerTask ?? WIDEST_TASK;
  const asked = target.columnIds?.length ?? target.columnCount;
  if (asked <= Math.min(most, WIDEST_TASK)) return null;
  const wanted = target.columnIds ? new Set(target.columnIds) : undefined;
  const columns = await listColumns(context.db, target.id);
  const ids = columns.map(({ id }) => id).filter((id) => wanted === undefined || wanted.has(id));
  return groupColumns(target, ids, options);
}

type Cuts = Map<string, Awaited<ReturnType<NonNullable<Connection['planPartitions']>>>>;

async function cutLargeTables(large: readonly ProfileTarget[], context: TaskContext): Promise<Cuts> {
  const cuts: Cuts = new Map();
  // The tasks will say what is wrong with the source, each for its table; uncut they still give the right figures.
  const warn = (what: string, error: unknown): void => {
    context.signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    context.event('warning', `${what} in one part, for they could not be cut: ${reason}`);
  };
  for (const sourceId of new Set(large.map((target) => target.sourceId))) {
    const tables = large.filter((target) => target.sourceId === sourceId);
    try {
      await context.withConnection(sourceId, async (connection) => {
        for (const { id, type, place } of tables) {
          try {
            const partitions = await connection.planPartitions?.(type, fromPlace(place), ROWS_PER_PART);
            if (partitions) cuts.set(id, partitions);
          } catch (error) {
            warn(`the rows of ${titleOf({ type, place })} are read`, error);
          }
        }
      });
    } catch (error) {
      warn('large tables are read', error);
    }
  }
  return cuts;
}

export async function runProfiling(payload: ProfilePayload, context: TaskContext): Promise<TaskOutcome> {
  if (!payload.part) return foldTable(payload, context);
  try {
    return await measurePart(payload, payload.part, context);
  } catch (error) {
    // Looked into for its name says nothing: a text that is no table is no failure.
    if (error instanceof AssayError && error.code === 'NOT_A_TABLE')
      return { outcome: 'skipped', reason: error.message };
    throw error;
  }
}

async function measurePart(
  payload: ProfilePayload,
  { key, partition, predicate, group }: NonNullable<ProfilePayload['part']>,
  context: TaskContext,
): Promise<TaskOutcome> {
  const options = optionsOf(context.job.input as ProfilingInput);
  const path = fromPlace(payload.place);
  const columnIds = group?.columnIds ?? payload.columnIds;
  const names = columnIds ? await columnNames(payload.tableId, columnIds, context) : undefined;
  if (names?.length === 0) return { outcome: 'skipped', reason: 'its columns are no longer in the catalog' };
  const choice = withPredicate(payload.choice ?? {}, predicate);
  limitTime(choice, options, context);
  const whole = key === WHOLE_KEY;
  const alone = whole && group === undefined;
  if (options.watermarkColumn !== undefined) return measureAbove(payload, options.watermarkColumn, choice, context);
  // Told by the read itself; an abort of either ends both.
  const part = await context.withConnection(payload.sourceId, async (connection) => {
    const pushed = payload.pushDown && (await pushDown(connection, payload, { path, names, choice, key }, context));
    return (
      pushed ??
      readPart(
        connection,
        payload,
        { key, whole, alone, choice, ...(names ? { names } : {}), ...(partition ? { partition } : {}) },
        context,
      )
    );
  });
  tellWarnings(payload, part.warnings, context);
  const { drawn, memberships, ...figures }: MeasuredPart = part;
  if (alone) return finishTable(payload, { profile: foldParts([figures]), drawn, memberships }, context);
  const stored: TablePart = group === undefined ? figures : { ...figures, group: group.key };
  const bytes: Record<string, Uint8Array> = { part: Buffer.from(JSON.stringify(stored)) };
  // Rows of the source lie nowhere in the clear, also while they wait to be folded.
  if (drawn) bytes.drawn = context.seal(packValues({ group: stored.group, drawn }), drawnPlace(payload, context));
  return { outcome: 'done', part: { rowsOfPart: part.rows }, bytes };
}

function tellWarnings(payload: ProfilePayload, warnings: readonly string[], context: TaskContext): void {
  for (const warning of warnings) context.event('warning', `${titleOf(payload)}: ${warning}`);
}

/** Adds the rows above the mark of the last run to what it saw; see `goOn`. */
async function measureAbove(
  payload: ProfilePayload,
  column: string,
  choice: RowChoice,
  context: TaskContext,
): Promise<TaskOutcome> {
  const options = optionsOf(context.job.input as ProfilingInput);
  const request = {
    column,
    ...(choice.where === undefined ? {} : { where: choice.where }),
    ...(options.distinct === undefined ? {} : { distinct: options.distinct }),
    without: options.without ?? [],
    draws: draws(options, context),
  };
  const folded = await goOn(
    payload.tableId,
    request,
    (key, mark) =>
      context.withConnection(payload.sourceId, (connection) =>
        readPart(connection, payload, { key, whole: false, choice, mark }, context),
      ),
    context,
  );
  tellWarnings(payload, folded.profile.warnings, context);
  return finishTable(payload, folded, context);
}

interface PartRequest {
  key: string;
  whole: boolean;
  /** Nothing else is read of the table. */
  alone?: boolean;
  choice: RowChoice;
  names?: string[];
  partition?: Partition;
  mark?: MarkOptions;
}

async function readPart(
  connection: Connection,
  payload: ProfilePayload,
  { key, whole, alone, choice, names, partition, mark }: PartRequest,
  context: TaskContext,
): Promise<MeasuredPart> {
  const options = optionsOf(context.job.input as ProfilingInput);
  const read = await connection.read({
    type: payload.type,
    path: fromPlace(payload.place),
    ...(names ? { columns: names } : {}),
    ...(partition ? { partition } : {}),
    ...(mark?.above === undefined ? {} : { from: { column: mark.column, value: mark.above } }),
    ...(choice.limit === undefined ? {} : { limit: choice.limit }),
    ...(choice.where === undefined ? {} : { where: choice.where }),
    ...(choice.sample === undefined ? {} : { sample: choice.sample }),
    signal: context.signal,
  });
  const { memoryMb, threads, tempFolder } = context.limits;
  const session = {
    memoryMb: Math.max(memoryMb - MEMORY_BESIDE_MB, SMALLEST_MEMORY_MB),
    threads,
    tempFolder,
    signal: context.signal,
  };
  const { rowsPerSecond, parallelReads = 1 } = options;
  const slow = rowsPerSecond === undefined ? read : throttle(read, rowsPerSecond / parallelReads, context.signal);
  return profileRead(slow, session, {
    key,
    whole,
    ...(choice.limit === undefined ? {} : { limit: choice.limit }),
    columns: names,
    choice,
    without: options.without,
    distinct: options.distinct,
    ...(mark ? { mark } : {}),
    ...(alone ? { membershipBytes: limitsOf(context).membershipBytes } : {}),
    ...(draws(options, context)
      ? { draw: { seed: seedOf(`${payload.tableId}/${key}`), wholeRows: names === undefined } }
      : {}),
    progress: (fraction) => context.progress(fraction),
  });
}

/** The condition that cuts out a part, beside that of the request. Each on lines of its own, for either may end in a comment. */
function withPredicate(choice: RowChoice, predicate: string | undefined): RowChoice {
  if (predicate === undefined) return choice;
  return { ...choice, where: choice.where === undefined ? predicate : `(${predicate}\n) AND (${choice.where}\n)` };
}

/** A condition of a user may run without end; whatever else is read ends when the table does. */
function limitTime(choice: RowChoice, options: ProfilingOptions, context: TaskContext): void {
  const { timeLimitSeconds } = options;
  const { conditionSeconds } = limitsOf(context);
  const byCondition = choice.where !== undefined && conditionSeconds < (timeLimitSeconds ?? Number.POSITIVE_INFINITY);
  if (byCondition)
    context.limitTime(
      conditionSeconds,
      `whereClause: reading by it took longer than ${conditionSeconds} s (ASSAY_CONDITION_SECONDS), so it was stopped; does it come to an end?`,
    );
  else if (timeLimitSeconds !== undefined)
    context.limitTime(
      timeLimitSeconds,
      `it took longer than ${timeLimitSeconds} s (timeLimitSeconds), so it was stopped`,
    );
}

async function foldTable(payload: ProfilePayload, context: TaskContext): Promise<TaskOutcome> {
  const stored = await context.earlierBytes('part');
  const parts = stored.map(({ bytes }) => JSON.parse(bytes.toString('utf8')) as TablePart);
  return finishTable(payload, { profile: foldParts(parts), drawn: await foldDrawn(payload, context) }, context);
}

const drawnPlace = ({ tableId }: ProfilePayload, { job }: TaskContext): string => `drawn:${job.id}:${tableId}`;

async function foldDrawn(payload: ProfilePayload, context: TaskContext): Promise<DrawnRows | undefined> {
  const stored = await context.earlierBytes('drawn');
  const parts = stored.map(
    ({ bytes }) =>
      unpackValues(context.unseal(bytes, drawnPlace(payload, context))) as { group?: string; drawn: DrawnRows },
  );
  const groups = [...new Set(parts.map(({ group = '' }) => group))].sort();
  const merged = groups.map((key) =>
    mergeDrawn(parts.filter(({ group = '' }) => group === key).map(({ drawn }) => drawn)),
  );
  return joinDrawn(merged.filter((one) => one !== undefined));
}

/** Values are drawn for samples, and for patterns unless that is switched off. */
const draws = (options: ProfilingOptions, context: TaskContext): boolean =>
  options.samples || limitsOf(context).keepValues;

async function columnNames(tableId: string, ids: readonly string[], context: TaskContext): Promise<string[]> {
  const wanted = new Set(ids);
  const columns = await listColumns(context.db, tableId);
  return columns.filter(({ id }) => wanted.has(id)).map(({ name }) => name);
}

function finishTable(payload: ProfilePayload, folded: Result, context: TaskContext): TaskOutcome {
  const profile = withMemberships(folded.profile, folded.memberships);
  // Filled by the write, which alone knows what a later job has left to this one.
  const part = { rows: 0, columns: 0, tables: 0, superseded: 0 };
  return {
    outcome: 'done',
    part,
    write: async (trx) => {
      const { effects, table, columns } = await writeProfile(trx, payload, { ...folded, profile }, context);
      const any = table || columns > 0;
      Object.assign(part, {
        rows: any ? (profile.basis.watermark?.newRows ?? profile.basis.rowsRead) : 0,
        columns,
        tables: any ? 1 : 0,
        superseded: any ? 0 : 1,
      });
      return effects;
    },
  };
}

/** What is stored of a table in one go. */
type Result = Pick<Folded, 'profile' | 'kept'> & {
  drawn?: DrawnRows | undefined;
  memberships?: Memberships | undefined;
};

interface Written {
  effects: Effects;
  /** The table's own row was stored. */
  table: boolean;
  /** So many columns' rows were stored. */
  columns: number;
}

/** Runs in the transaction that ends the task. */
async function writeProfile(
  trx: Trx,
  payload: ProfilePayload,
  { profile, drawn, kept, memberships }: Result,
  context: TaskContext,
): Promise<Written> {
  const effects = noEffects();
  const mergesColumns = payload.type === 'FILE' && payload.columnIds === null;
  const found = trx.selectFrom('entity').select(['id', 'metadata']).where('id', '=', payload.tableId);
  // Locked at once as strongly as it will be needed: two that first share a file and then both want it alone wait for ever.
  const table = await (mergesColumns ? found.forUpdate() : found.forKeyShare()).executeTakeFirst();
  if (!table) throw new AssayError('SOURCE_NO_OBJECT', `${titleOf(payload)} left the catalog while it was profiled`);
  const ids = mergesColumns
    ? await fileColumns(trx, payload, profile, context, effects)
    : new Map((await holdColumns(trx, payload.tableId)).map(({ id, name }) => [name, id]));
  const profiles: NewProfile[] = [];
  const unknown: string[] = [];
  const doubled: string[] = [];
  const taken = new Set<string>();
  for (const column of profile.columns) {
    const name = toStorable(column.name);
    const id = ids.get(name);
    // Those of a file that are missing were told of when its columns were made.
    if (id === undefined && !mergesColumns) unknown.push(name);
    if (id === undefined) continue;
    // What cannot be stored of a name becomes U+FFFD: two names of a source may be one in the catalog.
    if (taken.has(id)) doubled.push(name);
    else profiles.push({ entityId: id, basis: profile.basis, body: column });
    taken.add(id);
  }
  if (unknown.length > 0) {
    context.event(
      'warning',
      `${titleOf(payload)}: ${unknown.length} columns are not in the catalog yet (${unknown.slice(0, 5).join(', ')}); ingest the metadata again`,
    );
    effects.notDone['columns that are not in the catalog yet'] = unknown.length;
  }
  if (doubled.length > 0) {
    const shown = doubled.slice(0, 5).map((name) => name.slice(0, 60));
    context.event(
      'warning',
      `${titleOf(payload)}: ${doubled.length} columns are left out, for what can be kept of their names is the name of an earlier column (${shown.join(', ')})`,
    );
    effects.notDone['columns whose names become the name of an earlier one'] = doubled.length;
  }
  const measured = profiles.length;
  // A run of some columns says nothing of the table: neither how many columns it has nor that it was profiled on that day.
  if (payload.columnIds === null)
    profiles.push({
      entityId: payload.tableId,
      basis: profile.basis,
      body: toTableBody(profile, bytesOf(table.metadata) ?? null),
    });
  const missing = profile.columns.length === 0 || payload.columnIds ? 0 : ids.size - measured;
  if (missing > 0) effects.notDone['columns that the source no longer has'] = missing;
  const stored = await storeProfiles(trx, { id: payload.tableId, sourceId: payload.sourceId }, context.job, profiles);
  const tableStored = stored.has(payload.tableId);
  const values = sealValues(profiles, stored, drawn, context);
  if (kept && tableStored) {
    const sealed = sealKept(payload.tableId, kept, context);
    if ('part' in sealed) values.push({ entityId: payload.tableId, samples: null, kept: null, part: sealed.part });
    else tellWarnings(payload, [sealed.warning], context);
  }
  await replaceValues(trx, context.job.id, [...stored], values);
  const filters = profiles.flatMap(({ entityId, body }) => {
    const found = memberships?.get((body as { name?: string }).name ?? '');
    return found && 'filter' in found && stored.has(entityId) ? [{ entityId, bytes: found.filter }] : [];
  });
  await replaceFilters(trx, context.job.id, [...stored], filters);
  const columns = stored.size - (tableStored ? 1 : 0);
  if (tableStored) effects.created['table profiles'] = 1;
  else if (payload.columnIds === null) effects.skipped['tables that a later job has profiled already'] = 1;
  if (columns > 0) effects.created['column profiles'] = columns;
  if (measured > columns) effects.skipped['columns that a later job has profiled already'] = measured - columns;
  if (profile.rejectedRows > 0) effects.notDone['lines that could not be read'] = profile.rejectedRows;
  return { effects, table: tableStored, columns };
}

/** What is kept of the rows that were drawn, by column, sealed. */
function sealValues(
  profiles: readonly NewProfile[],
  stored: ReadonlySet<string>,
  drawn: DrawnRows | undefined,
  context: TaskContext,
): NewValues[] {
  if (!drawn) return [];
  const { samples } = optionsOf(context.job.input as ProfilingInput);
  const { keepValues } = limitsOf(context);
  const cells = new Map(drawn.columns.map((column) => [column.name, column.cells]));
  const shown = new Map(samples ? sampleOf(drawn).map((column) => [column.name, column.cells]) : []);
  const seal = (entityId: string, what: 'samples' | 'kept', value: unknown): Buffer =>
    context.seal(packValues(value), valuesPlace(entityId, context.job.id, what));
  return profiles.flatMap(({ entityId, body }) => {
    const name = (body as { name?: string }).name;
    const kept = name === undefined ? undefined : cells.get(name);
    if (!stored.has(entityId) || name === undefined || kept === undefined) return [];
    const rows = shown.get(name);
    return [
      {
        entityId,
        samples: rows ? seal(entityId, 'samples', rows) : null,
        kept: keepValues ? seal(entityId, 'kept', keptOf(kept)) : null,
      },
    ];
  });
}

/** Columns of a file come into being when it is read. Twice the same name: the first one counts. */
async function fileColumns(
  trx: Trx,
  payload: ProfilePayload,
  profile: TableProfile,
  context: TaskContext,
  effects: Effects,
): Promise<Map<string, string>> {
  const columns = new Map<string, ColumnProfile>();
  for (const column of profile.columns)
    if (!columns.has(toStorable(column.name))) columns.set(toStorable(column.name), column);
  const merged = await mergeFileColumns(
    trx,
    payload.tableId,
    context.job.id,
    [...columns].map(([name, column]) => ({
      name,
      ordinal: column.ordinal + 1,
      metadata: {
        column: {
          dataType: column.duckdbType,
          sqlDataType: column.duckdbType,
          typeName: column.nativeType,
          isNullable: true,
          isPrimaryKey: false,
          isForeignKey: false,
          remarks: '',
        },
      },
    })),
  );
  if (merged.tooLong.length > 0) {
    const shown = merged.tooLong.slice(0, 5).map((name) => `${toStorable(name.slice(0, 60))}…`);
    context.event(
      'warning',
      `${titleOf(payload)}: ${merged.tooLong.length} columns are left out, for their names are too long to be kept (${shown.join(', ')})`,
    );
    effects.notDone['columns whose names are too long to be kept'] = merged.tooLong.length;
  }
  if (merged.created > 0) effects.created.columns = merged.created;
  if (merged.changed > 0) effects.changed.columns = merged.changed;
  if (merged.deleted > 0) effects.deleted.columns = merged.deleted;
  return merged.ids;
}
