import { z } from 'zod';
import type { EventView, TaskView } from '../../store/job-details.ts';
import type { JobWithTime } from '../../store/jobs.ts';
import { statusBody } from './job.ts';

export const jobListItem = statusBody
  .extend({
    _id: z.string(),
    pId: z.int(),
    userId: z.string(),
    resourceIds: z.array(z.string()),
    startedAt: z.string(),
    finishedAt: z.string(),
    rerunOf: z.string(),
  })
  .meta({ title: 'Job', description: 'A job' });
export const taskBody = z
  .object({
    _id: z.string(),
    title: z.string(),
    kind: z.enum(['plan', 'work']),
    stage: z.int(),
    state: z.string(),
    attempt: z.int(),
    progress: z.number(),
    reason: z.string(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    affinity: z.string(),
    workerName: z.string(),
    workerHost: z.string(),
    startedAt: z.string(),
    finishedAt: z.string(),
  })
  .meta({ title: 'JobTask' });
export const jobDetail = jobListItem
  .extend({
    input: z.record(z.string(), z.unknown()).describe('What it was asked to do; secrets are masked'),
    result: z.record(z.string(), z.unknown()).nullable().describe('What it found; null until it has ended'),
    tasks: z.array(taskBody).describe('The first 1,000 tasks; the rest at /jobs/{id}/tasks'),
  })
  .meta({ title: 'JobDetail', description: 'A job in full' });
export const eventBody = z
  .object({
    seq: z.int(),
    at: z.string(),
    level: z.string(),
    kind: z.string(),
    message: z.string(),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ title: 'JobEvent' });

const iso = (at: Date | null): string => at?.toISOString() ?? '';

export function toListItem(job: JobWithTime) {
  return {
    _id: job.id,
    pId: job.seq,
    userId: job.user_id,
    resourceIds: job.resource_ids,
    startedAt: iso(job.started_at),
    finishedAt: iso(job.finished_at),
    rerunOf: job.rerun_of ?? '',
  };
}

export function toTaskBody(task: TaskView) {
  const error = task.error ? { code: task.error.code, message: task.error.message } : null;
  return {
    ...task,
    _id: String(task.id),
    id: undefined,
    error,
    startedAt: iso(task.startedAt),
    finishedAt: iso(task.finishedAt),
  };
}

export const toEventBody = (event: EventView) => ({ ...event, at: event.at.toISOString() });
