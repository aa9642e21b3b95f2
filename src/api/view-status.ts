import type { z } from 'zod';
import { WORKER_ALIVE_MS } from '../engine/settings.ts';
import { isTerminal } from '../model/job-status.ts';
import type { Db } from '../store/database.ts';
import { type JobWithTime, readProgress, readWaitReasons } from '../store/jobs.ts';
import { type statusBody, toStatusBody } from './views/job.ts';

/** The status answers of jobs, with what they wait for; at most two statements however many there are. */
export async function viewStatuses(db: Db, jobs: readonly JobWithTime[]): Promise<z.output<typeof statusBody>[]> {
  const progressOf = await readProgress(
    db,
    jobs.map((job) => job.id),
  );
  // What is being worked on does not wait.
  const idle = jobs.filter(
    (job) => !isTerminal(job.status) && !progressOf(job.id).runners.some((runner) => runner.running > 0),
  );
  const open = idle.map((job) => job.id);
  const waits = await readWaitReasons(db, open, WORKER_ALIVE_MS);
  return jobs.map((job) => toStatusBody(job, progressOf(job.id), waits.get(job.id)));
}

export async function viewStatus(db: Db, job: JobWithTime): Promise<z.output<typeof statusBody>> {
  const [status] = await viewStatuses(db, [job]);
  return status!;
}
