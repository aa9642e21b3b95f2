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

/** What is asked of the words of a name. */
interface Asked {
  whole: string;
  typed: string;
  /** Whether typos are forgiven. */
  loosely: boolean;
}

/** Points for a name, on `name`, `squash`, `parts` and `words`; told in docs/search.md. `better`: another test that comes before a beginning. */
function nameScore(
  { term, squash, words }: Understood,
  asked: Asked,
  better = sql``,
  other = sql`20`,
): RawBuilder<unknown> {
  const begun = sql`40 + 10::float8 * least(1, ${squash.length}::float8 / length(squash))`;
  return sql`CASE WHEN name = ${term} THEN 100 WHEN squash = ${squash} THEN 95
    WHEN words @@ ${asked.whole}::tsquery THEN 60 + 20::float8 * least(1, ${words}::float8 / parts) ${better}
    ${asked.loosely ? sql`WHEN words @@ ${asked.typed}::tsquery THEN ${begun} ELSE ${other}` : sql`ELSE ${begun}`} END::float8`;
}

/** `hit`: the names that match, what each scores, and how many of its entities the filter lets through. */
export function matchingNames(question: Question): RawBuilder<unknown> {
  const { query } = question;
  const score = nameScore(query, { whole: query.whole, typed: query.typed, loosely: query.loose !== query.typed });
  return sql`
    SELECT name, ${nameSize(question)} AS size, 2::float8 * profiled / n + ${score} AS score
    FROM search_name WHERE words @@ ${query.loose}::tsquery AND ${nameTest(question)}`;
}

/** Entities of which something is known and that match, each for itself; `passes`: what is said of them passes the filter. */
export function matchingDocs({ query, filter }: Question, columns: RawBuilder<unknown>): RawBuilder<unknown> {
  // Asked apart, so that either has its index.
  const isMeant =
    query.paths.found.length === 0
      ? sql`d.words @@ ${query.loose}::tsquery`
      : sql`d.entity_id IN (SELECT entity_id FROM search_doc WHERE words @@ ${query.loose}::tsquery UNION SELECT id FROM along)`;
  return sql`SELECT ${columns}, ${saidTest(filter)} AS passes, words @@ ${query.doc.loose}::tsquery AS by_name
    FROM search_doc d WHERE ${isMeant} AND ${placeTest(filter)}`;
}

/** The best of what the name, the place, and what is said of it count; on `search_doc`. */
export function docScore({ query }: Question): RawBuilder<unknown> {
  const { doc, typed } = query;
  const better = sql`WHEN words @@ ${doc.labels}::tsquery THEN 50`;
  const other = sql`CASE WHEN words @@ ${typed}::tsquery THEN 30 ELSE 20 END`;
  const score = nameScore(query, { ...doc, loosely: true }, better, other);
  if (query.paths.found.length === 0) return sql`popularity + ${score}`;
  return sql`popularity + greatest(${score}, (SELECT a.score FROM along a WHERE a.id = d.entity_id))`;
}

/** `along`: entities found by where they are. */
export const alongOf = ({ paths }: Understood): RawBuilder<unknown> => sql`along AS MATERIALIZED (
    SELECT * FROM unnest(${paths.found.map(({ id }) => id)}::uuid[], ${paths.found.map(({ score }) => score)}::float8[]) p(id, score))`;

/** Those of them of which nothing else is known and that the filter lets through. */
export function matchingPlaces({ query, filter }: Question): RawBuilder<unknown> {
  const none = query.paths.found.length === 0 || !passesBare(filter);
  return sql`
    SELECT * FROM (
      SELECT e.id, e.name, e.type, e.source_id, p.id IS NOT NULL AS profiled, 
        EXISTS (SELECT FROM search_name s WHERE s.name = e.name AND s.words @@ ${query.loose}::tsquery) AS by_name,
        a.score + CASE WHEN p.id IS NULL THEN 0 ELSE 2 END AS score
      FROM along a JOIN entity e ON e.id = a.id LEFT JOIN profile p ON p.entity_id = e.id AND p.current
      WHERE NOT EXISTS (SELECT FROM search_doc d WHERE d.entity_id = e.id)) e
    WHERE ${none ? sql`false` : placeTest(filter)}`;
}
