import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../database.ts';
import { docTest, nodeTest, passesBare, profiledState, profiledTest, type SearchFilter } from './filter.ts';
import { foldSearchChanges } from './fold-changes.ts';
import { isBrowse, matchesOf } from './matches.ts';
import { type Understood, understand } from './understand.ts';

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

/** `n` entities have the `value`; "" stands for none. */
export interface FacetCount {
  key: FacetKey;
  value: string;
  /** Of a term; otherwise null. */
  name: string | null;
  n: number;
}

/** How many entities a search finds, by facet and value. Scores are given in whole numbers. */
export async function countFacets(
  db: Db,
  term: string,
  filter: SearchFilter,
): Promise<{ counts: FacetCount[]; total: number; exact: boolean }> {
  await foldSearchChanges(db);
  const query = await understand(db, term);
  const score = (column: string) => sql`coalesce(round(${sql.ref(column)}::numeric)::text, '')`;
  const { rows } = await sql<FacetCount>`${matchesOf(query)},
    told AS MATERIALIZED (SELECT * FROM doc WHERE ${docTest(filter)}),
    ${bareCounts(query, filter)},
    grouped AS MATERIALIZED (
      SELECT type, source_id, sensitivity, ${score('trust_score')} AS trust, ${score('quality_score')} AS quality,
        ${score('rating')} AS rating, count(*) AS n, count(*) FILTER (WHERE profiled) AS profiled
      FROM told GROUP BY 1, 2, 3, 4, 5, 6
      UNION ALL SELECT type, source_id, 'UNKNOWN', '', '', '', n, profiled FROM bare),
    counts AS (
      SELECT 'type' AS key, type AS value, NULL AS name, sum(n) AS n FROM grouped GROUP BY type
      UNION ALL SELECT 'dataSource', source_id, NULL, sum(n) FROM grouped GROUP BY source_id
      UNION ALL SELECT 'profiled', 'PROFILED', NULL, sum(profiled) FROM grouped
      UNION ALL SELECT 'profiled', 'NOT_PROFILED', NULL, sum(n - profiled) FROM grouped
      UNION ALL SELECT 'sensitivity', sensitivity, NULL, sum(n) FROM grouped GROUP BY sensitivity
      UNION ALL SELECT 'trustScore', trust, NULL, sum(n) FROM grouped GROUP BY trust
      UNION ALL SELECT 'qualityScore', quality, NULL, sum(n) FROM grouped GROUP BY quality
      UNION ALL SELECT 'rating', rating, NULL, sum(n) FROM grouped GROUP BY rating
      UNION ALL SELECT 'tags', tag, NULL, count(*) FROM told, unnest(tags) tag GROUP BY tag
      UNION ALL SELECT 'terms', t.id, max(t.name), count(*) FROM told, unnest(terms, term_names) t(id, name) GROUP BY t.id)
    SELECT key, value, name, n::integer AS n FROM counts WHERE n > 0 ORDER BY key, n DESC, value`.execute(db);
  const total = rows.filter((row) => row.key === 'type').reduce((sum, row) => sum + row.n, 0);
  return { counts: rows, total, exact: !query.paths.cut };
}

/** `bare`: entities of which nothing is known, by type and source. */
function bareCounts(query: Understood, filter: SearchFilter): RawBuilder<unknown> {
  if (!passesBare(filter))
    return sql`bare AS (SELECT ''::text AS type, ''::text AS source_id, 0 AS n, 0 AS profiled WHERE false)`;
  const state = profiledState(filter);
  const [n, profiled] =
    state === undefined
      ? [sql`n`, sql`profiled`]
      : state
        ? [sql`profiled`, sql`profiled`]
        : [sql`n - profiled`, sql`0`];
  const named = isBrowse(query)
    ? sql`SELECT type, source_id, n, profiled FROM search_total WHERE ${nodeTest(filter)}`
    : sql`SELECT c.type, c.source_id, sum(c.n) AS n, sum(c.profiled) AS profiled FROM hit h JOIN search_count c ON c.name = h.name
        WHERE ${nodeTest(filter)} GROUP BY 1, 2`;
  // What stands for itself is taken out again; places not found by name come in.
  const single = (sign: RawBuilder<unknown>, from: RawBuilder<unknown>) => sql`
    SELECT type, source_id, ${sign} * count(*), ${sign} * count(*) FILTER (WHERE profiled) FROM ${from}
      AND ${nodeTest(filter)} AND ${profiledTest(filter)} GROUP BY 1, 2`;
  return sql`bare AS MATERIALIZED (
    SELECT type, source_id, sum(n) AS n, sum(profiled) AS profiled FROM (
      SELECT type, source_id, ${n} AS n, ${profiled} AS profiled FROM (${named}) c
      UNION ALL ${single(sql`-1`, sql`doc WHERE by_name`)}
      UNION ALL ${single(sql`1`, sql`place WHERE NOT by_name`)}) b
    GROUP BY 1, 2)`;
}
