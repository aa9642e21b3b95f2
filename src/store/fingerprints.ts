import { type RawBuilder, sql } from 'kysely';
import type { EntityType } from '../model/entity.ts';
import type { Db, Trx } from './database.ts';

/**
 * A fingerprint says that a table with its columns is stored exactly as a complete listing showed it. Whoever changes or
 * deletes one of them by another way has to forget it.
 */
export interface StoredFingerprint {
  type: EntityType;
  fqdn: string;
  fingerprint: string;
  /** JSON of `metadata.stats`. */
  stats: string | null;
}

/** The tables and views right below a schema that have a fingerprint. */
export async function listKnownTables(db: Db, sourceId: string, schemaFqdn: string): Promise<StoredFingerprint[]> {
  const { rows } = await sql<StoredFingerprint>`
    SELECT t.type, t.fqdn, replace(t.fingerprint::text, '-', '') AS fingerprint, (t.metadata->'stats')::text AS stats
    FROM entity s JOIN entity t ON t.parent_id = s.id AND t.type IN ('TABLE', 'VIEW')
    WHERE s.source_id = ${sourceId} AND s.type = 'SCHEMA' AND s.fqdn = ${schemaFqdn} AND t.fingerprint IS NOT NULL`.execute(
    db,
  );
  return rows;
}

/** @param parents a query that gives the ids of those below which something was changed or deleted; never from outside */
export async function forgetFingerprints(trx: Trx, parents: RawBuilder<unknown>): Promise<void> {
  await sql`UPDATE entity SET fingerprint = NULL WHERE fingerprint IS NOT NULL AND id IN (${parents})`.execute(trx);
}
