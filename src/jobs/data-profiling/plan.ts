import type { Partition } from '../../connectors/connector.ts';
import { formatOfName, mayHoldTable, TABLE_FILES } from '../../model/file-formats.ts';
import { planParts, WHOLE_KEY } from '../../profile/plan.ts';
import { DEFAULT_ROW_LIMIT, type RowChoice, seedOf } from '../../profile/row-choice.ts';
import type { ProfileTarget } from '../../store/profiles.ts';
import type { Plan, ProfilingLimits, TaskDraft } from '../job.ts';
import { titleOf } from '../title.ts';
import { optionsOf, type ProfilingInput } from './accept.ts';
import type { ProfilingOptions } from './options.ts';

/**
 * What one task works on: always one table, or a part of one. `part` is absent in the task that folds the parts of its table. Tasks of
 * small tables are lined up in lanes (`TaskDraft.lane`): a process claims several together and keeps its connection.
 */
export type ProfilePayload = {
  tableId: string;
  type: ProfileTarget['type'];
  place: string;
  sourceId: string;
  /** Columns asked for by id; null means all. */
  columnIds: string[] | null;
  /** Which rows; absent: all. */
  choice?: RowChoice;
  /** The source is to measure it: whatever happens, or else the rows of `choice` are read. */
  pushDown?: 'always' | 'auto';
  part?: {
    key: string;
    partition: Partition | null;
    /** A condition of the request that cuts out this part. */
    predicate?: string;
    /** The columns of this part, where the table is split by columns; those of a table are joined in the order of their keys. */
    group?: { key: string; columnIds: string[] };
  };
} & Record<string, unknown>;

const DAY_MS = 86_400_000;

/** By the estimates of its source. One second of work at most, so that starting counts. */
const SMALL_ROWS = 100_000;
const SMALL_BYTES = 16e6;
/** Below so many cells reading a table several times costs more than is won. */
const SPLIT_CELLS = 1_000_000;
/** Wider tables are split unasked: statements on them hold vectors for every column. */
export const WIDEST_TASK = 1_000;

/** Tables of the scope → what is left out and why, and what is read. Pure: the clock is passed in. */
export function chooseTargets(
  targets: readonly ProfileTarget[],
  input: ProfilingInput,
  nowMs: number,
): { chosen: ProfileTarget[]; skipped: NonNullable<Plan['skipped']> } {
  const { sinceDays } = optionsOf(input);
  const named = new Set(input.scopeIds);
  const skipped: NonNullable<Plan['skipped']> = [];
  const skip = (target: ProfileTarget, reason: string): false => {
    skipped.push({ item: target.id, title: titleOf(target), reason });
    return false;
  };
  const chosen = targets.filter((target) => {
    if (target.type === 'FILE' && formatOfName(target.name) === undefined && !mayHoldTable(target.name)) {
      // Below a folder there are files of all kinds; only one that was named is worth a word.
      return named.has(target.id) ? skip(target, `only files of these kinds are profiled: ${TABLE_FILES}`) : false;
    }
    const ageDays = target.profiledAt ? (nowMs - target.profiledAt.getTime()) / DAY_MS : Number.POSITIVE_INFINITY;
    if (sinceDays > 0 && ageDays < sinceDays) {
      return skip(
        target,
        `profiled within the last ${sinceDays === 1 ? 'day' : `${sinceDays} days`} (dataProfiledSinceDays)`,
      );
    }
    return true;
  });
  return { chosen, skipped };
}

/** Which rows of a table are read: what was asked for, else all of them where its source can afford it. Pure. */
export function chooseRows(
  target: Pick<ProfileTarget, 'id' | 'rows' | 'bytes'>,
  options: ProfilingOptions,
  limits: Pick<ProfilingLimits, 'wholeTableRows' | 'wholeTableBytes'>,
): RowChoice {
  const { where, sample, limit } = options;
  const seed = seedOf(target.id);
  const choice: RowChoice = {
    ...(where === undefined ? {} : { where }),
    ...(sample === undefined ? {} : { sample: sample.kind === 'nth' ? sample : { ...sample, seed } }),
    ...(limit === undefined ? {} : { limit }),
  };
  const asked =
    options.whole ||
    options.pushDown === 'always' ||
    options.watermarkColumn !== undefined ||
    options.partitionPredicates !== undefined;
  if (asked || Object.keys(choice).length > 0) return choice;
  const rows = DEFAULT_ROW_LIMIT.toLocaleString('en-US');
  const large = (what: string): RowChoice => ({
    sample: { kind: 'blocks', rows: DEFAULT_ROW_LIMIT, seed },
    why: `its source says that it has ${what}, more than are read unasked: ${rows} rows were taken`,
  });
  if ((target.rows ?? 0) > limits.wholeTableRows) return large(`${(target.rows ?? 0).toLocaleString('en-US')} rows`);
  if ((target.bytes ?? 0) > limits.wholeTableBytes) return large(`${Math.round((target.bytes ?? 0) / 1e9)} GB`);
  return choice;
}

/** Whether the source is asked to measure a table itself: all rows of it, or those of the condition. Pure. */
export function choosePushDown(
  { type }: Pick<ProfileTarget, 'type'>,
  choice: RowChoice,
  { pushDown }: ProfilingOptions,
): ProfilePayload['pushDown'] {
  if (type === 'FILE' || pushDown === 'never') return undefined;
  if (pushDown === 'always') return 'always';
  return choice.why === undefined ? undefined : 'auto';
}

/** Groups of columns that are measured by tasks of their own; null: all in one. `columnIds` are those that are profiled. Pure. */
export function groupColumns(
  target: Pick<ProfileTarget, 'type' | 'rows'>,
  columnIds: readonly string[],
  options: ProfilingOptions,
): { key: string; columnIds: string[] }[] | null {
  const { columnsPerTask } = options;
  if (columnsPerTask === null || target.type === 'FILE' || options.watermarkColumn !== undefined) return null;
  const few = target.rows !== null && target.rows * columnIds.length < SPLIT_CELLS;
  const size = columnsPerTask === undefined || few ? WIDEST_TASK : columnsPerTask;
  if (columnIds.length <= size) return null;
  const count = Math.ceil(columnIds.length / size);
  const digits = String(count - 1).length;
  return Array.from({ length: count }, (_, i) => ({
    key: `columns ${String(i).padStart(digits, '0')}`,
    columnIds: columnIds.slice(i * size, (i + 1) * size),
  }));
}

export interface TablePlan {
  choice: RowChoice;
  partitions: readonly Partition[] | null;
  groups: ReturnType<typeof groupColumns>;
  pushDown?: ProfilePayload['pushDown'];
  predicates?: readonly string[];
}

/** One table → one task, or a task per part and one that folds them. Pure. */
export function planTable(target: ProfileTarget, plan: TablePlan): TaskDraft[] {
  const base = {
    tableId: target.id,
    type: target.type,
    place: target.place,
    sourceId: target.sourceId,
    columnIds: target.columnIds,
    ...(Object.keys(plan.choice).length > 0 ? { choice: plan.choice } : {}),
    ...(plan.pushDown ? { pushDown: plan.pushDown } : {}),
  };
  const shared = { item: target.id, affinity: target.affinityId };
  const title = titleOf(target);
  const weight = Math.max(1, Math.log10((target.rows ?? 0) + 1));
  const parts = plan.predicates
    ? plan.predicates.map((predicate, i) => ({
        key: String(i).padStart(4, '0'),
        partition: null,
        predicate,
        weight: 1 / (plan.predicates?.length ?? 1),
      }))
    : planParts(plan.partitions, plan.choice);
  const groups = plan.groups ?? [undefined];
  const tasks: TaskDraft[] = parts.flatMap(({ weight: share, ...part }) =>
    groups.map((group) => {
      const names = [part.key === WHOLE_KEY && group ? [] : [part.key], group ? [group.key] : []].flat();
      return {
        ...shared,
        key: `${target.id}/${names.join('/')}`,
        title: part.key === WHOLE_KEY && !group ? title : `${title}, part ${names.join(', ')}`,
        payload: { ...base, part: group ? { ...part, group } : part } satisfies ProfilePayload,
        weight: (weight * share) / groups.length,
      };
    }),
  );
  if (isFolded(tasks))
    tasks.push({ ...shared, key: `${target.id}/~fold`, title: `${title}, fold`, stage: 1, payload: base, weight: 0.1 });
  return tasks;
}

/** Whether the part is not the whole of its table, so that a last task joins it with others. */
const isFolded = (tasks: readonly TaskDraft[]): boolean =>
  tasks.length > 1 || tasks.some(({ key }) => !key.endsWith(`/${WHOLE_KEY}`));

/** Small by the estimate of the source. What a view costs nobody knows. */
export function isSmall({ type, rows, bytes }: Pick<ProfileTarget, 'type' | 'rows' | 'bytes'>): boolean {
  if (type === 'VIEW') return false;
  if (bytes !== null) return bytes <= SMALL_BYTES && (rows ?? 0) <= SMALL_ROWS;
  return type === 'TABLE' && rows !== null && rows <= SMALL_ROWS;
}

/**
 * Puts tasks into lanes. With a bound on parallel reads there are so many lanes for each source, and every read of it is in one;
 * otherwise small tables that follow each other share one. Folds read nothing. Pure.
 */
export function layLanes(
  planned: readonly { target: ProfileTarget; tasks: readonly TaskDraft[] }[],
  options: ProfilingOptions,
): TaskDraft[] {
  const reads = new Map<string, number>();
  const smalls = new Map<string, number>();
  const next = (counts: Map<string, number>, sourceId: string): number => {
    const at = counts.get(sourceId) ?? 0;
    counts.set(sourceId, at + 1);
    return at;
  };
  return planned.flatMap(({ target, tasks }) => {
    const small = tasks.length === 1 && isSmall(target);
    const { sourceId } = target;
    const together = small ? options.tablesPerTask : 1;
    return tasks.map((task) => {
      if ((task.stage ?? 0) > 0) return task;
      if (options.parallelReads !== undefined)
        return { ...task, lane: `${sourceId}/read ${next(reads, sourceId) % options.parallelReads}`, together };
      if (!small || together < 2) return task;
      return { ...task, lane: `${sourceId}/small ${Math.floor(next(smalls, sourceId) / together)}`, together };
    });
  });
}
