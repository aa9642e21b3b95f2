import { z } from 'zod';
import type { ApiContext, ApiInstance } from '../app-options.ts';
import { errorBody } from '../plugins/errors.ts';
import { startJob, toIdempotency } from '../start-job.ts';
import { acceptedBody, toAcceptedBody } from '../views/job.ts';

/** Headers of every request that starts jobs. */
export const idempotencyHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('A request repeated with the same key within 24 hours returns the first job'),
});

/** One route per job type that is built; everything about it comes from its spec. */
export async function executeRoutes(app: ApiInstance, context: ApiContext): Promise<void> {
  for (const spec of context.engine.specs) {
    if (spec.internal) continue;
    app.post(
      `/jobs/execute/${spec.path}`,
      {
        config: { right: 'runJobs', lenient: true },
        schema: {
          tags: ['Jobs'],
          summary: spec.summary,
          description: [
            spec.description,
            ...(spec.rights ?? []).map((right) => `Needs the right \`${right}\` too.`),
          ].join(' '),
          headers: idempotencyHeaders,
          body: (spec.request as z.ZodType).meta({ ...z.globalRegistry.get(spec.request), example: spec.example }),
          response: {
            200: acceptedBody,
            404: errorBody.describe('An id is not known'),
            409: errorBody.describe('In conflict with what is stored or running'),
          },
        },
      },
      async (request) => {
        const { job, replayed } = await startJob(context, spec, {
          body: request.body,
          user: request.user,
          warnings: request.bodyWarnings,
          idempotency: toIdempotency(request.headers, request.user, spec.path, request.body),
        });
        return toAcceptedBody(job, replayed, request.bodyWarnings);
      },
    );
  }
}
