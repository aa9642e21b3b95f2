import type { Partition } from '../../connectors/connector.ts';
import { formatOfName, TABLE_FILES } from '../../model/file-formats.ts';
import { planParts, WHOLE_KEY } from '../../profile/plan.ts';
import type { ProfileTarget } from '../../store/profiles.ts';
import type { Plan, TaskDraft } from '../job.ts';
import type { ProfilingInput } from './accept.ts';

/** What one task works on. `part` is absent in the task that folds the parts of its table. */
export type ProfilePayload = {
  tableId: string;
  type: ProfileTarget['type'];
  place: string;
  sourceId: string;
  columnIds: string[] | null;
  rowLimit: number;
  part?: { key: string; partition: Partition | null };
} & Record<string, unknown>;

const DAY_MS = 86_400_000;

/** Tables of the scope → what is left out and why, and what is read. Pure: the clock is passed in. */
export function chooseTargets(
  targets: readonly ProfileTarget[],
  input: ProfilingInput,
  nowMs: number,
): { chosen: ProfileTarget[]; skipped: NonNullable<Plan['skipped']> } {
  const named = new Set(input.scopeIds);
  const skipped: NonNullable<Plan['skipped']> = [];
  const skip = (target: ProfileTarget, reason: string): false => {
    skipped.push({ item: target.id, title: titleOf(target), reason });
    return false;
  };
  const chosen = targets.filter((target) => {
    if (target.type === 'FILE' && formatOfName(target.name) === undefined) {
      // Below a folder there are files of all kinds; only one that was named is worth a word.
      return named.has(target.id) ? skip(target, `only files of these kinds are profiled: ${TABLE_FILES}`) : false;
    }
    const ageDays = target.profiledAt ? (nowMs - target.profiledAt.getTime()) / DAY_MS : Number.POSITIVE_INFINITY;
    if (input.sinceDays > 0 && ageDays < input.sinceDays) {
      return skip(target, `profiled within the last ${input.sinceDays} days (dataProfiledSinceDays)`);
    }
    return true;
  });
  return { chosen, skipped };
}

/** One table → one task, or a task per part and one that folds them. Pure. */
export function planTable(
  target: ProfileTarget,
  input: ProfilingInput,
  partitions: readonly Partition[] | null,
): TaskDraft[] {
  const base = {
    tableId: target.id,
    type: target.type,
    place: target.place,
    sourceId: target.sourceId,
    columnIds: target.columnIds,
    rowLimit: input.rowLimit,
  };
  const shared = { item: target.id, affinity: target.affinityId };
  const title = titleOf(target);
  const parts = planParts(partitions, input.rowLimit > 0 ? { limit: input.rowLimit } : {});
  const weight = Math.max(1, Math.log10((target.rows ?? 0) + 1));
  const tasks: TaskDraft[] = parts.map(({ key, partition, weight: share }) => ({
    ...shared,
    key: `${target.id}/${key}`,
    title: key === WHOLE_KEY ? title : `${title}, part ${key}`,
    payload: { ...base, part: { key, partition } } satisfies ProfilePayload,
    weight: weight * share,
  }));
  if (parts.length > 1)
    tasks.push({ ...shared, key: `${target.id}/~fold`, title: `${title}, fold`, stage: 1, payload: base, weight: 0.1 });
  return tasks;
}

/** `/public/customer` → `public.customer`; a file keeps its slashes. */
export const titleOf = ({ type, place }: { type: string; place: string }): string =>
  type === 'FILE' ? place.slice(1) : place.slice(1).replaceAll('/', '.');
