import { sql } from 'kysely';
import type { Db } from './database.ts';

/** What identification reads of one column: as the current profile has it, or that it has none. */
export interface ProfiledColumnRow {
  columnId: string;
  name: string;
  tableId: string;
  /** An ingest saw that the column, or the file that it is in, had changed since the reading for the profile began. */
  changedAt: Date | null;
  profile: {
    id: number;
    jobId: string;
    profiledAt: Date;
    basis: Record<string, unknown>;
    figures: Record<string, unknown>;
  } | null;
  /** Sealed values; null where none were kept, or where they were not asked for. */
  kept: Buffer | null;
}

/** The columns of a table in their order, or those of them that were asked for. */
export async function listColumnIds(db: Db, tableId: string, only: readonly string[] | null): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM entity WHERE parent_id = ${tableId} AND type = 'COLUMN'
    ${only === null ? sql`` : sql`AND id = ANY(${[...only]}::uuid[])`} ORDER BY ordinal, name, id`.execute(db);
  return rows.map(({ id }) => id);
}

/**
 * What is known of columns, in the order of the ids; those that left the catalog are left out. A stored profile is unpacked once, for
 * all that is taken from it.
 *
 * @param withValues also patterns, and values that were kept: half of what there is to read
 */
export async function listProfiledColumns(
  db: Db,
  columnIds: readonly string[],
  withValues: boolean,
): Promise<ProfiledColumnRow[]> {
  const { rows } = await sql<ProfiledColumnRow>`
    SELECT e.id AS "columnId", e.name, e.parent_id AS "tableId",
      CASE WHEN changed.at > p.profiled_at THEN changed.at WHEN changed.ingested > begun.at THEN changed.ingested END AS "changedAt",
      CASE WHEN p.id IS NULL THEN NULL ELSE json_build_object('id', p.id, 'jobId', p.job_id, 'basis', p.basis, 'figures', b.figures)
        END AS profile, p.profiled_at AS "profiledAt", ${withValues ? sql`v.kept` : sql`NULL::bytea`} AS kept
    FROM unnest(${[...columnIds]}::uuid[]) WITH ORDINALITY AS wanted(id, place)
    JOIN entity e ON e.id = wanted.id JOIN entity t ON t.id = e.parent_id
    LEFT JOIN profile p ON p.entity_id = e.id AND p.current
    LEFT JOIN profile_values v ON ${withValues ? sql`v.profile_id = p.id` : sql`false`}
    -- Profiling itself changes columns of files while it runs, and nothing else.
    CROSS JOIN LATERAL (
      SELECT CASE WHEN t.type = 'FILE' THEN greatest(e.updated_at, t.updated_at) ELSE e.updated_at END AS at,
        CASE WHEN t.type = 'FILE' THEN t.updated_at ELSE e.updated_at END AS ingested
    ) changed
    -- Of a job that was purged only the time of writing is known.
    LEFT JOIN LATERAL (SELECT min(k.started_at) AS at FROM task k WHERE k.job_id = p.job_id AND k.item = t.id::text) begun ON true
    LEFT JOIN LATERAL (
      SELECT row_to_json(f) AS figures FROM jsonb_to_record(p.body) AS f(kind text, rows jsonb, "nonNull" jsonb, blanks jsonb,
        "distinct" jsonb, "topValues" jsonb, "valueSet" text${withValues ? sql`, patterns jsonb` : sql``})
    ) b ON p.id IS NOT NULL
    ORDER BY wanted.place`.execute(db);
  return rows.map(({ profiledAt, ...row }: ProfiledColumnRow & { profiledAt?: Date }) => ({
    ...row,
    profile: row.profile && profiledAt ? { ...row.profile, profiledAt } : null,
  }));
}
