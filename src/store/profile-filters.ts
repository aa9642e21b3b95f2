import { sql } from 'kysely';
import type { Db, Trx } from './database.ts';

/** The bytes of the membership filter of a column. */
export interface NewFilter {
  entityId: string;
  bytes: Uint8Array;
}

/** Stores filters with the current profiles of this job; those of the profiles before them go. One by one, for each may have megabytes. */
export async function replaceFilters(
  trx: Trx,
  jobId: string,
  entityIds: readonly string[],
  filters: readonly NewFilter[],
): Promise<void> {
  await sql`DELETE FROM profile_filter f USING profile p
    WHERE p.id = f.profile_id AND p.entity_id = ANY(${[...entityIds]}::uuid[])`.execute(trx);
  for (const { entityId, bytes } of filters)
    await sql`INSERT INTO profile_filter (profile_id, bytes)
      SELECT id, ${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)} FROM profile
      WHERE entity_id = ${entityId} AND current AND job_id = ${jobId}`.execute(trx);
}

/** The membership filter of a column's current profile, if it has one. */
export async function findFilter(db: Db, entityId: string): Promise<Buffer | undefined> {
  const { rows } = await sql<{ bytes: Buffer }>`
    SELECT f.bytes FROM profile p JOIN profile_filter f ON f.profile_id = p.id
    WHERE p.entity_id = ${entityId} AND p.current`.execute(db);
  return rows[0]?.bytes;
}
