import type { AssayClient, DataSource, Entity, EntityFilter, ProfiledEntity } from '../../client/index.ts';
import { AssayError } from '../../errors/assay-error.ts';
import { isHexId, isUuid } from '../../model/ids.ts';

const PAGE = 500;

export async function listSources(client: AssayClient): Promise<DataSource[]> {
  const all: DataSource[] = [];
  for (;;) {
    const page = await client.post('/data-sources/filter', {
      body: { filters: { resourceNames: ['*'] } },
      query: { skip: all.length, limit: PAGE },
    });
    all.push(...page.data);
    if (page.data.length === 0 || all.length >= page.pageInfo.totalCount) return all;
  }
}

/** @throws AssayError NOT_FOUND naming what there is */
export async function getSource(client: AssayClient, given: string): Promise<DataSource> {
  const sources = await listSources(client);
  const found =
    sources.find((source) => source._id === given && isHexId(given)) ??
    sources.find((source) => source.resourceName === given) ??
    sources.find((source) => source.fqdnId === given);
  if (found) return found;
  const names = sources.map((source) => source.resourceName);
  const known = names.length > 0 ? `there are ${names.slice(0, 20).join(', ')}` : 'there are none yet';
  throw new AssayError('NOT_FOUND', `no data source has the name, fqdnId or id "${given}": ${known}`);
}

/** The entity at the top of a data source; it is there from the first ingest on. */
export async function rootOf(client: AssayClient, source: DataSource): Promise<Entity> {
  const [root] = await filterEntities(client, { resourceIds: [source._id], types: ['RESOURCE'] }, 1);
  if (root) return root;
  throw new AssayError(
    'NOT_FOUND',
    `${source.resourceName} was not ingested yet: assay jobs start metadata/ingest --source ${source.resourceName}`,
  );
}

/**
 * An entity by its id, its fqdn, or its place below a source's name: `bank/crm/customer/email`. A slash within a name may be given as it is,
 * or as in the fqdn, where it is %2F: `bank/crm/in%2Fout` is meant where both `in` and `in/out` have what follows.
 *
 * @throws AssayError NOT_FOUND naming how far the place leads
 */
export async function findPlace(client: AssayClient, given: string): Promise<Entity> {
  if (isUuid(given)) {
    return (await client.get('/entities/{id}', { path: { id: given } })).data;
  }
  const [byFqdn] = await filterEntities(client, { fqdns: [given] }, 1);
  if (byFqdn) return byFqdn;
  const [name = '', ...names] = given.split('/');
  const found = await descend(client, await rootOf(client, await getSource(client, name)), names);
  if (found.rest.length === 0) return found.here;
  const slash = found.rest.length > 1 ? `, nor "${found.rest.join('/')}"` : '';
  throw new AssayError('NOT_FOUND', `${placeText(found.here)} has nothing named "${found.rest[0]}"${slash}`);
}

interface Reached {
  here: Entity;
  /** What leads no further. */
  rest: readonly string[];
}

/** Follows names as far as they lead: each by itself first, then as the beginning of a name with slashes in it. */
async function descend(client: AssayClient, here: Entity, names: readonly string[]): Promise<Reached> {
  if (names.length === 0) return { here, rest: [] };
  // A name is given as in the fqdn or as it is.
  const ways = names.flatMap((_, i) => {
    const joined = names.slice(0, i + 1).join('/');
    return [...new Set([decodeName(joined), joined])].map((wanted) => ({ wanted, used: i + 1 }));
  });
  const wanted = [...new Set(ways.map((way) => way.wanted))];
  const found = await filterEntities(client, { parentIds: [here._id], names: wanted }, wanted.length);
  let furthest: Reached = { here, rest: names };
  for (const way of ways) {
    const match = found.find((one) => one.name === way.wanted);
    if (!match) continue;
    const reached = await descend(client, match, names.slice(way.used));
    if (reached.rest.length < furthest.rest.length) furthest = reached;
    if (furthest.rest.length === 0) break;
  }
  return furthest;
}

/** Where an entity is, as `findPlace` takes it: below its source's name; what would be read otherwise stays encoded. */
export function placeText(entity: Pick<Entity, 'fqdn' | 'resourceName'>): string {
  const [top = '', ...names] = entity.fqdn.split('/');
  return [entity.resourceName || top, ...names.map(toShownName)].join('/');
}

function toShownName(encoded: string): string {
  const name = decodeName(encoded);
  return name.includes('/') || decodeName(name) !== name ? encoded : name;
}

function decodeName(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** Entities that match, page after page: all of them, unless fewer are wanted. */
export async function filterEntities(
  client: AssayClient,
  filters: Filters,
  limit = Number.POSITIVE_INFINITY,
): Promise<Entity[]> {
  const input = { body: { filters }, query: { size: Math.min(PAGE, limit), extended: 'true' as const } };
  return take(client.items('POST', '/entities/filter', input), limit);
}

/** The same with what profiling knows of them. */
export async function filterProfiles(client: AssayClient, filters: Filters): Promise<ProfiledEntity[]> {
  const input = { body: { filters }, query: { size: PAGE, extended: 'true' as const } };
  return take(client.items('POST', '/entities/filter/profiling-info', input), Number.POSITIVE_INFINITY);
}

export type Filters = EntityFilter['filters'];

async function take<T>(items: AsyncIterable<T>, limit: number): Promise<T[]> {
  const taken: T[] = [];
  for await (const item of items) if (taken.push(item) >= limit) break;
  return taken;
}
