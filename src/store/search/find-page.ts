import { sql } from 'kysely';
import type { Db } from '../database.ts';
import { type EntityView, loadEntities } from '../entities.ts';
import { browsePage } from './browse-page.ts';
import { passesBare, type SearchFilter } from './filter.ts';
import { listIds } from './list-ids.ts';
import { alongOf, docScore, isBrowse, matchingDocs, matchingNames, matchingPlaces, type Question } from './matches.ts';
import { inOneLook, PATIENCE_MS } from './one-look.ts';
import { type Runs, runsOnPage, TYPE_ORDER, toRuns } from './runs.ts';

export interface SearchHit {
  entity: EntityView;
  score: number;
  /** Found by its place. */
  byPath: boolean;
}

export interface SearchPage {
  hits: SearchHit[];
  total: number;
  /** False when the total is only what was looked at. */
  totalIsExact: boolean;
}

export interface SearchRequest {
  term: string;
  filter: SearchFilter;
  /** How many to pass over, and how many to give. */
  skip: number;
  take: number;
}

/**
 * Best first: by score, then shorter name, name, what is known of first, type, id. Everything committed before the call is
 * found; when that is so much that folding it in takes longer than `patienceMs`, the total is not exact.
 */
export async function findPage(db: Db, request: SearchRequest, patienceMs = PATIENCE_MS): Promise<SearchPage> {
  const { term, filter, skip, take } = request;
  return inOneLook(db, { term, filter, patienceMs }, async (trx, question, exact) => {
    const { query } = question;
    const found = await (isBrowse(query) ? browsePage : pageOfTerm)(trx, question, skip, take);
    const placed = await listIds(trx, question, found, skip, skip + take);
    const views = await loadEntities(
      trx,
      placed.map(({ id }) => id),
    );
    const entities = new Map(views.map((entity) => [entity.id, entity]));
    const byPath = new Set(query.paths.found.map(({ id }) => id));
    return {
      hits: placed.flatMap(({ id, score }) => {
        const entity = entities.get(id);
        return entity ? [{ entity, score, byPath: byPath.has(id) }] : [];
      }),
      total: found.total,
      totalIsExact: exact,
    };
  });
}

/**
 * Entities of which something is known stand for themselves, all others of a name for each other: `run`. A name's run is the
 * name's count without those that stand for themselves.
 */
async function pageOfTerm(db: Db, question: Question, skip: number, take: number): Promise<Runs> {
  const upTo = skip + take;
  const bare = sql.lit(passesBare(question.filter));
  const { rows } = await sql<Parameters<typeof toRuns>[0][number] & { total: number }>`
    WITH ${alongOf(question.query)},
    hit AS MATERIALIZED (${matchingNames(question)}),
    doc AS MATERIALIZED (${matchingDocs(question, sql`entity_id AS id, name, type, ${docScore(question)} AS score`)}),
    place AS MATERIALIZED (${matchingPlaces(question)}),
    apart AS MATERIALIZED (
      SELECT name, type, count(*)::integer AS k FROM (
        SELECT name, type FROM doc WHERE by_name UNION ALL SELECT name, type FROM place WHERE by_name) x GROUP BY 1, 2),
    run AS (
      SELECT * FROM (
        SELECT name, score, size - coalesce(k, 0) AS size FROM hit
          LEFT JOIN (SELECT name, sum(k)::integer AS k FROM apart GROUP BY 1) a USING (name)) r
      WHERE size > 0 AND ${bare} ORDER BY score DESC, length(name), name LIMIT ${upTo}),
    item AS (
      SELECT id, name, type, score, 1 AS size FROM doc WHERE passes
      UNION ALL SELECT id, name, type, score, 1 FROM place
      UNION ALL SELECT NULL, name, NULL, score, size FROM run),
    placed AS (
      SELECT *, (sum(size) OVER (ROWS UNBOUNDED PRECEDING))::integer AS upto, row_number() OVER () AS at FROM (
        SELECT * FROM item ORDER BY score DESC, length(name), name, id IS NULL, ${TYPE_ORDER}, id LIMIT ${upTo}) b),
    ${runsOnPage(question, skip, upTo)}
    SELECT paged.*, total FROM (SELECT coalesce(sum(size), 0)::integer AS total FROM (
      SELECT count(*) AS size FROM doc WHERE passes
      UNION ALL SELECT count(*) FROM place
      UNION ALL SELECT sum(size) FROM hit WHERE ${bare}
      UNION ALL SELECT -sum(k) FROM apart WHERE ${bare}) t) t LEFT JOIN paged ON true ORDER BY at, ${TYPE_ORDER}`.execute(
    db,
  );
  return { runs: toRuns(rows), total: rows[0]?.total ?? 0 };
}
