import type { Connection } from '../../connectors/connector.ts';
import { fromPlace } from '../../harvest/object-path.ts';
import { formatOfName } from '../../model/file-formats.ts';
import { ROWS_PER_PART } from '../../profile/plan.ts';
import type { RowChoice } from '../../profile/row-choice.ts';
import { listColumns, listProfileTargets, type ProfileTarget } from '../../store/profiles.ts';
import type { Plan, TaskContext, TaskDraft } from '../job.ts';
import { titleOf } from '../title.ts';
import { optionsOf, type ProfilingInput } from './accept.ts';
import { limitsOf } from './limits.ts';
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
            if (!partitions) continue;
            cuts.set(id, partitions);
            const why = partitions[0]?.uncut;
            if (why !== undefined) context.event('info', `${titleOf({ type, place })} is read in one part: ${why}`);
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
