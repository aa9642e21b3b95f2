import { sql } from 'kysely';
import type { EntityType } from '../model/entity.ts';
import type { Db } from './database.ts';

/** An entity a job was asked to work on, with what accepting it needs of its source. */
export interface ScopeEntity {
  id: string;
  type: EntityType;
  name: string;
  parentId: string | null;
  /** Where it lies below its source: `/public/customer`, `''` for the source itself. */
  place: string;
  sourceId: string;
  sourceName: string;
  databaseType: string;
  affinityId: string;
}

/** In the order of the ids; those that do not exist are left out. */
export async function listScopeEntities(db: Db, ids: readonly string[]): Promise<ScopeEntity[]> {
  const { rows } = await sql<ScopeEntity>`
    SELECT e.id, e.type, e.name, e.parent_id AS "parentId", substr(e.fqdn, length(s.fqdn_id) + 1) AS place,
      s.id AS "sourceId", s.resource_name AS "sourceName", s.database_type AS "databaseType", s.affinity_id AS "affinityId"
    FROM unnest(${[...ids]}::uuid[]) WITH ORDINALITY AS wanted(id, ord)
    JOIN entity e ON e.id = wanted.id JOIN data_source s ON s.id = e.source_id
    ORDER BY wanted.ord`.execute(db);
  return rows;
}
