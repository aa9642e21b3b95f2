import { z } from 'zod';
import { AssayError } from '../../errors/assay-error.ts';
import { TABLE_LIKE } from '../../model/entity.ts';
import { SAMPLE_ROWS } from '../../profile/drawn.ts';
import { getEntity } from '../../store/entities.ts';
import { listColumnProfiles } from '../../store/read-profiles.ts';
import type { ApiContext, ApiInstance } from '../app-options.ts';
import { errorBody } from '../plugins/errors.ts';
import { loadSamples } from '../views/samples.ts';
import { auditSamples } from './entities.ts';
import { uuidParams } from './pages.ts';

const samplesBody = z
  .object({
    entityId: z.string(),
    jobId: z.string().describe('The job that took the samples'),
    profiledAt: z.string(),
    masked: z.boolean().describe('The caller may not see samples: values are `******`'),
    columns: z.array(z.object({ id: z.string(), name: z.string() })),
    rows: z
      .array(z.array(z.string().nullable()))
      .describe(
        'Rows of the source, the newest first, the others drawn at random; a value for each column. Texts are cut at 200 characters',
      ),
  })
  .meta({ title: 'Samples' });

/** Sample rows, as the last profile with `buildSamples` took them. */
export async function sampleRoutes(app: ApiInstance, context: ApiContext): Promise<void> {
  const { db } = context;
  app.get(
    '/entities/:id/samples',
    {
      config: { right: 'read' },
      schema: {
        tags: ['Entities'],
        summary: 'Sample rows of a table, view or file, or sample values of a column',
        description:
          'Taken by the job data-profiling with `buildSamples: true`; the next run replaces them. Without the right `viewSamples` every value is `******`. Who saw samples of what is kept in the audit log.',
        params: uuidParams,
        querystring: z.object({
          sampleLimit: z.coerce
            .number('expected a number')
            .int()
            .min(1)
            .max(1_000)
            .default(SAMPLE_ROWS)
            .describe('Rows at most'),
        }),
        response: {
          200: z.object({ status: z.int(), data: samplesBody }).describe('The samples'),
          404: errorBody.describe('There is no such entity, or it has no samples'),
        },
      },
    },
    async (request) => {
      const { user } = request;
      const mayDisclose = user.rights.has('viewSamples');
      const entity = await getEntity(db, request.params.id);
      const columns = TABLE_LIKE.includes(entity.type)
        ? (await listColumnProfiles(db, entity.id)).map((row) => ({ id: row.entityId, name: String(row.body.name) }))
        : [{ id: entity.id, name: entity.name }];
      const samples = await loadSamples(
        context,
        columns.map(({ id }) => id),
        mayDisclose,
      );
      // Rows line up among the columns of one run only: those of the latest.
      const latest = [...samples.values()].reduce<{ jobId: string; profiledAt: Date } | undefined>(
        (a, b) => (a && a.profiledAt >= b.profiledAt ? a : b),
        undefined,
      );
      if (!latest)
        throw new AssayError(
          'NOT_FOUND',
          `${entity.type} ${entity.name} (${entity.id}) has no samples; run the job data-profiling on it with buildSamples`,
        );
      if (mayDisclose) await auditSamples(db, user, [entity.id]);
      const shown = columns.filter(({ id }) => samples.get(id)?.jobId === latest.jobId);
      const values = shown.map(({ id }) => samples.get(id)?.values ?? []);
      const count = Math.min(request.query.sampleLimit, values[0]?.length ?? 0);
      return {
        status: 200,
        data: {
          entityId: entity.id,
          jobId: latest.jobId,
          profiledAt: latest.profiledAt.toISOString(),
          masked: !mayDisclose,
          columns: shown,
          rows: Array.from({ length: count }, (_, row) => values.map((column) => column[row] ?? null)),
        },
      };
    },
  );
}
