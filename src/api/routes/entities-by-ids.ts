import { z } from 'zod';
import { loadEntities } from '../../store/entities.ts';
import type { ApiContext, ApiInstance } from '../app-options.ts';
import { entityBody, toEntityBody } from '../views/entity.ts';
import { profilingInfoOf } from '../views/profile.ts';
import { auditSamples, extended, profiledEntity, sampleLimit, sampleValues } from './entities.ts';
import { uuid } from './pages.ts';

const MOST_IDS = 500;

const idsRequest = z
  .strictObject({ ids: z.array(uuid).min(1).max(MOST_IDS).describe(`Ids of entities, up to ${MOST_IDS}`) })
  .meta({ example: { ids: ['dabd6390-59a6-43be-99eb-fa915fdef7fb'] } });
const answer = <T extends z.ZodType>(item: T) =>
  z
    .object({
      status: z.int(),
      data: z.array(item),
      notFound: z.array(z.string()).describe('Ids that there are no entities of'),
    })
    .describe('The entities in the order of the ids, each once');

export async function entitiesByIdsRoutes(app: ApiInstance, context: ApiContext): Promise<void> {
  const { db } = context;
  app.post(
    '/entities/by-ids',
    {
      config: { right: 'read' },
      schema: {
        tags: ['Entities'],
        summary: 'Get entities by their ids',
        querystring: z.object({ extended }),
        body: idsRequest,
        response: { 200: answer(entityBody) },
      },
    },
    async (request) => {
      const { entities, notFound } = await load(request.body.ids);
      const options = { extended: request.query.extended, samples: request.user.rights.has('viewSamples') };
      return { status: 200, data: entities.map((entity) => toEntityBody(entity, options)), notFound };
    },
  );

  app.post(
    '/entities/by-ids/profiling-info',
    {
      config: { right: 'read' },
      schema: {
        tags: ['Entities'],
        summary: 'Get entities by their ids, with what profiling knows of them',
        querystring: z.object({ extended, sampleLimit }),
        body: idsRequest,
        response: { 200: answer(profiledEntity) },
      },
    },
    async (request) => {
      const { entities, notFound } = await load(request.body.ids);
      const samples = request.user.rights.has('viewSamples');
      const seen = entities.filter((entity) => entity.profileBody !== null).map((entity) => entity.id);
      if (samples && seen.length > 0) await auditSamples(db, request.user, seen);
      const values = await sampleValues(context, seen, samples, request.query.sampleLimit);
      return {
        status: 200,
        data: entities.map((entity) => ({
          ...toEntityBody(entity, { extended: request.query.extended, samples }),
          profilingInfo: profilingInfoOf(entity, samples, values.get(entity.id) ?? []) as Record<
            string,
            unknown
          > | null,
        })),
        notFound,
      };
    },
  );

  async function load(given: readonly string[]) {
    const ids = [...new Set(given.map((id) => id.toLowerCase()))];
    const entities = await loadEntities(db, ids);
    const found = new Set(entities.map((entity) => entity.id));
    return { entities, notFound: ids.filter((id) => !found.has(id)) };
  }
}
