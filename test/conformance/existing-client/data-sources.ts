import { HEX, run } from './jobs.ts';
import type { Json, Wire } from './wire.ts';

/** @returns the source that all else is done with */
export async function useDataSources(wire: Wire): Promise<Json> {
  const { given, check, is, isError, call } = wire;
  const name = `Existing ${given.version} [1]`;
  const made = await call('POST', '/data-sources', {
    ...given.source,
    resourceName: name,
    affinityId: 'DEFAULT',
    description: null,
  });
  is('creating a data source', [made.code, made.body.status, made.body.data?.length], [201, 201, 1]);
  const [source] = made.body.data ?? [];
  check('_id of a data source should be 24 hex digits', HEX.test(source?._id), source);
  check('pId should be a whole number', Number.isInteger(source?.pId), source?.pId);
  for (const [key, value] of Object.entries(given.source)) {
    if (/password|secret|key/i.test(key)) check(`${key} should not come back usable`, source?.[key] !== value);
    else is(`${key} of the new source`, source?.[key], value);
  }
  const again = await call('POST', '/data-sources', { ...given.source, resourceName: name });
  check(
    'the same name twice should be an error with a reason',
    again.code >= 400 && again.code < 500 && again.body.message,
    again,
  );
  const twins = ['A', 'B'].map((one) => ({ ...given.source, resourceName: `${name} twin ${one}` }));
  const several = await call('POST', '/data-sources', twins);
  is('creating two at once', [several.code, several.body.data?.length], [201, 2]);
  const mixed = await call('POST', '/data-sources', [twins[0], { ...given.source, resourceName: `${name} twin C` }]);
  is('creating two of which one is there', [mixed.code, mixed.body.data?.length], [207, 1]);
  const find = async (filters: Json, query = '?skip=0&limit=50') =>
    (await call('POST', `/data-sources/filter${query}`, { filters })).body;
  const exact = await find({ resourceNames: [name] });
  is(
    'finding by name',
    exact.data?.map((one: Json) => one._id),
    [source?._id],
  );
  is('finding by wildcard', (await find({ resourceNames: [`${name} twin*`] })).pageInfo?.totalCount, 3);
  is('a window of them', (await find({ resourceNames: [`${name} twin*`] }, '?skip=1&limit=1')).data?.length, 1);
  check(
    '* should list all',
    (await find({ resourceNames: ['*'] })).data?.some((one: Json) => one._id === source?._id),
  );
  is('finding by id', (await find({ ids: [source?._id] })).data?.length, 1);
  const one = await call('GET', `/data-sources/${source?._id}`);
  is('reading it', [one.code, one.body.data?._id], [200, source?._id]);
  is('reading by ids', (await call('POST', '/data-sources/by-ids', { ids: [source?._id] })).body.data?.length, 1);
  isError('an unknown id', await call('GET', `/data-sources/${'0'.repeat(24)}`), 404);
  for (const twin of (await find({ resourceNames: [`${name} twin*`] })).data ?? [])
    await run(wire, 'remove-datasource', { id: twin._id, fqdnId: twin.fqdnId });
  is('removed sources', (await find({ resourceNames: [`${name} twin*`] })).pageInfo?.totalCount, 0);
  return { ...given.source, ...source };
}
