import { z } from 'zod';
import { countFacets } from '../../store/search/count-facets.ts';
import { findPage } from '../../store/search/find-page.ts';
import { listSourceNames } from '../../store/search/source-names.ts';
import type { ApiContext, ApiInstance } from '../app-options.ts';
import { errorBody } from '../plugins/errors.ts';
import { facetBody, searchRow, toFacet, toSearchRow } from '../views/search.ts';
import { FACET_KEYS, facetsRequest, searchRequest, toSearchFilter } from './search-request.ts';

const tags = ['Search'];
const noSource = errorBody.describe('A data source in searchFacets does not exist');
const total = z.int().describe('Entities that match');
const exact = z
  .boolean()
  .describe(
    'false when there may be more: the term means so many places that not all were looked at, or a large change of the ' +
      'catalog is still being taken in',
  );
const pageInfo = z.object({
  totalMatchCount: total,
  totalIsExact: exact,
  page: z.int(),
  perPage: z.int(),
  totalPages: z.int(),
});

export async function searchRoutes(app: ApiInstance, { db }: ApiContext): Promise<void> {
  app.post(
    '/search',
    {
      config: { right: 'read' },
      schema: {
        tags,
        summary: 'Search the catalog',
        description:
          'Finds entities by name, path, description, tags and business terms. Words match from their beginning, in any order, ' +
          'whatever their case and accents; `custOrdId`, `CUST_ORD_ID` and `cust-ord-id` are the same. Where few match as typed, ' +
          'one typo per word is forgiven. What was committed before the request is found, unless it is so much that taking it in ' +
          'takes longer than five seconds: see `totalIsExact`.',
        body: searchRequest,
        response: {
          200: z.object({ status: z.int(), data: z.array(searchRow), pageInfo }).describe('A page of rows, best first'),
          404: noSource,
        },
      },
    },
    async (request) => {
      const { searchTerm, searchFacets, page, perPage } = request.body;
      const filter = toSearchFilter(searchFacets, await listSourceNames(db));
      const found = await findPage(db, { term: searchTerm, filter, skip: (page - 1) * perPage, take: perPage });
      const options = { extended: true, samples: request.user.rights.has('viewSamples') };
      return {
        status: 200,
        data: found.hits.map((hit) => toSearchRow(hit, searchTerm, options)),
        pageInfo: {
          totalMatchCount: found.total,
          totalIsExact: found.totalIsExact,
          page,
          perPage,
          totalPages: Math.ceil(found.total / perPage),
        },
      };
    },
  );

  app.post(
    '/search/facets',
    {
      config: { right: 'read' },
      schema: {
        tags,
        summary: 'Count what a search finds, by facet',
        description: 'Counts what the same body finds at /search, by type, data source, tags and so on.',
        body: facetsRequest,
        response: {
          200: z
            .object({
              status: z.int(),
              data: z.array(facetBody),
              pageInfo: z.object({ totalMatchCount: total, totalIsExact: exact }),
            })
            .describe('Facets in a fixed order, their options most frequent first'),
          404: noSource,
        },
      },
    },
    async (request) => {
      const sources = await listSourceNames(db);
      const filter = toSearchFilter(request.body.searchFacets, sources);
      const found = await countFacets(db, request.body.searchTerm, filter);
      const names = new Map(sources.map((source) => [source.id, source.resourceName]));
      return {
        status: 200,
        data: FACET_KEYS.map((key) => toFacet(key, found.counts, names)),
        pageInfo: { totalMatchCount: found.total, totalIsExact: found.exact },
      };
    },
  );
}
