import type { Store } from '../../src/store/open-store.ts';

/** What a catalog holds of a source, without what differs from run to run by right: ids of jobs and times. */
export interface CatalogPicture {
  entities: string[];
  profiles: string[];
}

export async function catalogPicture(store: Store, sourceId: string): Promise<CatalogPicture> {
  const entities = await store.db
    .selectFrom('entity')
    .select(['id', 'parent_id', 'type', 'fqdn', 'metadata'])
    .where('source_id', '=', sourceId)
    .orderBy('fqdn')
    .execute();
  const profiles = await store.db
    .selectFrom('profile')
    .innerJoin('entity', 'entity.id', 'profile.entity_id')
    .select(['entity.fqdn', 'profile.basis', 'profile.body'])
    .where('profile.source_id', '=', sourceId)
    .where('profile.current', '=', true)
    .orderBy('entity.fqdn')
    .execute();
  return {
    entities: entities.map((row) => JSON.stringify(row)),
    profiles: profiles.map((row) => JSON.stringify(row, withoutTimes)),
  };
}

const TIMES = new Set(['profiledAt', 'startedAt', 'finishedAt', 'readAt', 'durationMs', 'ms', 'jobId']);

function withoutTimes(key: string, value: unknown): unknown {
  return TIMES.has(key) ? undefined : value;
}

export function differences(expected: CatalogPicture, seen: CatalogPicture): string[] {
  const found: string[] = [];
  for (const part of ['entities', 'profiles'] as const) {
    if (expected[part].length !== seen[part].length)
      found.push(`${seen[part].length} ${part}, expected ${expected[part].length}`);
    const first = expected[part].findIndex((line, at) => line !== seen[part][at]);
    if (first >= 0)
      found.push(
        `${part}[${first}]: ${seen[part][first]?.slice(0, 300)} instead of ${expected[part][first]?.slice(0, 300)}`,
      );
  }
  return found;
}
