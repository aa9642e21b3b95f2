import { sql } from 'kysely';
import type { Db } from './database.ts';

export interface ProfileRow {
  entityId: string;
  tableId: string;
  jobId: string;
  profiledAt: Date;
  basis: Record<string, unknown>;
  body: Record<string, unknown>;
}

/** The current profile of an entity, if it has one. */
export async function findProfile(db: Db, entityId: string): Promise<ProfileRow | undefined> {
  const { rows } = await sql<ProfileRow>`${SELECT} WHERE entity_id = ${entityId} AND current`.execute(db);
  return rows[0];
}

/** Current profiles of the columns of a table, in the order of the columns. */
export async function listColumnProfiles(db: Db, tableId: string): Promise<ProfileRow[]> {
  const { rows } = await sql<ProfileRow>`${SELECT} WHERE current AND entity_id IN (
    SELECT id FROM entity WHERE parent_id = ${tableId} AND type = 'COLUMN')
    ORDER BY (body->>'ordinal')::int, entity_id`.execute(db);
  return rows;
}

const SELECT = sql`SELECT entity_id AS "entityId", table_id AS "tableId", job_id AS "jobId", profiled_at AS "profiledAt", basis, body FROM profile`;
