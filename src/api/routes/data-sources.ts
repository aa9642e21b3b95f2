import { z } from 'zod';
import { isHexId } from '../../model/ids.ts';
import { splitConfig } from '../../model/source-fields.ts';
import { recordAct } from '../../store/audit.ts';
import { filterDataSources, getDataSource, listDataSourcesById, updateDataSource } from '../../store/data-sources.ts';
import type { ApiContext, ApiInstance } from '../app-options.ts';
import { listUnready, toChange } from '../change-data-source.ts';
import { errorBody } from '../plugins/errors.ts';
import { startJob } from '../start-job.ts';
import { dataSourceBody, SOURCE_REQUEST, toDataSourceBody } from '../views/data-source.ts';
import { acceptedBody, toAcceptedBody } from '../views/job.ts';
import { hexIdParams, ifMatchHeaders, requireMatch, toETag } from './pages.ts';

const tags = ['Data sources'];
const notFound = errorBody.describe('There is no such data source');
const conflict = errorBody.describe('Name or fqdnId is taken, or the source is being removed');
const one = z.object({ status: z.int(), data: dataSourceBody, warnings: z.array(z.string()).optional() });
const page = z
  .object({ status: z.int(), data: z.array(dataSourceBody), pageInfo: z.object({ totalCount: z.int() }) })
  .describe('A page of data sources, by name');

const skip = z.coerce
  .number('expected a number')
  .int()
  .min(0)
  .max(1_000_000_000)
  .default(0)
  .describe('How many to leave out');
const limit = z.coerce
  .number('expected a number')
  .int()
  .min(1)
  .max(1_000)
  .default(100)
  .describe('How many at most, up to 1,000');
const patterns = z.array(z.string().max(1_000)).max(1_000).optional();
const filters = z
  .strictObject({
    ids: patterns.describe('Ids'),
    resourceNames: patterns.describe('Names; `*` stands for any text, `?` for one character'),
    databaseTypes: patterns.describe('Kinds, with wildcards'),
    fqdnIds: patterns.describe('fqdnIds, with wildcards'),
    affinityIds: patterns.describe('Affinities, with wildcards'),
    statuses: patterns.describe('ONLINE, OFFLINE'),
  })
  .describe('AND between keys, OR within');

export async function dataSourceRoutes(app: ApiInstance, context: ApiContext): Promise<void> {
  const { db } = context;
  const read = { right: 'read' } as const;
  const manage = { right: 'manageSources' } as const;

  app.get(
    '/data-sources',
    {
      config: read,
      schema: {
        tags,
        summary: 'List data sources',
        querystring: z.object({
          skip,
          limit,
          resourceName: z.string().max(1_000).optional().describe('Name, with wildcards'),
        }),
        response: { 200: page },
      },
    },
    async (request) => {
      const { resourceName, ...window } = request.query;
      return list(resourceName === undefined ? {} : { resourceNames: [resourceName] }, window);
    },
  );

  app.post(
    '/data-sources/filter',
    {
      config: read,
      schema: {
        tags,
        summary: 'Find data sources',
        querystring: z.object({ skip, limit }),
        body: z
          .strictObject({ filters: filters.default({}) })
          .meta({ example: { filters: { resourceNames: ['Sales*'], databaseTypes: ['POSTGRES'] } } }),
        response: { 200: page },
      },
    },
    async (request) => list(request.body.filters, request.query),
  );

  async function list(wanted: z.output<typeof filters>, window: { skip: number; limit: number }) {
    const { rows, totalCount } = await filterDataSources(db, wanted, window);
    return { status: 200, data: rows.map(toDataSourceBody), pageInfo: { totalCount } };
  }

  app.post(
    '/data-sources/by-ids',
    {
      config: read,
      schema: {
        tags,
        summary: 'Get data sources by their ids',
        body: z
          .strictObject({
            ids: z.array(z.string().refine(isHexId, 'expected 24 hex digits')).max(10_000).describe('Ids'),
          })
          .meta({ example: { ids: ['6852ca4a50c4d05ad04a7490'] } }),
        response: {
          200: z
            .object({ status: z.int(), data: z.array(dataSourceBody) })
            .describe('Those that exist, in the order of the ids'),
        },
      },
    },
    async (request) => ({
      status: 200,
      data: (await listDataSourcesById(db, [...new Set(request.body.ids)])).map(toDataSourceBody),
    }),
  );

  app.get(
    '/data-sources/:id',
    {
      config: read,
      schema: {
        tags,
        summary: 'Get a data source',
        params: hexIdParams,
        response: { 200: one.describe('The data source; its ETag is the version'), 404: notFound },
      },
    },
    async (request, reply) => {
      const row = await getDataSource(db, request.params.id);
      void reply.header('ETag', toETag(row.version));
      return { status: 200, data: toDataSourceBody(row) };
    },
  );

  app.patch(
    '/data-sources/:id',
    {
      config: manage,
      schema: {
        tags,
        summary: 'Change a data source',
        description:
          'Fields left out stay; null or "" empties a field. A change of where the connection goes must bring its own secret.',
        params: hexIdParams,
        headers: ifMatchHeaders,
        body: z
          .record(z.string(), z.unknown())
          .meta({ ...SOURCE_REQUEST, example: { description: 'Sales, read replica' } }),
        response: {
          200: one.describe('The changed data source'),
          404: notFound,
          409: conflict,
          412: errorBody.describe('Somebody changed it meanwhile'),
        },
      },
    },
    async (request, reply) => {
      const split = splitConfig(request.body);
      const row = await updateDataSource(db, request.params.id, (before) => {
        requireMatch(request.headers['if-match'] as string | undefined, before.version);
        return toChange(before, split, context.secrets);
      });
      const fields = [...Object.keys(split.config), ...Object.keys(split.secrets), ...split.emptied];
      await recordAct(db, request.user, 'source changed', row.id, { resourceName: row.resource_name, fields });
      const warnings = [...split.warnings, ...listUnready(row)];
      void reply.header('ETag', toETag(row.version));
      return {
        status: 200,
        data: toDataSourceBody(row),
        ...(warnings.length > 0 ? { warnings } : {}),
      };
    },
  );

  const removal = context.engine.specs.find((spec) => spec.name === 'CLEANUP_DATASOURCE');
  if (!removal) return;
  app.delete(
    '/data-sources/:id',
    {
      config: manage,
      schema: {
        tags,
        summary: 'Remove a data source and everything it brought',
        description:
          'Starts the job of POST /jobs/execute/remove-datasource; name and fqdnId are free when it has ended.',
        params: hexIdParams,
        response: { 200: acceptedBody, 404: notFound, 409: conflict },
      },
    },
    async (request) => {
      const row = await getDataSource(db, request.params.id);
      const body = removal.request.parse({ id: row.id, fqdnId: row.fqdn_id });
      const { job, replayed } = await startJob(context, removal, { body, user: request.user, warnings: [] });
      return toAcceptedBody(job, replayed);
    },
  );
}
