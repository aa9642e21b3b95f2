import { sql } from 'kysely';
import type { Db } from '../database.ts';
import { foldSearchChanges } from './fold-changes.ts';
import { itemsOf, type SearchFilter } from './items.ts';
import { understand } from './understand.ts';

/** `key` is the facet, `value` one of its values ("" for none), `n` the entities. */
export interface FacetCount {
  key: FacetKey;
  value: string;
  /** Of a term; otherwise null. */
  name: string | null;
  n: number;
}
export type FacetKey =
  | 'type'
  | 'dataSource'
  | 'profiled'
  | 'sensitivity'
  | 'tags'
  | 'terms'
  | 'trustScore'
  | 'qualityScore'
  | 'rating';

/** How many entities a search finds, by facet and value. Scores are given in whole numbers. */
export async function countFacets(
  db: Db,
  term: string,
  filter: SearchFilter,
): Promise<{ counts: FacetCount[]; total: number; exact: boolean }> {
  await foldSearchChanges(db);
  const query = await understand(db, term);
  const score = (column: string) => sql`coalesce(round(${sql.ref(column)}::numeric)::text, '')`;
  const { rows } = await sql<FacetCount>`${itemsOf(query, filter)},
    grouped AS MATERIALIZED (
      SELECT type, source_id, sensitivity, ${score('trust_score')} AS trust, ${score('quality_score')} AS quality,
        ${score('rating')} AS rating, sum(size) AS n, sum(profiled) AS profiled
      FROM item GROUP BY 1, 2, 3, 4, 5, 6),
    counts AS (
      SELECT 'type' AS key, type AS value, NULL AS name, sum(n) AS n FROM grouped GROUP BY type
      UNION ALL SELECT 'dataSource', source_id, NULL, sum(n) FROM grouped GROUP BY source_id
      UNION ALL SELECT 'profiled', 'PROFILED', NULL, sum(profiled) FROM grouped
      UNION ALL SELECT 'profiled', 'NOT_PROFILED', NULL, sum(n - profiled) FROM grouped
      UNION ALL SELECT 'sensitivity', sensitivity, NULL, sum(n) FROM grouped GROUP BY sensitivity
      UNION ALL SELECT 'trustScore', trust, NULL, sum(n) FROM grouped GROUP BY trust
      UNION ALL SELECT 'qualityScore', quality, NULL, sum(n) FROM grouped GROUP BY quality
      UNION ALL SELECT 'rating', rating, NULL, sum(n) FROM grouped GROUP BY rating
      UNION ALL SELECT 'tags', tag, NULL, count(*) FROM item, unnest(tags) tag GROUP BY tag
      UNION ALL SELECT 'terms', t.id, max(t.name), count(*) FROM item, unnest(terms, term_names) t(id, name) GROUP BY t.id)
    SELECT key, value, name, n::integer AS n FROM counts WHERE n > 0 ORDER BY key, n DESC, value`.execute(db);
  const total = rows.filter((row) => row.key === 'type').reduce((sum, row) => sum + row.n, 0);
  return { counts: rows, total, exact: !query.paths.cut };
}
