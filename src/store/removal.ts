import { sql } from 'kysely';
import { ENTITY_WORDS, type EntityType } from '../model/entity.ts';
import { type Effects, noEffects } from '../model/job-status.ts';
import type { Db, Trx } from './database.ts';
import { forgetAbout } from './drop-entities.ts';
import { forgetFingerprints } from './fingerprints.ts';
import { deleteEntities } from './search-notes.ts';

/** About a third of a second on a laptop: short enough for a cancel, long enough that commits cost little. */
export const REMOVAL_BATCH_ROWS = 10_000;

/** Says that a job removes the source. Until that job ends no other may start on it. @returns false when the source is gone */
export async function markRemoval(trx: Trx, sourceId: string, jobId: string): Promise<boolean> {
  const row = await trx
    .updateTable('data_source')
    .set({ removal_job_id: jobId, updated_at: sql`now()` })
    .where('id', '=', sourceId)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** How many other unfinished jobs work on a source. */
export async function countOtherJobs(db: Db, sourceId: string, jobId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    SELECT count(*) AS n FROM job
    WHERE finished_at IS NULL AND id <> ${jobId} AND resource_ids @> ARRAY[${sourceId}]::text[]
      AND seq < (SELECT seq FROM job WHERE id = ${jobId})`.execute(db);
  return rows[0]?.n ?? 0;
}

export async function countEntities(db: Db, sourceId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM entity WHERE source_id = ${sourceId}`.execute(db);
  return rows[0]?.n ?? 0;
}

/**
 * Deletes the next entities of a source and what is kept about them. In the descending order of their fqdn: what lies below
 * goes before what it lies in, so that whatever is left after any batch is a whole tree.
 *
 * @param cursor fqdn from which to go down; undefined for the first batch
 * @returns the next cursor, or undefined when none is left
 */
export async function removeEntityBatch(
  trx: Trx,
  source: { id: string; fqdnId: string },
  cursor: string | undefined,
  limit = REMOVAL_BATCH_ROWS,
): Promise<{ cursor: string | undefined; effects: Effects }> {
  // '0' follows '/' in byte order: everything below the fqdnId lies before it, so the index on fqdn gives a range.
  // The entity before what is kept about it, as everybody locks them.
  await deleteEntities(
    trx,
    sql`id IN (SELECT id FROM entity
      WHERE source_id = ${source.id} AND fqdn >= ${source.fqdnId} AND fqdn <= ${cursor ?? `${source.fqdnId}0`}
      ORDER BY fqdn DESC LIMIT ${limit})`,
  );
  // The table whose columns the batch cut in two; if the removal ends here, the next ingest must look at it.
  await forgetFingerprints(trx, sql`SELECT parent_id FROM entity_gone`);
  await forgetAbout(trx, 'SELECT id FROM entity_gone');
  const { rows } = await sql<{ type: EntityType; n: number; lowest: string }>`
    SELECT type, count(*) AS n, min(fqdn) AS lowest FROM entity_gone GROUP BY type`.execute(trx);
  const effects = noEffects();
  // The root is counted with the source itself.
  for (const row of rows) if (row.type !== 'RESOURCE') effects.deleted[ENTITY_WORDS[row.type]] = row.n;
  const lowest = rows
    .map((row) => row.lowest)
    .reduce<string | undefined>((a, b) => (a === undefined || b < a ? b : a), undefined);
  return { cursor: lowest, effects };
}

const LEFTOVERS = ['entity_attributes', 'assertion', 'profile', 'scan'] as const;

/** Deletes a batch of what is left about a source without an entity. @returns how many rows */
export async function removeLeftoverBatch(trx: Trx, sourceId: string): Promise<number> {
  let removed = 0;
  for (const table of LEFTOVERS) {
    const { numAffectedRows } = await sql`
      DELETE FROM ${sql.table(table)} WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM ${sql.table(table)} WHERE source_id = ${sourceId} LIMIT ${REMOVAL_BATCH_ROWS}))`.execute(trx);
    removed += Number(numAffectedRows ?? 0);
  }
  return removed;
}

/** The last step: the source itself, with whatever came in between. From its commit on, name and fqdnId are free. */
export async function removeSource(trx: Trx, sourceId: string): Promise<Effects> {
  const effects = noEffects();
  const { numAffectedRows } = await sql`DELETE FROM data_source WHERE id = ${sourceId}`.execute(trx);
  for (const table of LEFTOVERS) await sql`DELETE FROM ${sql.table(table)} WHERE source_id = ${sourceId}`.execute(trx);
  await deleteEntities(trx, sql`source_id = ${sourceId}`);
  if (Number(numAffectedRows ?? 0) > 0) effects.deleted['data sources'] = 1;
  return effects;
}
