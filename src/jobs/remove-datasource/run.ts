import { setTimeout as pause } from 'node:timers/promises';
import type { Effects } from '../../model/job-status.ts';
import {
  countEntities,
  countOtherJobs,
  markRemoval,
  REMOVAL_BATCH_ROWS,
  removeEntityBatch,
  removeLeftoverBatch,
  removeSource,
} from '../../store/removal.ts';
import type { TaskContext, TaskOutcome } from '../job.ts';
import type { RemovalInput } from './accept.ts';

/** How often to look whether the jobs that were cancelled for this one have ended. */
const WAIT_MS = 200;

export async function runRemoval(context: TaskContext): Promise<TaskOutcome> {
  const { sourceId, fqdnId } = context.job.input as RemovalInput;
  // A re-run is accepted without a request, so the mark is set here as well.
  await context.fenced(async (trx): Promise<Effects | undefined> => {
    await markRemoval(trx, sourceId, context.job.id);
    return undefined;
  });
  while ((await countOtherJobs(context.db, sourceId, context.job.id)) > 0) {
    context.progress(0);
    await pause(WAIT_MS, undefined, { signal: context.signal });
  }
  await removeEntities({ id: sourceId, fqdnId }, context);
  for (let removed = REMOVAL_BATCH_ROWS; removed > 0; ) {
    await context.fenced(async (trx): Promise<Effects | undefined> => {
      removed = await removeLeftoverBatch(trx, sourceId);
      return undefined;
    });
  }
  return { outcome: 'done', write: (trx) => removeSource(trx, sourceId) };
}

async function removeEntities(source: { id: string; fqdnId: string }, context: TaskContext): Promise<void> {
  const total = await countEntities(context.db, source.id);
  let cursor: string | undefined;
  let removed = 0;
  for (let more = total > 0; more; ) {
    context.signal.throwIfAborted();
    await context.fenced(async (trx) => {
      const batch = await removeEntityBatch(trx, source, cursor);
      cursor = batch.cursor;
      more = cursor !== undefined;
      return batch.effects;
    });
    removed += REMOVAL_BATCH_ROWS;
    context.progress(Math.min(0.99, removed / (total + 1)));
  }
}
