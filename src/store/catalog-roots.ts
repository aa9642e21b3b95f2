import { sql } from 'kysely';
import { AssayError } from '../errors/assay-error.ts';
import { newEntityId } from '../model/ids.ts';
import type { DataSourceRow, Db, Trx } from './database.ts';
import { makeEntities } from './search-notes.ts';

export interface KnownUnit {
  id: string;
  name: string;
}

/** The RESOURCE of a source, and the schemas the catalog knows below it. */
export async function findUnits(
  db: Db | Trx,
  sourceId: string,
): Promise<{ rootId: string | undefined; schemas: KnownUnit[] }> {
  const root = await db
    .selectFrom('entity')
    .select('id')
    .where('source_id', '=', sourceId)
    .where('parent_id', 'is', null)
    .executeTakeFirst();
  if (!root) return { rootId: undefined, schemas: [] };
  const schemas = await db
    .selectFrom('entity')
    .select(['id', 'name'])
    .where('parent_id', '=', root.id)
    .where('type', '=', 'SCHEMA')
    .orderBy('name')
    .execute();
  return { rootId: root.id, schemas };
}

export async function getRootId(db: Db | Trx, sourceId: string): Promise<string> {
  const { rootId } = await findUnits(db, sourceId);
  if (rootId) return rootId;
  throw new AssayError('CONFLICT', `data source ${sourceId} has no root in the catalog; ingest it first`);
}

/** Creates the RESOURCE of a source, or brings its name and metadata up to date. An unchanged one is not touched. */
export async function putRoot(
  trx: Trx,
  source: DataSourceRow,
  metadata: Record<string, unknown>,
  jobId: string,
): Promise<void> {
  const json = JSON.stringify(metadata);
  const { rootId } = await findUnits(trx, source.id);
  if (rootId === undefined) {
    const id = newEntityId();
    const root = {
      id,
      source_id: source.id,
      parent_id: null,
      root_id: id,
      type: 'RESOURCE' as const,
      name: source.resource_name,
      fqdn: source.fqdn_id,
      ordinal: 0,
      metadata: json,
      changed_by_job: jobId,
    };
    await makeEntities(trx, [root]);
    return;
  }
  await sql`
    UPDATE entity SET name = ${source.resource_name}, metadata = ${json}::jsonb, changed_by_job = ${jobId}, updated_at = now()
    WHERE id = ${rootId} AND (name <> ${source.resource_name} OR metadata <> ${json}::jsonb)`.execute(trx);
}
