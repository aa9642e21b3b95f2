import type { SerializedError } from '../errors/assay-error.ts';
import type { Db, TaskState } from './database.ts';

export interface TaskView {
  id: number;
  title: string;
  kind: 'plan' | 'work';
  stage: number;
  state: TaskState;
  attempt: number;
  progress: number;
  reason: string;
  error: SerializedError | null;
  affinity: string;
  workerName: string;
  workerHost: string;
  startedAt: Date | null;
  finishedAt: Date | null;
}

/** Tasks of a job in the order they were made, after the one with the given id. */
export async function listTasks(db: Db, jobId: string, after: number, size: number): Promise<TaskView[]> {
  const rows = await db
    .selectFrom('task')
    .select(['id', 'title', 'kind', 'stage', 'state', 'attempt', 'progress', 'reason', 'error', 'affinity'])
    .select([
      'worker_name as workerName',
      'worker_host as workerHost',
      'started_at as startedAt',
      'finished_at as finishedAt',
    ])
    .where('job_id', '=', jobId)
    .where('id', '>', after)
    .orderBy('id')
    .limit(size)
    .execute();
  return rows.map((row) => ({ ...row, workerName: row.workerName ?? '', workerHost: row.workerHost ?? '' }));
}

export interface EventView {
  seq: number;
  at: Date;
  level: string;
  kind: string;
  message: string;
  details: Record<string, unknown>;
}

/** Events of a job with a larger sequence number, oldest first. */
export async function listEvents(db: Db, jobId: string, after: number, size: number): Promise<EventView[]> {
  return db
    .selectFrom('job_event')
    .select(['seq', 'at', 'level', 'kind', 'message', 'details'])
    .where('job_id', '=', jobId)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(size)
    .execute();
}
