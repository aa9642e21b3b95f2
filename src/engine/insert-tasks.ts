import { sql } from 'kysely';
import type { Trx } from '../store/database.ts';
import { TASK_CHANNEL } from './settings.ts';
import type { TaskDraft } from './task.ts';

/** Priorities of jobs lie so far apart in those of tasks: the turns of 4 billion tasks fit between two. */
const TURNS = 32;

/**
 * Jobs take turns: the later a task comes in its job, the lower its priority, by one with each doubling. In the order of ids
 * alone a test of a connection would wait for all tables of a profile that was started before it; so it waits for the next free
 * slot, and a second large job soon shares the slots with the first.
 */
const turnOf = (position: number): number => Math.ceil(Math.log2(position + 1));

/** Inserts tasks of a job and wakes the workers of their affinities. A stage above the item's lowest one starts blocked. */
export async function insertTasks(
  trx: Trx,
  job: { id: string; affinity: string; priority: number },
  drafts: readonly TaskDraft[],
  kind: 'plan' | 'work',
): Promise<void> {
  const lowest = new Map<string, number>();
  for (const draft of drafts) {
    const stage = draft.stage ?? 0;
    lowest.set(draft.item, Math.min(stage, lowest.get(draft.item) ?? stage));
  }
  const affinities = new Set<string>();
  for (let from = 0; from < drafts.length; from += 2_000) {
    const rows = drafts.slice(from, from + 2_000).map((draft, index) => {
      const stage = draft.stage ?? 0;
      const affinity = draft.affinity ?? job.affinity;
      affinities.add(affinity);
      return {
        job_id: job.id,
        key: draft.key,
        item: draft.item,
        title: draft.title,
        kind,
        stage,
        affinity,
        priority: job.priority * TURNS - turnOf(from + index),
        state: stage === lowest.get(draft.item) ? ('ready' as const) : ('blocked' as const),
        payload: JSON.stringify(draft.payload),
        weight: draft.weight ?? 1,
        lane: draft.lane ?? null,
        together: draft.together ?? 1,
      };
    });
    await trx.insertInto('task').values(rows).execute();
  }
  for (const affinity of affinities) await notifyTasks(trx, affinity);
}

/** Wakes idle workers; delivered when the transaction commits. */
export async function notifyTasks(trx: Trx, affinity: string): Promise<void> {
  await sql`SELECT pg_notify(${TASK_CHANNEL}, ${affinity})`.execute(trx);
}
