import type { Db } from '../database.ts';

export interface SourceName {
  id: string;
  resourceName: string;
  fqdnId: string;
}

/** Every data source by its names; there are at most some thousands. */
export async function listSourceNames(db: Db): Promise<SourceName[]> {
  return db
    .selectFrom('data_source')
    .select(['id', 'resource_name as resourceName', 'fqdn_id as fqdnId'])
    .orderBy('resource_name')
    .execute();
}
