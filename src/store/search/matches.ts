import { type RawBuilder, sql } from 'kysely';
import type { Understood } from './understand.ts';

/** Nothing was typed: everything matches, and what is known of an entity alone ranks it. */
export const isBrowse = (query: Understood): boolean => query.typed === '';

/**
 * The common beginning of the statements of search, `WITH hit, along, doc, place`:
 * - hit: the names that match, with their score and how many entities bear them;
 * - doc: the entities of which something is known and that match, each for itself;
 * - place: the entities found by where they are, of which nothing else is known.
 *
 * The other entities of a name are not looked at: they are counted. The formula of `score` is told in docs/search.md.
 */
export function matchesOf(query: Understood): RawBuilder<unknown> {
  const paths = sql`along AS MATERIALIZED (
    SELECT * FROM unnest(${query.paths.found.map((path) => path.id)}::uuid[],
      ${query.paths.found.map((path) => path.score)}::float8[]) p(id, score))`;
  if (isBrowse(query)) {
    return sql`WITH ${paths},
      doc AS MATERIALIZED (SELECT d.*, true AS by_name, 1 + d.popularity AS score FROM search_doc d),
      place AS (${NO_PLACE})`;
  }
  const share = sql`least(1, ${query.words}::float8 / parts)`;
  const begun = sql`least(1, ${query.squash.length}::float8 / length(squash))`;
  return sql`WITH ${paths},
    hit AS MATERIALIZED (
      SELECT name, n, profiled, 2.0 * profiled / greatest(1, n) + CASE
        WHEN name = ${query.term} THEN 100 WHEN squash = ${query.squash} THEN 95
        WHEN words @@ ${query.whole}::tsquery THEN 60 + 20.0 * ${share}
        ${query.loose === query.typed ? sql`ELSE` : sql`WHEN words @@ ${query.typed}::tsquery THEN`} 40 + 10.0 * ${begun}
        ${query.loose === query.typed ? sql`` : sql`ELSE 20`} END::float8 AS score
      FROM search_name WHERE words @@ ${query.loose}::tsquery),
    doc AS MATERIALIZED (
      SELECT d.*, h.name IS NOT NULL AS by_name, d.popularity + greatest(h.score - 2.0 * h.profiled / greatest(1, h.n), a.score,
        CASE WHEN d.words @@ ${query.labels}::tsquery THEN 50 WHEN d.words @@ ${query.typed}::tsquery THEN 30 ELSE 20 END) AS score
      FROM search_doc d LEFT JOIN hit h USING (name) LEFT JOIN along a ON a.id = d.entity_id
      WHERE ${docIsMeant(query)}),
    place AS MATERIALIZED (${query.paths.found.length === 0 ? NO_PLACE : PLACE})`;
}

/** Asked apart, so that either has its index. */
const docIsMeant = (query: Understood): RawBuilder<unknown> =>
  query.paths.found.length === 0
    ? sql`d.words @@ ${query.loose}::tsquery`
    : sql`d.entity_id IN (SELECT entity_id FROM search_doc WHERE words @@ ${query.loose}::tsquery UNION SELECT id FROM along)`;

const PLACE = sql`
  SELECT e.id, e.name, e.type, e.source_id, p.id IS NOT NULL AS profiled, h.name IS NOT NULL AS by_name,
    a.score + CASE WHEN p.id IS NULL THEN 0 ELSE 2 END AS score
  FROM along a JOIN entity e ON e.id = a.id LEFT JOIN profile p ON p.entity_id = e.id AND p.current LEFT JOIN hit h ON h.name = e.name
  WHERE NOT EXISTS (SELECT FROM search_doc d WHERE d.entity_id = e.id)`;

const NO_PLACE = sql`
  SELECT NULL::uuid AS id, ''::text AS name, ''::text AS type, ''::text AS source_id, false AS profiled, false AS by_name, 0::float8 AS score
  WHERE false`;
