import { AssayError } from '../../errors/assay-error.ts';
import { isHexId, isUuid } from '../../model/ids.ts';
import type { ApiClient } from './api-client.ts';

export interface SourceView extends Record<string, unknown> {
  _id: string;
  resourceName: string;
  fqdnId: string;
  databaseType: string;
  status: string;
  description?: string;
}

export interface EntityView extends Record<string, unknown> {
  _id: string;
  name: string;
  type: string;
  fqdn: string;
  parentId: string | null;
  rootId: string;
  resourceId: string;
  /** Of the data source. */
  resourceName?: string;
  system?: { profiledAt?: string; scannedAt?: string };
  metadata?: Record<string, Record<string, unknown>>;
  attributes?: Record<string, unknown>;
}

const PAGE = 500;

export async function listSources(client: ApiClient): Promise<SourceView[]> {
  const all: SourceView[] = [];
  for (;;) {
    const page = await client.post<{ data: SourceView[]; pageInfo: { totalCount: number } }>(
      '/data-sources/filter',
      { filters: { resourceNames: ['*'] } },
      { skip: all.length, limit: PAGE },
    );
    all.push(...page.data);
    if (page.data.length === 0 || all.length >= page.pageInfo.totalCount) return all;
  }
}

/** @throws AssayError NOT_FOUND naming what there is */
export async function getSource(client: ApiClient, given: string): Promise<SourceView> {
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
export async function rootOf(client: ApiClient, source: SourceView): Promise<EntityView> {
  const [root] = await filterEntities(client, { resourceIds: [source._id], types: ['RESOURCE'] }, 1);
  if (root) return root;
  throw new AssayError(
    'NOT_FOUND',
    `${source.resourceName} was not ingested yet: assay jobs start metadata/ingest --source ${source.resourceName}`,
  );
}

/** An entity by its id, its fqdn, or its place below a source's name: `bank/crm/customer/email`. */
export async function findPlace(client: ApiClient, given: string): Promise<EntityView> {
  if (isUuid(given)) {
    return (await client.get<{ data: EntityView }>(`/entities/${given}`)).data;
  }
  const [byFqdn] = await filterEntities(client, { fqdns: [given] }, 1);
  if (byFqdn) return byFqdn;
  const [name = '', ...names] = given.split('/');
  let here = await rootOf(client, await getSource(client, name));
  for (const next of names) {
    const [found] = await filterEntities(client, { parentIds: [here._id], names: [next] }, 1);
    if (!found) throw new AssayError('NOT_FOUND', `${here.fqdn} has nothing named "${next}"`);
    here = found;
  }
  return here;
}

/** Where an entity is, as `findPlace` takes it: below its source's name; a name with a `/` in it stays encoded. */
export function placeText(entity: EntityView): string {
  const [top = '', ...names] = entity.fqdn.split('/');
  return [entity.resourceName || top, ...names.map(decodeName)].join('/');
}

function decodeName(encoded: string): string {
  try {
    const name = decodeURIComponent(encoded);
    return name.includes('/') ? encoded : name;
  } catch {
    return encoded;
  }
}

/** Entities that match, page after page, up to `limit`. */
export async function filterEntities(
  client: ApiClient,
  filters: Record<string, readonly string[]>,
  limit = 10_000,
  path = '/entities/filter',
): Promise<EntityView[]> {
  const all: EntityView[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.post<{ data: EntityView[]; cursorInfo: { cursor: string } }>(
      path,
      { filters },
      { size: Math.min(PAGE, limit - all.length), cursor, extended: true },
    );
    all.push(...page.data);
    cursor = page.cursorInfo?.cursor || undefined;
  } while (cursor && all.length < limit);
  return all;
}
