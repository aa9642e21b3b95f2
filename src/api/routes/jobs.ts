import { z } from 'zod';
import { cancelJob } from '../../engine/cancel-job.ts';
import { rerunJob } from '../../engine/rerun-job.ts';
import { findJobSpec } from '../../jobs/specs.ts';
import { isTerminal, JOB_STATUSES } from '../../model/job-status.ts';
import { maskSecrets } from '../../model/redact.ts';
import { recordAct } from '../../store/audit.ts';
import { listEvents, listTasks } from '../../store/job-details.ts';
import { getJob, type JobWithTime, listJobs } from '../../store/jobs.ts';
import type { ApiContext, ApiInstance } from '../app-options.ts';
import { errorBody } from '../plugins/errors.ts';
import { requireRights, toJobUser } from '../start-job.ts';
import { viewStatus, viewStatuses } from '../view-status.ts';
import { acceptedBody, statusBody, toAcceptedBody } from '../views/job.ts';
import {
  eventBody,
  jobDetail,
  jobListItem,
  taskBody,
  toEventBody,
  toListItem,
  toTaskBody,
} from '../views/job-detail.ts';
import {
  cursorInfo,
  cursorParameter,
  fromCursor,
  hexId,
  hexIdParams,
  sizeParameter,
  timeParameter,
  toPage,
  uuid,
} from './pages.ts';

const tags = ['Jobs'];
const notFound = errorBody.describe('There is no such job');
/** One word or several, separated by commas or given repeatedly. */
const words = (word: z.ZodType<string, string>) =>
  z
    .union([z.string(), z.array(z.string())])
    .transform((given) =>
      [given]
        .flat()
        .flatMap((text) => text.split(','))
        .map((text) => text.trim().toUpperCase())
        .filter(Boolean),
    )
    .pipe(z.array(word).max(100))
    .optional();

export async function jobRoutes(app: ApiInstance, context: ApiContext): Promise<void> {
  const { db } = context;
  const read = { right: 'read' } as const;
  const run = { right: 'runJobs' } as const;

  async function viewListed(jobs: readonly JobWithTime[]) {
    const statuses = await viewStatuses(db, jobs);
    return jobs.map((job, index) => ({ ...toListItem(job), ...statuses[index]! }));
  }

  app.get(
    '/jobs/:id/status',
    {
      config: read,
      schema: { tags, summary: 'Status of a job', params: hexIdParams, response: { 200: statusBody, 404: notFound } },
    },
    async (request) => viewStatus(db, await getJob(db, request.params.id)),
  );

  app.get(
    '/jobs',
    {
      config: read,
      schema: {
        tags,
        summary: 'List jobs, newest first',
        querystring: z.object({
          status: words(z.enum(JOB_STATUSES)).describe(`One or more of ${JOB_STATUSES.join(', ')}`),
          name: words(z.string().max(100)).describe('One or more job names, e.g. DATA_PROFILE'),
          dataSourceId: hexId.optional().describe('Only jobs on this data source'),
          userId: uuid.optional().describe('Only jobs of this user'),
          from: timeParameter.describe('Accepted at or after'),
          to: timeParameter.describe('Accepted before'),
          size: sizeParameter(500, 50),
          cursor: cursorParameter,
        }),
        response: {
          200: z.object({ status: z.int(), data: z.array(jobListItem), cursorInfo }).describe('A page of jobs'),
        },
      },
    },
    async (request) => {
      const { size, cursor, status, name, ...filter } = request.query;
      const beforeSeq = fromCursor(cursor, z.tuple([z.int()]))?.[0];
      const jobs = await listJobs(db, { ...filter, statuses: status, names: name, beforeSeq, size: size + 1 });
      const { page, cursorInfo: next } = toPage(jobs, size, ({ seq }) => [seq]);
      return {
        status: 200,
        data: await viewListed(page),
        cursorInfo: next,
      };
    },
  );

  app.get(
    '/jobs/:id',
    {
      config: read,
      schema: {
        tags,
        summary: 'A job in full',
        params: hexIdParams,
        response: { 200: z.object({ status: z.int(), data: jobDetail }), 404: notFound },
      },
    },
    async (request) => {
      const job = await getJob(db, request.params.id);
      const status = await viewStatus(db, job);
      const tasks = await listTasks(db, job.id, 0, 1_000);
      return {
        status: 200,
        data: {
          ...toListItem(job),
          ...status,
          input: masked(job.input) ?? {},
          result: masked(job.result),
          tasks: tasks.map(toTaskBody),
        },
      };
    },
  );

  app.get(
    '/jobs/:id/tasks',
    {
      config: read,
      schema: {
        tags,
        summary: 'Tasks of a job',
        params: hexIdParams,
        querystring: z.object({ size: sizeParameter(1_000, 100), cursor: cursorParameter }),
        response: {
          200: z.object({ status: z.int(), data: z.array(taskBody), cursorInfo }).describe('A page of tasks'),
          404: notFound,
        },
      },
    },
    async (request) => {
      const { size, cursor } = request.query;
      const job = await getJob(db, request.params.id);
      const tasks = await listTasks(db, job.id, fromCursor(cursor, z.tuple([z.int()]))?.[0] ?? 0, size + 1);
      const { page, cursorInfo: next } = toPage(tasks, size, ({ id }) => [id]);
      return {
        status: 200,
        data: page.map(toTaskBody),
        cursorInfo: next,
      };
    },
  );

  app.get(
    '/jobs/:id/events',
    {
      config: read,
      schema: {
        tags,
        summary: 'Event log of a job, oldest first',
        params: hexIdParams,
        querystring: z.object({
          after: z.coerce
            .number('expected a number')
            .int()
            .min(0)
            .max(2_147_483_647)
            .default(0)
            .describe('Only events with a larger seq'),
          size: sizeParameter(1_000, 500),
        }),
        response: { 200: z.object({ status: z.int(), data: z.array(eventBody) }).describe('Events'), 404: notFound },
      },
    },
    async (request) => {
      const job = await getJob(db, request.params.id);
      return {
        status: 200,
        data: (await listEvents(db, job.id, request.query.after, request.query.size)).map(toEventBody),
      };
    },
  );

  app.post(
    '/jobs/:id/cancel',
    {
      config: run,
      schema: {
        tags,
        summary: 'Cancel a job',
        description:
          'Ends what has not started at once and stops what runs within seconds, in the source too. A job that has ended stays as it is.',
        params: hexIdParams,
        response: { 200: statusBody, 404: notFound },
      },
    },
    async (request) => {
      const job = await getJob(db, request.params.id);
      const status = await cancelJob(db, job.id, `Cancelled by ${request.user.username}.`, context.engine.conclude);
      const after = await viewStatus(db, await getJob(db, job.id));
      if (isTerminal(job.status) || status === 'COMPLETED' || status === 'FAILED') {
        const message = `The job had already ended (${after.status}); nothing was cancelled. ${after.message}`;
        return { ...after, message: message.trim() };
      }
      await recordAct(db, request.user, 'job cancelled', job.id);
      return after;
    },
  );

  app.post(
    '/jobs/:id/re-run',
    {
      config: run,
      schema: {
        tags,
        summary: 'Start a new job with the same input',
        description: 'Takes the rights that starting the first one took.',
        params: hexIdParams,
        response: {
          200: acceptedBody,
          404: notFound,
          409: errorBody.describe('The job has not ended, or its source is being removed'),
        },
      },
    },
    async (request) => {
      const { user } = request;
      const first = await getJob(db, request.params.id);
      const spec = findJobSpec(first.name);
      if (spec) requireRights(user, spec);
      const job = await rerunJob(db, first.id, toJobUser(user), ({ input }) => ({ ...spec?.onRerun?.(input) }));
      const details = { name: job.name, rerunOf: first.id, resourceIds: job.resource_ids };
      await recordAct(db, user, 'job started', job.id, details);
      return toAcceptedBody(job, false);
    },
  );
}

const masked = (value: Record<string, unknown> | null) => maskSecrets(value) as Record<string, unknown> | null;
