import { formatOfName } from '../../model/file-formats.ts';
import type { ProfileTarget } from '../../store/profiles.ts';
import type { Plan, TaskDraft } from '../job.ts';
import { titleOf } from '../title.ts';

/** One task: one table, view or file. */
export type IdentificationPayload = {
  tableId: string;
  place: string;
  /** Columns asked for by id; null means all. */
  columnIds: string[] | null;
  /** So many pairs of a method and a column that could not be judged are named. */
  named: number;
} & Record<string, unknown>;

const NO_TABLE = 'it is a file without columns: no table, or never profiled by the job data-profiling';

/** Processes that share the work; each of them reads the methods once. */
const LANES = 16;
/** Tables of a lane that a process takes at once. */
const TOGETHER = 50;
/** Pairs that are named of all tables together, and of each at least and at most. */
const NAMED = { all: 5_000, least: 2, most: 100 };

/**
 * Tables of the scope → a task each, in lanes: a process that has read the methods does many. Files that hold no table and were not asked
 * for by name are nobody's business here. Pure.
 */
export function planIdentification(
  targets: readonly ProfileTarget[],
  scopeIds: readonly string[],
): Pick<Plan, 'tasks' | 'skipped'> {
  const asked = new Set(scopeIds);
  const skipped: NonNullable<Plan['skipped']> = [];
  const chosen = targets.filter((target) => {
    const { id, name, type, profiledAt, columnCount } = target;
    // A text that profiling looked into and found to be no table has no columns, and neither has a picture.
    if (type !== 'FILE' || formatOfName(name) !== undefined || profiledAt !== null || columnCount > 0) return true;
    if (asked.has(id)) skipped.push({ item: id, title: titleOf(target), reason: NO_TABLE });
    return false;
  });
  const named = Math.min(NAMED.most, Math.max(NAMED.least, Math.floor(NAMED.all / Math.max(chosen.length, 1))));
  const lanes = Math.min(LANES, Math.ceil(chosen.length / TOGETHER));
  const tasks = chosen.map(
    (target, i): TaskDraft => ({
      key: target.id,
      item: target.id,
      title: titleOf(target),
      affinity: target.affinityId,
      // Neighbours of a lane are neighbours in the store, too.
      lane: `${target.affinityId}/${Math.floor((i * lanes) / chosen.length)}`,
      together: TOGETHER,
      weight: Math.max(1, target.columnIds?.length ?? target.columnCount),
      payload: {
        tableId: target.id,
        place: target.place,
        columnIds: target.columnIds,
        named,
      } satisfies IdentificationPayload,
    }),
  );
  return { tasks, skipped };
}
