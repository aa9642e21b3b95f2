import { sql } from 'kysely';
import type { Db, Trx } from './database.ts';

/** The bytes of the membership filter of a column. */
export interface NewFilter {
  profileId: number;
  bytes: Uint8Array;
}

/** One by one, for each may have megabytes. */
export async function insertFilters(trx: Trx, filters: readonly NewFilter[]): Promise<void> {
  for (const { profileId, bytes } of filters)
    await sql`INSERT INTO profile_filter (profile_id, bytes)
      VALUES (${profileId}, ${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)})`.execute(trx);
}

/** Filters go with the current profile: to be called when these entities have a new one. */
export async function dropFilters(trx: Trx, entityIds: readonly string[]): Promise<void> {
  if (entityIds.length === 0) return;
  await sql`DELETE FROM profile_filter f USING profile p
    WHERE p.id = f.profile_id AND p.entity_id = ANY(${[...entityIds]}::uuid[])`.execute(trx);
}

/** The membership filter of a column's current profile, if it has one. */
export async function findFilter(db: Db, entityId: string): Promise<Buffer | undefined> {
  const { rows } = await sql<{ bytes: Buffer }>`
    SELECT f.bytes FROM profile p JOIN profile_filter f ON f.profile_id = p.id
    WHERE p.entity_id = ${entityId} AND p.current`.execute(db);
  return rows[0]?.bytes;
}
