import { type RawBuilder, sql } from 'kysely';
import { passesBare, placeTest, type SearchFilter, saidTest, sizeOf } from './filter.ts';
import type { Understood } from './understand.ts';

/** Nothing was typed: everything matches, and what is known of an entity alone ranks it. */
export const isBrowse = (query: Understood): boolean => query.typed === '';

/** A search made ready for the statements. */
export interface Question {
  query: Understood;
  filter: SearchFilter;
  /** Kinds that the filter lets through; undefined: all. */
  kinds: readonly number[] | undefined;
}

/** On the columns of `search_name`. */
export const nameTest = ({ kinds }: Question): RawBuilder<unknown> =>
  kinds === undefined ? sql`n > 0` : sql`n > 0 AND kinds && ${kinds}::integer[]`;

/** On a column `kind`. */
export const kindTest = ({ kinds }: Question): RawBuilder<unknown> =>
  kinds === undefined ? sql`true` : sql`kind = ANY(${kinds}::integer[])`;

/** How many entities of a name that passes `nameTest` the filter lets through. Most names have one kind. */
export function nameSize(question: Question): RawBuilder<unknown> {
  const size = sizeOf(question.filter);
  if (question.kinds === undefined) return size;
  return sql`CASE WHEN cardinality(kinds) = 1 THEN ${size} ELSE (SELECT coalesce(sum(${size}), 0)::integer
    FROM unnest(kinds, kind_n, kind_profiled) u(kind, n, profiled) WHERE ${kindTest(question)}) END`;
}

/**
 * The names that match: how many entities of each pass, what the name scores, and what the share of its profiled entities adds.
 * The formula is told in docs/search.md.
 */
export function rankedNames(question: Question): RawBuilder<unknown> {
  const { query } = question;
  const share = sql`least(1, ${query.words}::float8 / parts)`;
  const begun = sql`least(1, ${query.squash.length}::float8 / length(squash))`;
  const asTyped = query.loose === query.typed;
  return sql`
    SELECT name, ${nameSize(question)} AS size, 2::float8 * profiled / n AS known, CASE
      WHEN name = ${query.term} THEN 100 WHEN squash = ${query.squash} THEN 95
      WHEN words @@ ${query.whole}::tsquery THEN 60 + 20::float8 * ${share}
      ${asTyped ? sql`ELSE` : sql`WHEN words @@ ${query.typed}::tsquery THEN`} 40 + 10::float8 * ${begun}
      ${asTyped ? sql`` : sql`ELSE 20`} END::float8 AS score
    FROM search_name WHERE words @@ ${query.loose}::tsquery AND ${nameTest(question)}`;
}

/** Entities of which something is known and that match, whatever is said of them, each for itself; of a query with words. */
export function matchingDocs(
  { query, filter }: Question,
  columns: RawBuilder<unknown>,
  joins: RawBuilder<unknown>,
): RawBuilder<unknown> {
  // Asked apart, so that either has its index.
  const isMeant =
    query.paths.found.length === 0
      ? sql`d.words @@ ${query.loose}::tsquery`
      : sql`d.entity_id IN (SELECT entity_id FROM search_doc WHERE words @@ ${query.loose}::tsquery UNION SELECT id FROM along)`;
  return sql`SELECT ${columns}, ${saidTest(filter)} AS passes, h.name IS NOT NULL AS by_name
    FROM (SELECT * FROM search_doc d WHERE ${isMeant} AND ${placeTest(filter)}) d LEFT JOIN hit h USING (name) ${joins}`;
}

/** `along`: entities found by where they are. */
export const alongOf = ({ paths }: Understood): RawBuilder<unknown> => sql`along AS MATERIALIZED (
    SELECT * FROM unnest(${paths.found.map(({ id }) => id)}::uuid[], ${paths.found.map(({ score }) => score)}::float8[]) p(id, score))`;

/** Those of them of which nothing else is known and that the filter lets through. */
export function matchingPlaces({ query, filter }: Question): RawBuilder<unknown> {
  const none = query.paths.found.length === 0 || !passesBare(filter);
  return sql`
    SELECT * FROM (
      SELECT e.id, e.name, e.type, e.source_id, p.id IS NOT NULL AS profiled, h.name IS NOT NULL AS by_name,
        a.score + CASE WHEN p.id IS NULL THEN 0 ELSE 2 END AS score
      FROM along a JOIN entity e ON e.id = a.id LEFT JOIN profile p ON p.entity_id = e.id AND p.current
        LEFT JOIN hit h ON h.name = e.name
      WHERE NOT EXISTS (SELECT FROM search_doc d WHERE d.entity_id = e.id)) e
    WHERE ${none ? sql`false` : placeTest(filter)}`;
}
