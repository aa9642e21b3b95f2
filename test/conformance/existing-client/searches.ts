import type { Json, Wire } from './wire.ts';

/** Looks for a column by its name, counts by facet, and fetches by ids what was found. */
export async function useSearches(wire: Wire, source: Json, { table, columns }: Json): Promise<void> {
  const { check, is, isError, call } = wire;
  const [column] = columns;
  const searchFacets = { type: ['COLUMN'], dataSource: [source.resourceName] };
  const body = { searchTerm: column?.name, searchFacets };
  const found = await call('POST', '/search', { ...body, page: 1, perPage: 100 });
  is('a search', found.code, 200);
  const rows: Json[] = found.body.data ?? [];
  is('the name of what is found by it', rows[0]?.name, column?.name);
  check(
    'a search by name should find the column',
    rows.some((row) => row._id === column?._id),
    rows,
  );
  for (const key of ['_id', 'name', 'type', 'fqdn', 'resourceId'])
    check(`a row of a search should have ${key}`, typeof rows[0]?.[key] === 'string', rows[0]);
  is('totalMatchCount', found.body.pageInfo?.totalMatchCount, rows.length);

  const all = { searchTerm: '', searchFacets };
  const paged: Json[] = [];
  for (let page = 1, total = 1; paged.length < total && page < 1_000; page += 1) {
    const answer = await call('POST', '/search', { ...all, page, perPage: 2 });
    is('a page of a search', answer.code, 200);
    if ((answer.body.data ?? []).length === 0) break;
    paged.push(...answer.body.data);
    total = answer.body.pageInfo?.totalMatchCount;
  }
  const seen = new Set(paged.map((row) => row._id));
  is('every row of the pages once', seen.size, paged.length);
  check(
    'the pages should have every column',
    columns.every((one: Json) => seen.has(one._id)),
  );

  const facets = await call('POST', '/search/facets', { ...all, page: 1, perPage: 2 });
  is('facets', facets.code, 200);
  const options = (key: string): Json[] => facets.body.data?.find((facet: Json) => facet.key === key)?.options ?? [];
  for (const key of ['type', 'sensitivity', 'trustScore', 'dataSource'])
    check(
      `there should be the facet ${key}`,
      facets.body.data?.some((facet: Json) => facet.key === key),
      facets.body,
    );
  is('how many columns the facet counts', options('type').find((one) => one.value === 'COLUMN')?.count, paged.length);
  const [kind] = options('dataSource');
  is('the name of a data source in its facet', kind?.name, source.resourceName);
  const narrowed = { ...all, searchFacets: { ...searchFacets, dataSource: [kind?.value], trustScore: [0, 100] } };
  is('a search by values of facets', (await call('POST', '/search', narrowed)).code, 200);
  isError('an unknown facet', await call('POST', '/search', { ...all, searchFacets: { colour: ['red'] } }), 400);
  const nowhere = { ...all, searchFacets: { dataSource: ['there is none of this name'] } };
  isError('a search in an unknown data source', await call('POST', '/search', nowhere), 404);

  const ids = [column?._id, table?._id, column?._id];
  const fetched = await call('POST', '/entities/by-ids', { ids });
  is('by ids', fetched.code, 200);
  is(
    'those by ids, in their order',
    fetched.body.data?.map((one: Json) => one._id),
    [column?._id, table?._id],
  );
  const gone = '123e4567-e89b-12d3-a456-426614174000';
  const some = await call('POST', '/entities/by-ids/profiling-info', { ids: [gone, column?._id] });
  is('by ids, one of them unknown', [some.code, some.body.data?.length], [200, 1]);
  const [profiled] = some.body.data ?? [];
  check('by ids: profilingInfo should be there', profiled?.profilingInfo?.stats?.rowCount > 0, profiled);
  isError('by no ids', await call('POST', '/entities/by-ids', { ids: [] }), 400);
}
