import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { IdempotencyKey } from '../../engine/accept-job.ts';
import { AssayError } from '../../errors/assay-error.ts';
import { isPlainObject } from '../../model/coerce.ts';
import { listIdempotencyHashes } from '../../store/jobs.ts';
import type { ApiContext, ApiInstance } from '../app-options.ts';
import { readNamedJob } from '../named-job.ts';
import { errorBody, messageOf, toApiError } from '../plugins/errors.ts';
import { startJob, toIdempotency } from '../start-job.ts';
import { acceptedBody, acceptedData, toAcceptedBody } from '../views/job.ts';
import { idempotencyHeaders } from './execute.ts';

/** More jobs than this in one body are a mistake; each takes a transaction. */
const MANY = 1_000;

const ids = {
  jobId: z.string().describe('The same as `_id`'),
  id: z.string().describe('The same as `_id`'),
};
const startedItem = acceptedData
  .extend({ ...ids, index: z.int(), name: z.string(), message: z.string() })
  .meta({ title: 'StartedItem', description: 'This item was accepted' });
const refusedItem = z
  .object({
    index: z.int().describe('Place in the body, from 0'),
    name: z.string().describe('As it was sent; "" when that is no text'),
    status: z.literal('FAILED').describe('No job was made'),
    httpStatus: z.int().describe('What the route of this job alone would have answered with'),
    code: z.string().describe('Stable code of the error table'),
    message: z.union([z.string(), z.array(z.string())]).describe('Every problem'),
  })
  .meta({ title: 'RefusedItem', description: 'This item was refused' });
type Refused = z.output<typeof refusedItem>;
const outcomes = {
  data: z.array(z.union([startedItem, refusedItem])).describe('The outcome of each item, in the order of the body'),
  successes: z.array(startedItem).describe('Those of `data` that were accepted'),
  failures: z.array(refusedItem).describe('Those of `data` that were refused'),
};
const answered = z.object({ status: z.int(), message: z.string(), ...outcomes });

const itemSchema = (bodyKey: string, names: readonly string[]) => ({
  type: 'object' as const,
  required: ['name', 'type', bodyKey],
  properties: {
    name: { type: 'string' as const, enum: [...names], description: 'Name of the job' },
    type: { type: 'string' as const, enum: ['START'] },
    [bodyKey]: {
      type: 'object' as const,
      additionalProperties: true,
      description: 'What the route of the job alone takes',
    },
  },
});

/** Many jobs in one request. Each stands for itself: what was refused holds nothing else up. */
export async function bulkRoutes(app: ApiInstance, context: ApiContext): Promise<void> {
  const { specs } = context.engine;
  const names = specs.filter((spec) => !spec.internal).map((spec) => spec.name);
  app.post(
    '/jobs/execute/bulk',
    {
      config: { right: 'runJobs' },
      schema: {
        tags: ['Jobs'],
        summary: 'Start several jobs',
        description:
          'Each item is accepted or refused for itself. 200: all were accepted; 207: some; otherwise none, with the status that all refusals share, or 400. With an Idempotency-Key a repeated request returns the first jobs, and tries again only what was refused. An item whose job takes a further right, which the page of its own route names, is refused without it.',
        headers: idempotencyHeaders,
        body: z
          .array(z.unknown())
          .min(1)
          .max(MANY)
          .meta({
            type: 'array',
            items: itemSchema('payload', names),
            example: [{ name: 'METADATA_INGEST', type: 'START', payload: { resourceId: '6852ca4a50c4d05ad04a7490' } }],
          } as never),
        response: {
          200: answered.describe('All were accepted'),
          207: answered.describe('Some were accepted'),
          400: errorBody.extend(outcomes).describe('None was accepted; `message` names every problem'),
          409: errorBody.describe('The Idempotency-Key was used with another body'),
        },
      },
    },
    async (request, reply) => {
      const items = request.body;
      const idempotency = toIdempotency(request.headers, request.user, BULK_ROUTE, items);
      if (idempotency) await refuseOtherBody(context, request, idempotency);
      const data: (z.output<typeof startedItem> | Refused)[] = [];
      let down: AssayError | undefined;
      for (const [index, item] of items.entries()) {
        try {
          if (down) throw down;
          data.push(await startItem(context, request, index, item, idempotency));
        } catch (thrown) {
          const error = toApiError(thrown);
          if (error.row.status >= 500 && !down) {
            request.log.error({ err: error, cause: thrown, index }, error.message);
            // Without the store nothing that follows could be accepted either.
            if (error.code === 'STORE_UNAVAILABLE') down = error;
          }
          data.push(toRefused(index, item, error, request));
        }
      }
      const failures = data.filter((one): one is Refused => one.status === 'FAILED' && 'httpStatus' in one);
      const successes = data.filter((one): one is z.output<typeof startedItem> => '_id' in one);
      const status = statusOf(successes.length, failures);
      const body = { status, data, successes, failures };
      if (successes.length > 0) {
        const message = `${successes.length} of ${items.length} ${items.length === 1 ? 'job was' : 'jobs were'} accepted.`;
        return reply.code(status as 200).send({ ...body, message } as never);
      }
      const message = failures.flatMap((one) => [one.message].flat().map((problem) => `${one.index}.${problem}`));
      const codes = new Set(failures.map((one) => one.code));
      const code = codes.size === 1 ? [...codes][0] : 'BAD_REQUEST';
      return reply.code(status as 400).send({ ...body, message, code, requestId: request.id } as never);
    },
  );
}

/** Keys of the items of a bulk request stand beside those of the jobs' own routes. */
const BULK_ROUTE = 'bulk/';

/** Each item has a place of its own below the key, so the whole request is looked at before any of it starts. */
async function refuseOtherBody(context: ApiContext, request: FastifyRequest, wanted: IdempotencyKey): Promise<void> {
  const hashes = await listIdempotencyHashes(context.db, request.user.id, BULK_ROUTE, wanted.key);
  if (hashes.every((hash) => hash === wanted.bodyHash)) return;
  throw new AssayError(
    'CONFLICT',
    `Idempotency-Key "${wanted.key}" was used with another body; give each different request a key of its own`,
  );
}

async function startItem(
  context: ApiContext,
  request: FastifyRequest,
  index: number,
  item: unknown,
  idempotency: IdempotencyKey | undefined,
): Promise<z.output<typeof startedItem>> {
  const { spec, body, warnings } = readNamedJob(item, 'payload', context.engine.specs);
  const { job, replayed } = await startJob(context, spec, {
    body,
    user: request.user,
    warnings,
    idempotency: idempotency && { ...idempotency, route: `${BULK_ROUTE}${index}` },
  });
  const { message, data } = toAcceptedBody(job, replayed);
  return { index, name: spec.name, message, ...data, jobId: job.id, id: job.id };
}

function toRefused(index: number, item: unknown, error: AssayError, request: FastifyRequest): Refused {
  const name = isPlainObject(item) && typeof item.name === 'string' ? item.name.slice(0, 100) : '';
  const { code } = error;
  return { index, name, status: 'FAILED', httpStatus: error.row.status, code, message: messageOf(error, request) };
}

/** Clients take anything below 300 for a success, so a request of which nothing was accepted must not be one. */
function statusOf(accepted: number, failures: readonly Refused[]): number {
  if (accepted > 0) return failures.length > 0 ? 207 : 200;
  const statuses = new Set(failures.map((one) => one.httpStatus));
  return statuses.size === 1 ? ([...statuses][0] ?? 400) : 400;
}

/** One job by its name, at the path that the user interface of the original calls. */
export async function startJobRoutes(app: ApiInstance, context: ApiContext): Promise<void> {
  const { specs } = context.engine;
  const names = specs.filter((spec) => !spec.internal).map((spec) => spec.name);
  app.post(
    '/api/start-job',
    {
      config: { right: 'runJobs' },
      schema: {
        tags: ['Jobs'],
        summary: 'Start a job by its name',
        headers: idempotencyHeaders,
        body: z.unknown().meta({
          ...itemSchema('data', names),
          example: { name: 'DATA_PROFILE', type: 'START', data: { scope: ['eb98554a-5ff4-47a8-9268-102268fad0d0'] } },
        } as never),
        response: {
          200: acceptedBody.extend({ ...ids, data: acceptedData.extend(ids) }).describe('The job was accepted'),
          404: errorBody.describe('An id is not known'),
          409: errorBody.describe('In conflict with what is stored or running'),
        },
      },
    },
    async (request) => {
      const { spec, body, warnings } = readNamedJob(request.body, 'data', specs);
      const { user } = request;
      const idempotency = toIdempotency(request.headers, user, spec.path, body);
      const { job, replayed } = await startJob(context, spec, { body, user, warnings, idempotency });
      const answer = toAcceptedBody(job, replayed);
      const same = { jobId: job.id, id: job.id };
      return { ...answer, ...same, data: { ...answer.data, ...same } };
    },
  );
}
