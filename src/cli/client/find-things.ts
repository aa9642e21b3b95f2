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

/** An entity by its id, its fqdn, or its place below a source's name: `bank/crm/customer/email`, `bank/crm/in%2Fout`. */
export async function findPlace(client: AssayClient, given: string): Promise<Entity> {
  if (isUuid(given)) {
    return (await client.get('/entities/{id}', { path: { id: given } })).data;
  }
  const [byFqdn] = await filterEntities(client, { fqdns: [given] }, 1);
  if (byFqdn) return byFqdn;
  const [name = '', ...names] = given.split('/');
  let here = await rootOf(client, await getSource(client, name));
  for (const next of names) {
    // A name with a slash in it is given as in the fqdn, where it is %2F; any other may be given as it is.
    const wanted = [...new Set([decodeName(next), next])];
    const found = await filterEntities(client, { parentIds: [here._id], names: wanted }, wanted.length);
    const match = wanted.map((name) => found.find((one) => one.name === name)).find(Boolean);
    if (!match) throw new AssayError('NOT_FOUND', `${placeText(here)} has nothing named "${next}"`);
    here = match;
  }
  return here;
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
