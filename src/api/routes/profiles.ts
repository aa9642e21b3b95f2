import { z } from 'zod';
import { getEntity } from '../../store/entities.ts';
import { listColumnProfilesOfJob, listProfileHeads } from '../../store/read-profiles.ts';
import type { ApiContext, ApiInstance } from '../app-options.ts';
import { errorBody } from '../plugins/errors.ts';
import { toProfileResource } from '../views/profile.ts';
import {
  chooseSides,
  compareSides,
  comparisonBody,
  profileHead,
  required,
  toProfileHead,
} from '../views/profile-history.ts';
import { profileData } from '../views/profile-schema.ts';
import { auditSamples } from './entities.ts';
import { cursorInfo, cursorParameter, fromCursor, sizeParameter, toPage, uuid, uuidParams } from './pages.ts';

const tags = ['Profiles'];
const profileId = z.coerce
  .number('expected a number')
  .int()
  .min(1)
  .max(Number.MAX_SAFE_INTEGER)
  .describe('Id of a profile');
const missing = errorBody.describe('There is no such entity, or no such profile is kept');

/** The history of what profiling found, and what changed between two of its entries. */
export async function profileRoutes(app: ApiInstance, { db }: ApiContext): Promise<void> {
  const read = { right: 'read' } as const;

  app.get(
    '/entities/:id/profiles',
    {
      config: read,
      schema: {
        tags,
        summary: 'Profiles of an entity that are kept, newest first',
        description:
          'How many are kept is the setting `ASSAY_RETAIN_PROFILES`; older ones are deleted in the background.',
        params: uuidParams,
        querystring: z.object({ size: sizeParameter(500, 50), cursor: cursorParameter }),
        response: {
          200: z.object({ status: z.int(), data: z.array(profileHead), cursorInfo }).describe('A page of profiles'),
          404: errorBody.describe('There is no such entity'),
        },
      },
    },
    async (request) => {
      const { size, cursor } = request.query;
      const entity = await getEntity(db, request.params.id);
      const before = fromCursor(cursor, z.tuple([z.int()]))?.[0];
      const heads = await listProfileHeads(db, entity.id, before, size + 1);
      const { page, cursorInfo: next } = toPage(heads, size, ({ id }) => [id]);
      return {
        status: 200,
        data: page.map((head) => toProfileHead(head, request.user.rights.has('viewSamples'))),
        cursorInfo: next,
      };
    },
  );

  app.get(
    '/entities/:id/profiles/:profileId',
    {
      config: read,
      schema: {
        tags,
        summary: 'One profile of an entity, each figure with its basis',
        description:
          'As `/entities/{id}/profile`, of any profile that is kept; of a table with the columns that the same job measured. Values of the source are masked for callers without the right `viewSamples`.',
        params: uuidParams.extend({ profileId }),
        response: {
          200: z.object({ status: z.int(), data: profileData }).describe('The profile'),
          404: missing,
        },
      },
    },
    async (request) => {
      const entity = await getEntity(db, request.params.id);
      const profile = await required(db, entity, request.params.profileId);
      const samples = request.user.rights.has('viewSamples');
      if (samples) await auditSamples(db, request.user, [entity.id]);
      const about = { profileId: profile.id };
      if (entity.type === 'COLUMN')
        return { status: 200, data: { ...about, ...toProfileResource(profile, true, samples) } };
      const columns = await listColumnProfilesOfJob(db, entity.id, profile.jobId);
      const shown = columns.map((row) => ({ profileId: row.id, ...toProfileResource(row, true, samples) }));
      return { status: 200, data: { ...about, ...toProfileResource(profile, false, samples), columns: shown } };
    },
  );

  app.get(
    '/entities/:id/profiles/compare',
    {
      config: read,
      schema: {
        tags,
        summary: 'What changed between two profiles',
        description:
          'Of a column or a table: the current profile against the one before it, or any two that are kept. With `with`, against the current profile of another entity (a table in test against the one in production: columns are matched by name). Every change says its basis; what cannot be compared says why. A PSI from 0.1 on is a notice, from 0.25 on a warning, unless chance alone gives as much. Values of the source are masked for callers without the right `viewSamples`.',
        params: uuidParams,
        querystring: z.object({
          with: uuid.optional().describe('Another entity, whose profile is the earlier side'),
          before: profileId
            .optional()
            .describe('Profile of the earlier side; the one before the later side when left out'),
          after: profileId.optional().describe('Profile of this entity; the current one when left out'),
        }),
        response: {
          200: z.object({ status: z.int(), data: comparisonBody }).describe('The comparison'),
          404: missing,
        },
      },
    },
    async (request) => {
      const { with: otherId, ...wanted } = request.query;
      const entity = await getEntity(db, request.params.id);
      const other = otherId === undefined || otherId === entity.id ? undefined : await getEntity(db, otherId);
      const { before, after } = await chooseSides(db, entity, other, wanted);
      const samples = request.user.rights.has('viewSamples');
      if (samples) await auditSamples(db, request.user, [...new Set([before.entity.id, after.entity.id])]);
      return { status: 200, data: await compareSides(db, before, after, samples) };
    },
  );
}
