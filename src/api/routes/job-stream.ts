import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AssayError } from '../../errors/assay-error.ts';
import { isTerminal } from '../../model/job-status.ts';
import { listEvents } from '../../store/job-details.ts';
import { getJob } from '../../store/jobs.ts';
import type { ApiContext, ApiInstance } from '../app-options.ts';
import { requireRight } from '../plugins/authenticate.ts';
import { errorBody } from '../plugins/errors.ts';
import { viewStatus } from '../view-status.ts';
import { toEventBody } from '../views/job-detail.ts';
import { hexIdParams } from './pages.ts';

/** People see news within this time; each open stream costs four statements as often. */
const LOOK_MS = 500;
const BATCH = 500;

const headers = z.looseObject({
  'last-event-id': z
    .string()
    .regex(/^\d{0,9}$/, 'expected the id of an event, a number')
    .optional()
    .describe('Only events after this one; browsers send it when they reconnect'),
});

/** The event log as it grows, as server-sent events (HTML Living Standard, section 9.2). */
export async function jobStreamRoutes(app: ApiInstance, context: ApiContext): Promise<void> {
  app.get(
    '/jobs/:id/stream',
    {
      config: { right: 'read' },
      schema: {
        tags: ['Jobs'],
        summary: 'Live events of a job (server-sent events)',
        description:
          'An `event` is an entry of the event log, with its `seq` as `id`; a `status` is the status answer, sent at once and whenever it changes. When the job has ended, an `end` carries its last status and the stream closes. It also closes, without an `end`, when the token or key is no longer good: reconnect with a new one. The token is sent in the Authorization header, never in the URL.',
        params: hexIdParams,
        headers,
        response: {
          200: { description: 'Events', content: { 'text/event-stream': { schema: z.string() } } } as never,
          404: errorBody.describe('There is no such job'),
        },
      },
    },
    async (request, reply) => {
      const job = await getJob(context.db, request.params.id);
      const left = new AbortController();
      request.raw.once('close', () => left.abort());
      const after = Number(request.headers['last-event-id'] || 0);
      const mayRead = () => isStillAllowed(request);
      const signal = AbortSignal.any([left.signal, context.closing]);
      const stream = Readable.from(follow(context, { jobId: job.id, after, mayRead }, signal));
      return reply
        .type('text/event-stream')
        .header('X-Accel-Buffering', 'no')
        .send(stream as never);
    },
  );
}

/** A revoked key, a disabled user and a token that ran out end what they opened; the client that asks again is told why. */
async function isStillAllowed(request: FastifyRequest): Promise<boolean> {
  try {
    requireRight(await request.server.callerOf(request), 'read');
    return true;
  } catch (error) {
    if (error instanceof AssayError && error.row.kind === 'caller') return false;
    throw error;
  }
}

async function* follow(
  context: ApiContext,
  wanted: { jobId: string; after: number; mayRead(): Promise<boolean> },
  signal: AbortSignal,
): AsyncGenerator<string> {
  const { jobId } = wanted;
  let { after } = wanted;
  let checkedAt = Date.now();
  let told = '';
  yield 'retry: 1000\n\n';
  while (!signal.aborted) {
    const due = Date.now() - checkedAt >= context.config.streamCheckMs;
    if (due && !(await wanted.mayRead())) return;
    if (due) checkedAt = Date.now();
    // The status is read first: what a job logged before it ended is then seen below.
    const job = await getJob(context.db, jobId);
    const events = await listEvents(context.db, jobId, after, BATCH);
    for (const event of events) yield toText('event', toEventBody(event), event.seq);
    after = events.at(-1)?.seq ?? after;
    if (events.length === BATCH) continue;
    const status = await viewStatus(context.db, job);
    if (isTerminal(job.status)) {
      yield toText('end', status, after);
      return;
    }
    // The time it takes changes always, and is no news.
    const news = JSON.stringify({ ...status, duration: 0 });
    if (news !== told) yield toText('status', status);
    else if (due) yield ': still there\n\n';
    told = news;
    await pause(LOOK_MS, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

const toText = (kind: string, data: unknown, id?: number): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`;
