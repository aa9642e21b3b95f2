import { sql } from 'kysely';
import type { Db } from '../../src/store/database.ts';

/** Where the folded index of search differs from a look at each row of the catalog; nothing, when all is well. */
export async function findSearchDrift(db: Db): Promise<unknown[]> {
  const { rows } = await sql`
    SELECT 'count' AS what, to_jsonb(e) AS there, to_jsonb(c) AS kept
    FROM (SELECT e.name, e.type, e.source_id, count(*)::int AS n, count(p.id)::int AS profiled
      FROM entity e LEFT JOIN profile p ON p.entity_id = e.id AND p.current GROUP BY 1, 2, 3) e
    FULL JOIN (SELECT s.name, t.type, t.source_id, u.n, u.profiled FROM search_name s
      CROSS JOIN LATERAL unnest(s.kinds, s.kind_n, s.kind_profiled) u(kind, n, profiled) LEFT JOIN search_total t USING (kind)) c
    USING (name, type, source_id)
    WHERE e.n IS DISTINCT FROM c.n OR e.profiled IS DISTINCT FROM c.profiled
    UNION ALL
    SELECT 'total', to_jsonb(e), to_jsonb(t)
    FROM (SELECT type, source_id, count(*)::int AS n FROM entity GROUP BY 1, 2) e FULL JOIN search_total t USING (type, source_id)
    WHERE e.n IS DISTINCT FROM t.n
    UNION ALL
    SELECT 'name', to_jsonb(e), to_jsonb(s)
    FROM (SELECT name, count(*)::int AS n FROM entity GROUP BY 1) e FULL JOIN search_name s USING (name)
    WHERE e.n IS DISTINCT FROM s.n OR s.words IS NULL
    UNION ALL
    SELECT 'document', to_jsonb(e), to_jsonb(d)
    FROM search_doc d LEFT JOIN entity e ON e.id = d.entity_id LEFT JOIN profile p ON p.entity_id = e.id AND p.current
    WHERE e.name IS DISTINCT FROM d.name OR d.profiled <> (p.id IS NOT NULL)`.execute(db);
  return rows;
}
