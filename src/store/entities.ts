import { sql } from 'kysely';
import { AssayError } from '../errors/assay-error.ts';
import type { Assertion } from '../model/attributes.ts';
import type { EntityType } from '../model/entity.ts';
import type { Db } from './database.ts';
import { KEPT } from './kept-plans.ts';

/** An entity with everything that is kept about it elsewhere. */
export interface EntityView {
  id: string;
  type: EntityType;
  name: string;
  fqdn: string;
  parentId: string | null;
  rootId: string;
  sourceId: string;
  ordinal: number;
  metadata: Record<string, unknown>;
  createdAt: Date;
  updatedAt: Date;
  /** Of the data source; null while its removal is under way. */
  resourceName: string | null;
  databaseType: string | null;
  databaseName: string | null;
  path: string | null;
  /** Without secrets. */
  uri: string | null;
  attributes: Record<string, unknown>;
  /** Changes with every edit, every assertion, and every job that renews one. */
  etag: string;
  attributesAt: Date | null;
  assertions: Assertion[];
  profiledAt: Date | null;
  profileBody: Record<string, unknown> | null;
  profileBasis: Record<string, unknown> | null;
  /** When the nearest container that was listed was listed, or one above it with all that is below. */
  scannedAt: Date | null;
}

/** In the order of the ids; those that do not exist are left out. */
export async function loadEntities(db: Db, ids: readonly string[]): Promise<EntityView[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<EntityView>`${KEPT}
    SELECT e.id, e.type, e.name, e.fqdn, e.parent_id AS "parentId", e.root_id AS "rootId", e.source_id AS "sourceId", e.ordinal,
      e.metadata, e.created_at AS "createdAt", e.updated_at AS "updatedAt",
      s.resource_name AS "resourceName", s.database_type AS "databaseType", s.config->>'databaseName' AS "databaseName",
      s.config->>'path' AS path, s.config->>'uri' AS uri,
      coalesce(a.attributes, '{}') AS attributes, a.updated_at AS "attributesAt",
      concat(coalesce(a.version, 0), '.', said.last, '.', said.removed, '.' || left(said.jobs, 12)) AS etag, said.active AS assertions,
      p.profiled_at AS "profiledAt", p.body - 'pathSketches' AS "profileBody", p.basis AS "profileBasis", scanned.at AS "scannedAt"
    FROM unnest((SELECT ${[...ids]}::uuid[])) WITH ORDINALITY AS wanted(id, place)
    JOIN entity e ON e.id = wanted.id
    LEFT JOIN data_source s ON s.id = e.source_id
    LEFT JOIN entity_attributes a ON a.entity_id = e.id
    LEFT JOIN profile p ON p.entity_id = e.id AND p.current
    LEFT JOIN LATERAL (
      SELECT coalesce(jsonb_agg(jsonb_build_object('id', x.id, 'kind', x.kind, 'value', x.value, 'body', x.body, 'origin', x.origin)
          ORDER BY x.id) FILTER (WHERE x.removed_at IS NULL), '[]') AS active,
        coalesce(max(x.id), 0) AS last, count(x.removed_at) AS removed,
        -- A finding that is renewed keeps its id, and has another job.
        md5(string_agg(x.by_job, ' ' ORDER BY x.id)) AS jobs
      FROM assertion x WHERE x.entity_id = e.id
    ) said ON true
    LEFT JOIN LATERAL (
      WITH RECURSIVE up AS (
        SELECT e.id, e.parent_id, 0 AS steps
        UNION ALL SELECT c.id, c.parent_id, up.steps + 1 FROM entity c JOIN up ON c.id = up.parent_id
      )
      SELECT max(at) AS at FROM (
        SELECT scan.scanned_at AS at, scan.below, up.steps = min(up.steps) OVER () AS nearest
        FROM up JOIN scan ON scan.container_id = up.id) s WHERE s.nearest OR s.below
    ) scanned ON true
    ORDER BY wanted.place`.execute(db);
  return rows;
}

/** @throws NOT_FOUND */
export async function getEntity(db: Db, id: string): Promise<EntityView> {
  const [row] = await loadEntities(db, [id]);
  if (!row) throw new AssayError('NOT_FOUND', `there is no entity ${id}`);
  return row;
}

/** Sort key of the last child of a page. */
export type ChildKey = readonly [ordinal: number, name: string, id: string];

/** Children in the order of the source, then by name. */
export async function listChildren(
  db: Db,
  parentId: string,
  after: ChildKey | undefined,
  size: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM entity WHERE parent_id = ${parentId}
      ${after ? sql`AND (ordinal, name, id) > (${after[0]}, ${after[1]} COLLATE "C", ${after[2]}::uuid)` : sql``}
    ORDER BY ordinal, name, id LIMIT ${size}`.execute(db);
  return rows.map((row) => row.id);
}
