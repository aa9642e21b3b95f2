import { z } from 'zod';
import { AssayError } from '../../errors/assay-error.ts';
import { splitPatch } from '../../model/attributes.ts';
import { recordAct } from '../../store/audit.ts';
import type { Db } from '../../store/database.ts';
import { editEntity, listAssertions } from '../../store/edit-entity.ts';
import { getEntity, listChildren, loadEntities } from '../../store/entities.ts';
import { filterEntityIds } from '../../store/filter-entities.ts';
import { findProfile, listColumnProfiles } from '../../store/read-profiles.ts';
import type { ApiContext, ApiInstance, Caller } from '../app-options.ts';
import { errorBody } from '../plugins/errors.ts';
import { entityBody, toEntityBody } from '../views/entity.ts';
import { entityPatch } from '../views/entity-attributes.ts';
import { holdsValues, toEvidence } from '../views/evidence.ts';
import { profilingInfoOf, toProfileResource } from '../views/profile.ts';
import { profileData } from '../views/profile-schema.ts';
import { loadSamples } from '../views/samples.ts';
import { filterRequest, toEntityFilter } from './entity-filter.ts';
import {
  cursorInfo,
  cursorParameter,
  flagParameter,
  fromCursor,
  ifMatchHeaders,
  requireMatch,
  sizeParameter,
  toCursor,
  toETag,
  uuid,
  uuidParams,
} from './pages.ts';

const tags = ['Entities'];
const notFound = errorBody.describe('There is no such entity');
export const extended = flagParameter.describe('Adds fqdnDisplay and resourceName');
const one = z.object({ status: z.int(), data: entityBody });
const page = z.object({ status: z.int(), data: z.array(entityBody), cursorInfo }).describe('A page of entities');
export const sampleLimit = z.coerce
  .number('expected a number')
  .int()
  .min(0)
  .max(1_000)
  .default(20)
  .describe('Sample values per column at most');
export const profiledEntity = entityBody
  .extend({
    profilingInfo: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe('null for what has no profile or is no column'),
  })
  .meta({ title: 'ProfiledEntity' });
const assertionBody = z
  .object({
    kind: z.string(),
    value: z.string(),
    body: z.record(z.string(), z.unknown()),
    origin: z.string().describe('human, job or import'),
    byUser: z.string(),
    byJob: z.string(),
    at: z.string(),
    removedBy: z.string().describe('The person who took it back: no job says it again'),
    removedByJob: z.string().describe('The job that found it no longer holds'),
    removedAt: z.string(),
    methodId: z
      .string()
      .describe(
        'The dictionary or data pattern that found it; "people" where a table takes what a person set on a column; else ""',
      ),
    columnId: z.string().describe('The column that it was found in'),
    evidence: z
      .record(z.string(), z.unknown())
      .describe(
        'Of a finding: confidence, factors with weight and share, matched and unmatched values (`******` without `viewSamples`), the smallest change that would turn it',
      ),
  })
  .meta({ title: 'Assertion' });

export async function entityRoutes(app: ApiInstance, context: ApiContext): Promise<void> {
  const { db } = context;
  const read = { right: 'read' } as const;
  const maySee = (user: Caller) => user.rights.has('viewSamples');

  app.get(
    '/entities/:id',
    {
      config: read,
      schema: {
        tags,
        summary: 'Get an entity',
        params: uuidParams,
        querystring: z.object({ extended }),
        response: { 200: one.describe('The entity; its ETag changes with every edit'), 404: notFound },
      },
    },
    async (request, reply) => {
      const entity = await getEntity(db, request.params.id);
      void reply.header('ETag', toETag(entity.etag));
      return {
        status: 200,
        data: toEntityBody(entity, { extended: request.query.extended, samples: maySee(request.user) }),
      };
    },
  );

  app.get(
    '/entities/:id/children',
    {
      config: read,
      schema: {
        tags,
        summary: 'Direct children of an entity, in the order of the source',
        params: uuidParams,
        querystring: z.object({ extended, size: sizeParameter(500, 100), cursor: cursorParameter }),
        response: { 200: page, 404: notFound },
      },
    },
    async (request) => {
      const { size, cursor, extended: wide } = request.query;
      const parent = await getEntity(db, request.params.id);
      const ids = await listChildren(
        db,
        parent.id,
        fromCursor(cursor, z.tuple([z.int32(), z.string(), uuid])),
        size + 1,
      );
      const children = await loadEntities(db, ids.slice(0, size));
      const last = children.at(-1);
      return {
        status: 200,
        data: children.map((child) => toEntityBody(child, { extended: wide, samples: maySee(request.user) })),
        cursorInfo: { cursor: ids.length > size && last ? toCursor([last.ordinal, last.name, last.id]) : '' },
      };
    },
  );

  app.patch(
    '/entities/:id',
    {
      config: { right: 'editAttributes' },
      schema: {
        tags,
        summary: 'Edit the attributes of an entity',
        description:
          'Tags, terms and sensitivity that vanish are kept as removals by you: no job brings them back. Unknown keys are an error.',
        params: uuidParams,
        headers: ifMatchHeaders,
        body: entityPatch,
        response: {
          200: one.describe('The edited entity'),
          404: notFound,
          412: errorBody.describe('Somebody changed it meanwhile'),
        },
      },
    },
    async (request, reply) => {
      const { user } = request;
      const edit = await editEntity(db, request.params.id, user.id, splitPatch(request.body.attributes), (before) =>
        requireMatch(request.headers['if-match'] as string | undefined, before.etag),
      );
      await recordAct(db, user, 'attributes edited', request.params.id, { ...edit });
      const entity = await getEntity(db, request.params.id);
      void reply.header('ETag', toETag(entity.etag));
      return { status: 200, data: toEntityBody(entity, { extended: false, samples: maySee(user) }) };
    },
  );

  app.get(
    '/entities/:id/assertions',
    {
      config: read,
      schema: {
        tags,
        summary: 'Who said what of an entity: tags, terms, sensitivity, with evidence',
        params: uuidParams,
        response: {
          200: z
            .object({ status: z.int(), data: z.array(assertionBody) })
            .describe('Oldest first, those taken back included'),
          404: notFound,
        },
      },
    },
    async (request) => {
      const entity = await getEntity(db, request.params.id);
      const said = await listAssertions(db, entity.id);
      const samples = maySee(request.user);
      if (samples && said.some(({ evidence }) => holdsValues(evidence)))
        await auditSamples(db, request.user, [entity.id]);
      return {
        status: 200,
        data: said.map((item) => ({
          ...item,
          byUser: item.byUser ?? '',
          byJob: item.byJob ?? '',
          at: item.at.toISOString(),
          removedBy: item.removedBy ?? '',
          removedByJob: item.removedByJob ?? '',
          removedAt: item.removedAt?.toISOString() ?? '',
          methodId: item.methodId ?? '',
          columnId: item.columnId ?? '',
          evidence: toEvidence(item.evidence, samples),
        })),
      };
    },
  );

  app.get(
    '/entities/:id/profile',
    {
      config: read,
      schema: {
        tags,
        summary: 'Profile of a table or column, each figure with its basis',
        description:
          'Values of the source are masked for callers without the right `viewSamples`. What the figures mean is in docs/profile.md. A nested column (struct, list, map, JSON) has `paths`: the figures of each path within it.',
        params: uuidParams,
        response: {
          200: z.object({ status: z.int(), data: profileData }).describe('The profile; of a table with its columns'),
          404: errorBody.describe('There is no such entity, or it was never profiled'),
        },
      },
    },
    async (request) => {
      const entity = await getEntity(db, request.params.id);
      const profile = await findProfile(db, entity.id);
      if (!profile)
        throw new AssayError(
          'NOT_FOUND',
          `${entity.type} ${entity.name} (${entity.id}) has no profile; run the job data-profiling on it`,
        );
      const samples = maySee(request.user);
      if (samples) await auditSamples(db, request.user, [entity.id]);
      if (entity.type === 'COLUMN') return { status: 200, data: toProfileResource(profile, true, samples) };
      const columns = (await listColumnProfiles(db, entity.id)).map((row) => toProfileResource(row, true, samples));
      return { status: 200, data: { ...toProfileResource(profile, false, samples), columns } };
    },
  );

  app.post(
    '/entities/filter',
    {
      config: read,
      schema: {
        tags,
        summary: 'Find entities',
        querystring: z.object({ extended, size: sizeParameter(500, 100), cursor: cursorParameter }),
        body: filterRequest,
        response: { 200: page },
      },
    },
    async (request) => {
      const found = await find(request.body.filters, request.query);
      const options = { extended: request.query.extended, samples: maySee(request.user) };
      return {
        status: 200,
        data: found.entities.map((entity) => toEntityBody(entity, options)),
        cursorInfo: found.cursorInfo,
      };
    },
  );

  app.post(
    '/entities/filter/profiling-info',
    {
      config: read,
      schema: {
        tags,
        summary: 'Find entities, with what profiling knows of them',
        querystring: z.object({ extended, sampleLimit, size: sizeParameter(500, 100), cursor: cursorParameter }),
        body: filterRequest,
        response: {
          200: z.object({ status: z.int(), data: z.array(profiledEntity), cursorInfo }).describe('A page of entities'),
        },
      },
    },
    async (request) => {
      const found = await find(request.body.filters, request.query);
      const samples = maySee(request.user);
      const seen = found.entities.filter((entity) => entity.profileBody !== null).map((entity) => entity.id);
      if (samples && seen.length > 0) await auditSamples(db, request.user, seen);
      const values = await sampleValues(context, seen, samples, request.query.sampleLimit);
      return {
        status: 200,
        data: found.entities.map((entity) => ({
          ...toEntityBody(entity, { extended: request.query.extended, samples }),
          profilingInfo: profilingInfoOf(entity, samples, values.get(entity.id) ?? []) as Record<
            string,
            unknown
          > | null,
        })),
        cursorInfo: found.cursorInfo,
      };
    },
  );

  async function find(filters: z.output<typeof filterRequest>['filters'], query: { size: number; cursor?: string }) {
    const after = fromCursor(query.cursor, z.tuple([uuid]))?.[0];
    const ids = await filterEntityIds(db, toEntityFilter(filters), after, query.size + 1);
    const pageIds = ids.slice(0, query.size);
    const last = pageIds.at(-1);
    return {
      entities: await loadEntities(db, pageIds),
      cursorInfo: { cursor: ids.length > query.size && last ? toCursor([last]) : '' },
    };
  }
}

/** Sample values of columns as they may be shown, so many of each. */
export async function sampleValues(
  context: Pick<ApiContext, 'db' | 'secrets'>,
  ids: readonly string[],
  mayDisclose: boolean,
  limit: number,
): Promise<Map<string, (string | null)[]>> {
  if (limit === 0) return new Map();
  const samples = await loadSamples(context, ids, mayDisclose);
  return new Map([...samples].map(([id, { values }]) => [id, values.slice(0, limit)]));
}

/** Notes who saw values of which entities. */
export const auditSamples = (db: Db, user: Caller, ids: readonly string[]): Promise<void> =>
  recordAct(db, user, 'samples viewed', ids.length === 1 ? ids[0]! : '', {
    entities: ids.length,
    first: ids.slice(0, 20),
  });
