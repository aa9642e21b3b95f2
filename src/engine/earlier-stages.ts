import { addEffects, type Effects, noEffects } from '../model/job-status.ts';
import type { Db, Trx } from '../store/database.ts';
import type { FinishedTask } from './task.ts';

interface Place {
  job_id: string;
  item: string;
  stage: number;
}

/** Parts that the earlier stages of an item left, in the order of their keys. */
export async function earlierParts(db: Db, place: Place): Promise<FinishedTask[]> {
  const rows = await db
    .selectFrom('task')
    .select(['key', 'item', 'title', 'kind', 'stage', 'state', 'part', 'reason'])
    .where('job_id', '=', place.job_id)
    .where('item', '=', place.item)
    .where('stage', '<', place.stage)
    .orderBy('key')
    .execute();
  return rows as FinishedTask[];
}

/** Bytes that they left under a name. */
export async function earlierBytes(db: Db, place: Place, name: string): Promise<{ key: string; bytes: Buffer }[]> {
  return db
    .selectFrom('task_bytes')
    .innerJoin('task', 'task.id', 'task_bytes.task_id')
    .select(['task.key', 'task_bytes.bytes'])
    .where('task.job_id', '=', place.job_id)
    .where('task.item', '=', place.item)
    .where('task.stage', '<', place.stage)
    .where('task_bytes.name', '=', name)
    .orderBy('task.key')
    .execute();
}

/** Adds to the effects of a task whose results are too many for one transaction. The task's row is locked. */
export async function addTaskEffects(trx: Trx, taskId: number, delta: Effects): Promise<void> {
  const row = await trx.selectFrom('task').select('effects').where('id', '=', taskId).executeTakeFirstOrThrow();
  const sum = addEffects(row.effects ?? noEffects(), delta);
  await trx
    .updateTable('task')
    .set({ effects: JSON.stringify(sum) })
    .where('id', '=', taskId)
    .execute();
}

export async function readTaskEffects(db: Db, taskId: number): Promise<Effects> {
  const row = await db.selectFrom('task').select('effects').where('id', '=', taskId).executeTakeFirst();
  return row?.effects ?? noEffects();
}
