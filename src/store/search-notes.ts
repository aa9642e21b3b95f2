import { type RawBuilder, sql } from 'kysely';
import type { EntityType } from '../model/entity.ts';
import type { Trx } from './database.ts';

/**
 * Makes and deletes entities and notes it for search, in one transaction: everything that writes to `entity` goes through here.
 * What goes another way costs a count of the whole catalog, see migration 0005.
 */

/** Runs statements that note themselves what they make or delete. An error must end the transaction, or go back to a savepoint. */
export async function withOwnNotes<T>(trx: Trx, work: () => Promise<T>): Promise<T> {
  await sql`SELECT set_config('assay.search_noted', 'on', true)`.execute(trx);
  const done = await work();
  await sql`SELECT set_config('assay.search_noted', '', true)`.execute(trx);
  return done;
}

export interface NewEntity {
  id: string;
  source_id: string;
  parent_id: string | null;
  root_id: string;
  type: EntityType;
  name: string;
  fqdn: string;
  ordinal: number;
  /** JSON. */
  metadata: string;
  changed_by_job: string;
}

const NEW_ENTITY =
  sql.raw(`id uuid, source_id text, parent_id uuid, root_id uuid, type text, name text, fqdn text, ordinal integer,
  metadata text, changed_by_job text`);

export async function makeEntities(trx: Trx, rows: readonly NewEntity[]): Promise<void> {
  if (rows.length === 0) return;
  await withOwnNotes(trx, () =>
    sql`
      WITH new AS (SELECT * FROM json_to_recordset(${JSON.stringify(rows)}) AS new(${NEW_ENTITY})), made AS (
        INSERT INTO entity (id, source_id, parent_id, root_id, type, name, fqdn, ordinal, metadata, changed_by_job)
        SELECT id, source_id, parent_id, root_id, type, name, fqdn, ordinal, metadata::jsonb, changed_by_job FROM new)
      INSERT INTO search_change (name, type, source_id, n, profiled)
      SELECT name, type, source_id, count(*), 0 FROM new GROUP BY 1, 2, 3`.execute(trx),
  );
}

/**
 * Deletes entities, but nothing that is kept about them: their profiles have to go after them, by `forgetAbout`. What went
 * stands in the temporary table `entity_gone` until the next call.
 *
 * Each step is a statement of its own: the deletion may have waited for somebody who profiled or described one of them.
 *
 * @param which condition on `entity`
 */
export async function deleteEntities(trx: Trx, which: RawBuilder<unknown>): Promise<void> {
  await sql`
    CREATE TEMP TABLE IF NOT EXISTS entity_gone (id uuid, parent_id uuid, name text COLLATE "C", type text, source_id text,
      fqdn text COLLATE "C") ON COMMIT DROP`.execute(trx);
  await sql`TRUNCATE entity_gone`.execute(trx);
  await withOwnNotes(trx, () =>
    sql`
      WITH gone AS (DELETE FROM entity WHERE ${which} RETURNING id, parent_id, name, type, source_id, fqdn)
      INSERT INTO entity_gone SELECT * FROM gone`.execute(trx),
  );
  await sql`ANALYZE entity_gone (id)`.execute(trx);
  await sql`
    INSERT INTO search_change (name, type, source_id, n, profiled)
    SELECT g.name, g.type, g.source_id, -count(*), -count(p.entity_id)
    FROM entity_gone g LEFT JOIN profile p ON p.entity_id = g.id AND p.current GROUP BY 1, 2, 3`.execute(trx);
  await sql`DELETE FROM search_doc WHERE entity_id IN (SELECT id FROM entity_gone)`.execute(trx);
}
