import { sql } from 'kysely';
import type { Db } from './database.ts';

export interface ProfileRow {
  id: number;
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

/** A profile in the history of an entity, without its figures. */
export interface ProfileHead {
  id: number;
  jobId: string;
  profiledAt: Date;
  current: boolean;
  basis: Record<string, unknown>;
  /** The figure of its rows. */
  rows: unknown;
}

/** Profiles of an entity that are kept, newest first, those with a smaller id than `before`. */
export async function listProfileHeads(
  db: Db,
  entityId: string,
  before: number | undefined,
  size: number,
): Promise<ProfileHead[]> {
  const { rows } = await sql<ProfileHead>`
    SELECT id::float8 AS id, job_id AS "jobId", profiled_at AS "profiledAt", current, basis, body->'rows' AS rows
    FROM profile WHERE entity_id = ${entityId} ${before === undefined ? sql`` : sql`AND id < ${before}`}
    ORDER BY entity_id DESC, id DESC LIMIT ${size}`.execute(db);
  return rows;
}

/** A profile of this entity by its id, if it is still kept. */
export async function findProfileById(db: Db, entityId: string, id: number): Promise<ProfileRow | undefined> {
  const { rows } = await sql<ProfileRow>`${SELECT} WHERE entity_id = ${entityId} AND id = ${id}`.execute(db);
  return rows[0];
}

/** The profile of an entity before the one with this id. */
export async function findProfileBefore(db: Db, entityId: string, id: number): Promise<ProfileRow | undefined> {
  const { rows } = await sql<ProfileRow>`${SELECT} WHERE entity_id = ${entityId} AND id < ${id}
    ORDER BY entity_id DESC, id DESC LIMIT 1`.execute(db);
  return rows[0];
}

/** Profiles that one job made of the columns of a table, as far as they are kept, in the order of the columns. */
export async function listColumnProfilesOfJob(db: Db, tableId: string, jobId: string): Promise<ProfileRow[]> {
  const { rows } = await sql<ProfileRow>`${SELECT} WHERE job_id = ${jobId} AND entity_id IN (
    SELECT id FROM entity WHERE parent_id = ${tableId} AND type = 'COLUMN')
    ORDER BY (body->>'ordinal')::int, entity_id`.execute(db);
  return rows;
}

/** Tables, views and files that a job worked on, in the order of their names; those that left the catalog are left out. */
export async function listTablesOfJob(db: Db, jobId: string): Promise<{ id: string; profileId: number | null }[]> {
  const { rows } = await sql<{ id: string; profileId: number | null }>`
    WITH item AS MATERIALIZED (
      SELECT DISTINCT CASE WHEN item ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN item::uuid END AS id
      FROM task WHERE job_id = ${jobId})
    SELECT e.id, (SELECT max(p.id)::float8 FROM profile p WHERE p.entity_id = e.id AND p.job_id = ${jobId}) AS "profileId"
    FROM item JOIN entity e ON e.id = item.id WHERE e.type IN ('TABLE', 'VIEW', 'FILE')
    ORDER BY e.fqdn`.execute(db);
  return rows;
}

const SELECT = sql`SELECT id::float8 AS id, entity_id AS "entityId", table_id AS "tableId", job_id AS "jobId", profiled_at AS "profiledAt", basis, body FROM profile`;
