import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../database.ts';
import { passesBare, placeTest, profiledState, type SearchFilter, saidTest, sizeOf, wholeScore } from './filter.ts';
import { alongOf, isBrowse, kindTest, matchingDocs, matchingPlaces, nameTest, type Question } from './matches.ts';
import { inOneLook, PATIENCE_MS } from './one-look.ts';

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

/** How many entities a search finds, by facet and value. Scores are given in whole numbers. Waits as `findPage` does. */
export async function countFacets(
  db: Db,
  term: string,
  filter: SearchFilter,
  patienceMs = PATIENCE_MS,
): Promise<{ counts: FacetCount[]; total: number; exact: boolean }> {
  return inOneLook(db, { term, filter, patienceMs }, async (trx, question, exact) => {
    const { rows } = await facetsOf(question).execute(trx);
    const total = rows.filter((row) => row.key === 'type').reduce((sum, row) => sum + row.n, 0);
    return { counts: rows, total, exact };
  });
}

function facetsOf(question: Question) {
  const score = (column: string) => wholeScore(sql.ref(column));
  return sql<FacetCount>`WITH ${isBrowse(question.query) ? everything(question) : matches(question)},
    known AS MATERIALIZED (
      SELECT type, source_id, sensitivity, ${score('trust_score')} AS trust, ${score('quality_score')} AS quality,
        ${score('rating')} AS rating, passes, by_name, count(*) AS n, count(*) FILTER (WHERE profiled) AS profiled
      FROM doc GROUP BY 1, 2, 3, 4, 5, 6, 7, 8),
    bare AS (
      SELECT type, source_id, sum(n) AS n, sum(profiled) AS profiled FROM (
        SELECT type, source_id, k.n, k.profiled FROM named k JOIN search_total t USING (kind)
        UNION ALL SELECT type, source_id, -n, -profiled FROM known WHERE by_name
        UNION ALL SELECT type, source_id, count(*), count(*) FILTER (WHERE profiled) FROM place WHERE NOT by_name GROUP BY 1, 2) b
      WHERE ${sql.lit(passesBare(question.filter))} GROUP BY 1, 2),
    grouped AS MATERIALIZED (
      SELECT type, source_id, sensitivity, trust, quality, rating, n, profiled FROM known WHERE passes
      UNION ALL SELECT type, source_id, 'UNKNOWN', NULL, NULL, NULL, n, profiled FROM bare),
    counts AS (
      SELECT 'type' AS key, type AS value, NULL AS name, sum(n) AS n FROM grouped GROUP BY type
      UNION ALL SELECT 'dataSource', source_id, NULL, sum(n) FROM grouped GROUP BY source_id
      UNION ALL SELECT 'profiled', 'PROFILED', NULL, sum(profiled) FROM grouped
      UNION ALL SELECT 'profiled', 'NOT_PROFILED', NULL, sum(n - profiled) FROM grouped
      UNION ALL SELECT 'sensitivity', sensitivity, NULL, sum(n) FROM grouped GROUP BY sensitivity
      UNION ALL SELECT 'trustScore', coalesce(trust::text, ''), NULL, sum(n) FROM grouped GROUP BY trust
      UNION ALL SELECT 'qualityScore', coalesce(quality::text, ''), NULL, sum(n) FROM grouped GROUP BY quality
      UNION ALL SELECT 'rating', coalesce(rating::text, ''), NULL, sum(n) FROM grouped GROUP BY rating
      UNION ALL SELECT 'tags', tag, NULL, count(*)
        FROM (SELECT unnest(tags) AS tag FROM doc WHERE passes AND tags <> '{}') t GROUP BY tag
      UNION ALL SELECT 'terms', id, max(name), count(*)
        FROM (SELECT unnest(terms) AS id, unnest(term_names) AS name FROM doc WHERE passes AND terms <> '{}') t GROUP BY id)
    SELECT key, value, name, n::integer AS n FROM counts WHERE n > 0 ORDER BY key, n DESC, value`;
}

const DOC_COLUMNS = sql.raw(
  'type, source_id, profiled, sensitivity, trust_score, quality_score, rating, tags, terms, term_names',
);

/** `named`: entities of the names that match, by kind; `doc`, `place`: those that stand for themselves. */
function matches(question: Question): RawBuilder<unknown> {
  const [n, profiled] = sizes(question.filter);
  return sql`${alongOf(question.query)},
    named AS (
      SELECT kind, sum(${n}) AS n, sum(${profiled}) AS profiled
      FROM (SELECT unnest(kinds) AS kind, unnest(kind_n) AS n, unnest(kind_profiled) AS profiled FROM search_name
        WHERE words @@ ${question.query.loose}::tsquery AND ${nameTest(question)}) u
      WHERE ${kindTest(question)} GROUP BY kind),
    doc AS MATERIALIZED (${matchingDocs(question, DOC_COLUMNS)}),
    place AS MATERIALIZED (${matchingPlaces(question)})`;
}

function everything(question: Question): RawBuilder<unknown> {
  const [n, profiled] = sizes(question.filter);
  return sql`named AS (SELECT kind, ${n} AS n, ${profiled} AS profiled FROM search_total WHERE ${kindTest(question)}),
    doc AS MATERIALIZED (SELECT ${DOC_COLUMNS}, ${saidTest(question.filter)} AS passes, true AS by_name
      FROM search_doc WHERE ${placeTest(question.filter)}),
    place AS (SELECT NULL AS type, NULL AS source_id, false AS profiled, false AS by_name WHERE false)`;
}

/** How many of a kind the filter lets through, and how many of those are profiled. */
const sizes = (filter: SearchFilter): [RawBuilder<unknown>, RawBuilder<unknown>] => [
  sizeOf(filter),
  profiledState(filter) === false ? sql`0` : sql`profiled`,
];
