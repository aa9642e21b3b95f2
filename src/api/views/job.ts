import { z } from 'zod';
import { findJobSpec } from '../../jobs/specs.ts';
import { type Effects, isTerminal, JOB_STATUSES, noEffects } from '../../model/job-status.ts';
import type { JobRow } from '../../store/database.ts';
import type { JobProgress, JobWithTime, WaitReason } from '../../store/jobs.ts';

const counts = z.record(z.string(), z.int());
export const effectsBody = z
  .object({ created: counts, changed: counts, deleted: counts, unchanged: counts, skipped: counts, notDone: counts })
  .meta({ title: 'JobEffects', description: 'What the job did, by kind and count; notDone by reason' });
const statisticsBody = z
  .object({ total: z.int(), done: z.int(), failed: z.int(), skipped: z.int() })
  .describe('Items of the job: tables, files, schemas');
export const scopeBody = z
  .object({
    dataSources: z.array(z.object({ _id: z.string(), title: z.string() })),
    scope: z.array(z.object({ type: z.string(), _id: z.string(), title: z.string() })),
  })
  .meta({ title: 'JobScope', description: 'What the job works on; titles as they were when it was accepted' });
const statusWord = z.enum(JOB_STATUSES).describe('ACCEPTED → RUNNING → COMPLETED or FAILED; CANCELLING → CANCELLED');

/** The contract's status answer; what is ours stands at the end. */
export const statusBody = z
  .object({
    workerId: z.string().describe('Id of the job'),
    workerName: z.string().describe('Name of the job: METADATA_INGEST'),
    activity: z.string().describe('Title of the job'),
    status: statusWord,
    user: z.object({ name: z.string(), email: z.string(), firstName: z.string(), lastName: z.string() }),
    createdAt: z.string(),
    duration: z.number().describe('Milliseconds since it started; 0 while ACCEPTED'),
    scope: scopeBody,
    message: z.string().describe('What came of it, or why it waits, in words'),
    progress: z.number().describe('0 to 100'),
    statistics: statisticsBody,
    effects: effectsBody,
    runners: z
      .array(z.object({ name: z.string(), host: z.string(), tasks: z.int(), running: z.int() }))
      .describe('Workers that did tasks of it'),
  })
  .meta({ title: 'JobStatus', description: 'Status of a job' });

export const acceptedData = z
  .object({
    userId: z.string(),
    resourceIds: z.array(z.string()),
    scope: scopeBody,
    _id: z.string().describe('Id of the job: poll /jobs/{id}/status with it'),
    date: z.string(),
    workerName: z.string(),
    activity: z.string(),
    createdAt: z.string(),
    updatedAt: z.string(),
    pId: z.int(),
    __v: z.int(),
    status: statusWord,
  })
  .meta({ title: 'AcceptedJobData' });

/** The contract's answer to an execute request. */
export const acceptedBody = z
  .object({ status: z.literal('ACCEPTED'), message: z.string(), data: acceptedData })
  .meta({ title: 'AcceptedJob', description: 'The job was accepted' });

/** @param ignored what the body carried that is not used: whoever reads no event log learns of it here */
export function toAcceptedBody(
  job: JobRow,
  replayed: boolean,
  ignored: readonly string[] = [],
): z.output<typeof acceptedBody> {
  const activity = activityOf(job.name);
  const again = replayed ? ' (the same Idempotency-Key as before: this is the job of the first request)' : '';
  return {
    status: 'ACCEPTED',
    message: `${activity} was accepted as job ${job.id}${again}.${noteOf(ignored)}`,
    data: {
      userId: job.user_id,
      resourceIds: job.resource_ids,
      scope: job.scope,
      _id: job.id,
      date: job.created_at.toISOString(),
      workerName: job.name,
      activity,
      createdAt: job.created_at.toISOString(),
      updatedAt: job.updated_at.toISOString(),
      pId: job.seq,
      __v: job.version,
      status: job.status,
    },
  };
}

/** Ignored keys that an answer names. */
const NAMED = 10;

function noteOf(ignored: readonly string[]): string {
  if (ignored.length === 0) return '';
  const more = ignored.length > NAMED ? `; and ${ignored.length - NAMED} more` : '';
  return ` Mind: ${ignored.slice(0, NAMED).join('; ')}${more}.`;
}

export function toStatusBody(
  job: JobWithTime,
  progress: JobProgress,
  wait: WaitReason | undefined,
): z.output<typeof statusBody> {
  const ended = isTerminal(job.status);
  return {
    workerId: job.id,
    workerName: job.name,
    activity: activityOf(job.name),
    status: job.status,
    user: job.user_snapshot,
    createdAt: job.created_at.toISOString(),
    duration: job.durationMs,
    scope: job.scope,
    message: ended ? job.message : describeWait(job, progress, wait),
    progress: ended ? 100 : toPercent(progress.fraction),
    statistics: job.statistics ?? progress.statistics,
    effects: { ...noEffects(), ...job.effects } satisfies Effects,
    runners: progress.runners,
  };
}

export function activityOf(jobName: string): string {
  return findJobSpec(jobName)?.activity ?? jobName;
}

/** Below 100 until the job has ended, with one decimal. */
const toPercent = (fraction: number): number => Math.min(99.9, Math.round(fraction * 1000) / 10);

function describeWait(job: JobRow, progress: JobProgress, wait: WaitReason | undefined): string {
  if (job.status === 'CANCELLING') return 'Cancelling: waiting for the work in progress to stop.';
  if (wait?.job)
    return `Waiting for job ${wait.job.id} (${activityOf(wait.job.name)}, ${wait.job.status}), which works on the same data source.`;
  if (wait?.unserved && !progress.runners.some((runner) => runner.running > 0)) {
    const [first = 'DEFAULT'] = wait.unserved;
    return `No live worker serves the affinity ${wait.unserved.join(', ')}; start one: assay worker --affinity ${first}`;
  }
  if (wait?.retry) {
    const { reason, inMs, tasks } = wait.retry;
    const what = tasks === 1 ? 'One task is' : `${tasks} tasks are`;
    return `${what} waiting to try again in ${Math.max(1, Math.ceil(inMs / 1000))} s: ${reason}`;
  }
  if (job.status === 'ACCEPTED') return 'Accepted; waiting for a free worker.';
  const { done, failed, skipped, total } = progress.statistics;
  const noun = findJobSpec(job.name)?.noun ?? ['task', 'tasks'];
  return total > 0
    ? `Running: ${done + failed + skipped} of ${total} ${total === 1 ? noun[0] : noun[1]} done${failed > 0 ? `, ${failed} of them failed` : ''}.`
    : 'Running: planning the work.';
}
