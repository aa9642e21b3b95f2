import type { Json, Wire } from './wire.ts';

export async function pages(
  wire: Wire,
  filters: Json,
  size: number,
  path = '/entities/filter',
  more = '',
): Promise<Json[]> {
  const { check, is, call } = wire;
  const all: Json[] = [];
  let cursor = '';
  do {
    const { code, body } = await call(
      'POST',
      `${path}?size=${size}${more}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
      { filters },
    );
    is(`a page of ${path}`, code, 200);
    all.push(...(body.data ?? []));
    check('a page should not be larger than asked', (body.data ?? []).length <= size);
    cursor = body.cursorInfo?.cursor ?? '';
  } while (cursor && all.length < 10_000);
  return all;
}

export async function useEntities(wire: Wire, source: Json): Promise<Json> {
  const { check, is, isError, call } = wire;
  // Clients written for several builds name every type they ever met.
  const types = ['TABLE', 'VIEW', 'FILE', 'FOLDER', 'DIRECTORY', 'OBJECT'];
  const tables = await pages(wire, { resourceIds: [source._id], types }, 500);
  check('the ingest should be queryable when the job has ended', tables.length > 0);
  const table = tables.find((one) => one.type === 'TABLE');
  const columns = await pages(wire, { parentIds: [table?._id], types: ['COLUMN'] }, 500);
  const cut = await pages(wire, { parentIds: [table?._id], types: ['COLUMN'] }, 2);
  const ids = (list: Json[]) => list.map((one) => one._id).sort();
  check('a table of three columns is needed', columns.length >= 3, columns.length);
  is('all pages of two together', ids(cut), ids(columns));
  for (const key of ['_id', 'name', 'type', 'fqdn', 'parentId', 'rootId', 'resourceId', 'createdAt', 'updatedAt'])
    check(`an entity should have ${key}`, typeof columns[0]?.[key] === 'string', columns[0]);
  check(
    'metadata.column should tell the type',
    columns[0]?.metadata?.column?.dataType ?? columns[0]?.metadata?.column?.typeName,
    columns[0]?.metadata,
  );
  is('resourceId of an entity', columns[0]?.resourceId, source._id);
  const [root] = await pages(wire, { resourceIds: [source._id], types: ['RESOURCE'] }, 1);
  check('metadata.resource.type should be the kind of source', root?.metadata?.resource?.type, root?.metadata);
  is(
    'everything below the root, by rootIds',
    ids(await pages(wire, { rootIds: [root?._id], types: ['COLUMN'], names: [columns[0]?.name] }, 500)).includes(
      columns[0]?._id,
    ),
    true,
  );
  is('by fqdn', ids(await pages(wire, { fqdns: [table?.fqdn] }, 500)), [table?._id]);
  const wide = await call('GET', `/entities/${columns[0]?._id}?extended=true`);
  check(
    'extended should add fqdnDisplay and resourceName',
    wide.body.data?.fqdnDisplay && wide.body.data?.resourceName === source.resourceName,
    wide.body,
  );
  isError('no filter at all', await call('POST', '/entities/filter', { filters: {} }), 400);
  isError(
    'more than 500 at once',
    await call('POST', '/entities/filter?size=501', { filters: { types: ['TABLE'] } }),
    400,
  );
  isError('an unknown entity', await call('GET', '/entities/123e4567-e89b-12d3-a456-426614174000'), 404);
  return { root, table, columns };
}
