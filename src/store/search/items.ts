import { type RawBuilder, sql } from 'kysely';
import type { Understood } from './understand.ts';

/** A range of scores, both ends included, or those that have none. */
export type Range = readonly [low: number, high: number] | 'none';

/** What narrows a search: AND between keys, OR within. */
export interface SearchFilter {
  types?: readonly string[];
  sourceIds?: readonly string[];
  profiled?: readonly boolean[];
  sensitivities?: readonly string[];
  tags?: readonly string[];
  terms?: readonly string[];
  trustScore?: readonly Range[];
  qualityScore?: readonly Range[];
  rating?: readonly Range[];
}

/**
 * The common beginning of every statement of search: `WITH … item`. An item is either an entity of which something is known
 * (size 1) or all other entities of a name, type and source together (size: how many). The formula of `score`: docs/search.md.
 */
export function itemsOf(query: Understood, filter: SearchFilter): RawBuilder<unknown> {
  const browsing = query.typed === '';
  const hit = browsing
    ? sql`SELECT name, 0::float8 AS score FROM search_name WHERE false`
    : sql`SELECT name, CASE
        WHEN name = ${query.term} THEN 100 WHEN squash = ${query.squash} THEN 95
        WHEN words @@ ${query.whole}::tsquery THEN 60 + 20.0 * least(1, ${countWords(query.whole)}::float8 / parts)
        WHEN words @@ ${query.typed}::tsquery THEN 40 + 10.0 * least(1, ${query.squash.length}::float8 / length(squash))
        ELSE 20 END::float8 AS score
      FROM search_name WHERE words @@ ${query.loose}::tsquery`;
  const docScore = browsing
    ? sql`d.popularity`
    : sql`greatest(h.score, a.score, CASE WHEN d.words @@ ${query.labels}::tsquery THEN 50
        WHEN d.words @@ ${query.typed}::tsquery THEN 30 ELSE 20 END) + d.popularity`;
  const docMatch = browsing ? sql`true` : sql`d.words @@ ${query.loose}::tsquery OR a.id IS NOT NULL`;
  const paths = sql`SELECT * FROM unnest(${query.paths.found.map((path) => path.id)}::uuid[],
    ${query.paths.found.map((path) => path.score)}::float8[]) p(id, score)`;
  const counts = browsing ? sql`FROM search_count c` : sql`FROM hit h JOIN search_count c USING (name)`;
  const base = browsing ? sql`0` : sql`h.score`;
  return sql`WITH hit AS MATERIALIZED (${hit}), along AS MATERIALIZED (${paths}),
    doc AS MATERIALIZED (
      SELECT d.*, h.score IS NOT NULL AS by_name, ${docScore} AS score
      FROM search_doc d LEFT JOIN hit h USING (name) LEFT JOIN along a ON a.id = d.entity_id WHERE ${docMatch}),
    apart AS (
      SELECT name, type, source_id, count(*)::integer AS n, count(*) FILTER (WHERE profiled)::integer AS profiled
      FROM doc WHERE ${browsing ? sql`true` : sql`by_name`} GROUP BY 1, 2, 3),
    run AS (
      SELECT c.name, c.type, c.source_id, c.n - coalesce(x.n, 0) AS n, c.profiled - coalesce(x.profiled, 0) AS profiled,
        ${base} + 2.0 * c.profiled / greatest(1, c.n) AS score
      ${counts} LEFT JOIN apart x ON x.name = c.name AND x.type = c.type AND x.source_id = c.source_id),
    place AS (
      SELECT e.id, e.name, e.type, e.source_id, a.score, p.id IS NOT NULL AS profiled
      FROM along a JOIN entity e ON e.id = a.id LEFT JOIN profile p ON p.entity_id = e.id AND p.current
      WHERE NOT EXISTS (SELECT FROM search_doc d WHERE d.entity_id = e.id)),
    item AS MATERIALIZED (
      SELECT entity_id AS id, name, type, source_id, score, 1 AS size, profiled::integer AS profiled, tags, terms, term_names, sensitivity,
        trust_score, quality_score, rating
      FROM doc d WHERE ${docFilter(filter)}
      UNION ALL
      SELECT id, name, type, source_id, score + 2 * profiled::integer, 1, profiled::integer, NULL, NULL, NULL, 'UNKNOWN', NULL, NULL, NULL
      FROM place r WHERE ${nodeFilter(filter)} AND ${bareFilter(filter)} AND ${profiledIs(filter, sql`r.profiled`)}
      UNION ALL
      SELECT NULL, name, type, source_id, score, ${runSize(filter)}, ${runProfiled(filter)}, NULL, NULL, NULL, 'UNKNOWN', NULL, NULL, NULL
      FROM (SELECT name, type, source_id, score, n - coalesce(y.k, 0) AS n, profiled - coalesce(y.p, 0) AS profiled FROM run
        LEFT JOIN (SELECT name, type, source_id, count(*)::integer AS k, count(*) FILTER (WHERE profiled)::integer AS p
          FROM place GROUP BY 1, 2, 3) y USING (name, type, source_id)) r
      WHERE ${runSize(filter)} > 0 AND ${nodeFilter(filter)} AND ${bareFilter(filter)})`;
}

/** Entities that stand in the list by themselves: the others of their name are counted without them. */
export const standsAlone = (query: Understood): RawBuilder<unknown> =>
  sql`(EXISTS (SELECT FROM search_doc d WHERE d.entity_id = e.id) OR e.id = ANY(${query.paths.found.map((path) => path.id)}::uuid[]))`;

const countWords = (whole: string): number => whole.split(' & ').length;

const all = (tests: RawBuilder<unknown>[]): RawBuilder<unknown> =>
  tests.length > 0 ? sql`(${sql.join(tests, sql` AND `)})` : sql`true`;

function nodeFilter({ types, sourceIds }: SearchFilter): RawBuilder<unknown> {
  const tests: RawBuilder<unknown>[] = [];
  if (types) tests.push(sql`type = ANY(${types}::text[])`);
  if (sourceIds) tests.push(sql`source_id = ANY(${sourceIds}::text[])`);
  return all(tests);
}

function profiledIs({ profiled }: SearchFilter, what: RawBuilder<unknown>): RawBuilder<unknown> {
  return profiled ? sql`${what} = ANY(${profiled}::boolean[])` : sql`true`;
}

function docFilter(filter: SearchFilter): RawBuilder<unknown> {
  const tests = [nodeFilter(filter), profiledIs(filter, sql`d.profiled`)];
  if (filter.sensitivities) tests.push(sql`sensitivity = ANY(${filter.sensitivities}::text[])`);
  if (filter.tags) tests.push(sql`tags && ${filter.tags}::text[]`);
  if (filter.terms) tests.push(sql`terms && ${filter.terms}::text[]`);
  if (filter.trustScore) tests.push(inRanges(sql`trust_score`, filter.trustScore));
  if (filter.qualityScore) tests.push(inRanges(sql`quality_score`, filter.qualityScore));
  if (filter.rating) tests.push(inRanges(sql`rating`, filter.rating));
  return all(tests);
}

/** Scores count as shown, in whole numbers, so that none falls between 50 and 51. */
function inRanges(what: RawBuilder<unknown>, ranges: readonly Range[]): RawBuilder<unknown> {
  const tests = ranges.map((range) =>
    range === 'none' ? sql`${what} IS NULL` : sql`round(${what}::numeric) BETWEEN ${range[0]} AND ${range[1]}`,
  );
  return sql`(${sql.join([sql`false`, ...tests], sql` OR `)})`;
}

/** Whether an entity about which nothing is said passes. */
function bareFilter(filter: SearchFilter): RawBuilder<unknown> {
  const scores = [filter.trustScore, filter.qualityScore, filter.rating];
  const passes =
    (filter.sensitivities?.includes('UNKNOWN') ?? true) &&
    filter.tags === undefined &&
    filter.terms === undefined &&
    scores.every((ranges) => ranges === undefined || ranges.includes('none'));
  return passes ? sql`true` : sql`false`;
}

function runSize({ profiled }: SearchFilter): RawBuilder<unknown> {
  if (!profiled || (profiled.includes(true) && profiled.includes(false))) return sql`r.n`;
  return profiled.includes(true) ? sql`r.profiled` : sql`(r.n - r.profiled)`;
}

function runProfiled({ profiled }: SearchFilter): RawBuilder<unknown> {
  return !profiled || profiled.includes(true) ? sql`r.profiled` : sql`0`;
}
