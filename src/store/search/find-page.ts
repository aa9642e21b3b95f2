import { type RawBuilder, sql } from 'kysely';
import type { EntityType } from '../../model/entity.ts';
import type { Db } from '../database.ts';
import { type EntityView, loadEntities } from '../entities.ts';
import {
  asksForNodes,
  docTest,
  nodeTest,
  passesBare,
  profiledState,
  profiledTest,
  type SearchFilter,
} from './filter.ts';
import { foldSearchChanges } from './fold-changes.ts';
import { listIds, type Run } from './list-ids.ts';
import { isBrowse, matchesOf } from './matches.ts';
import { type Understood, understand } from './understand.ts';

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

/** Containers before what they hold, so that a table comes before its namesakes among columns. */
const TYPE_ORDER = sql`array_position(${['RESOURCE', 'SCHEMA', 'TABLE', 'VIEW', 'FILE', 'FOLDER', 'COLUMN'] satisfies EntityType[]}::text[], type)`;

/** Best first: by score, then shorter name, name, type, id. Everything committed before the call is found. */
export async function findPage(db: Db, { term, filter, skip, take }: SearchRequest): Promise<SearchPage> {
  await foldSearchChanges(db);
  const query = await understand(db, term);
  const upTo = skip + take;
  const { rows } = await pageOf(query, filter, skip, upTo).execute(db);
  const runs = rows.filter((row) => row.name !== null);
  const placed = await listIds(db, query, filter, runs, skip, upTo);
  const views = await loadEntities(
    db,
    placed.map(({ id }) => id),
  );
  const entities = new Map(views.map((entity) => [entity.id, entity]));
  const byPath = new Set(query.paths.found.map(({ id }) => id));
  return {
    hits: placed.flatMap(({ id, score }) => {
      const entity = entities.get(id);
      return entity ? [{ entity, score, byPath: byPath.has(id) }] : [];
    }),
    total: rows[0]?.total ?? 0,
    totalIsExact: !query.paths.cut,
  };
}

/** The runs and single entities that lie on a page, and the total on each row. */
function pageOf(query: Understood, filter: SearchFilter, skip: number, upTo: number) {
  const order = isBrowse(query) ? sql`name` : sql`length(name), name`;
  return sql<Run & { total: number }>`${matchesOf(query)},
    ${bareRuns(query, filter, upTo, order)},
    item AS (
      SELECT entity_id AS id, name, type, score, 1 AS size FROM doc WHERE ${docTest(filter)}
      UNION ALL SELECT id, name, type, score, 1 FROM place
        WHERE ${sql.lit(passesBare(filter))} AND ${nodeTest(filter)} AND ${profiledTest(filter)}
      UNION ALL SELECT NULL, name, type, score, size FROM run WHERE size > 0),
    best AS (
      SELECT *, row_number() OVER () AS at FROM (
        SELECT * FROM item ORDER BY score DESC, ${order}, ${TYPE_ORDER}, id NULLS LAST LIMIT ${upTo}) b),
    placed AS (SELECT *, (sum(size) OVER (ORDER BY at))::integer AS upto FROM best)
    SELECT placed.id, name, type, score, size, upto, total FROM (SELECT (${total(query, filter)})::integer AS total) t
    LEFT JOIN placed ON upto > ${skip} AND upto - size < ${upTo} ORDER BY upto`;
}

/** What a profiled state leaves of a count. */
function sizeOf(filter: SearchFilter): RawBuilder<unknown> {
  const state = profiledState(filter);
  return state === undefined ? sql`n` : state ? sql`profiled` : sql`(n - profiled)`;
}

/**
 * `run`: entities of one name and type of which nothing is known but their name. Each name that matches has an entity at least,
 * so no more names than the page needs are looked at; entities that stand for themselves (doc, place) are taken out of them.
 */
function bareRuns(query: Understood, filter: SearchFilter, upTo: number, order: RawBuilder<unknown>) {
  if (!passesBare(filter))
    return sql`run AS (SELECT ''::text AS name, ''::text AS type, 0::float8 AS score, 0 AS size WHERE false)`;
  const apart = sql`apart AS MATERIALIZED (
    SELECT name, type, count(*)::integer AS k FROM (
      SELECT name, type, source_id, profiled FROM doc WHERE by_name
      UNION ALL SELECT name, type, source_id, profiled FROM place WHERE by_name) x
    WHERE ${nodeTest(filter)} AND ${profiledTest(filter)} GROUP BY 1, 2)`;
  const limit = sql`LIMIT ${upTo} + (SELECT count(*) FROM apart)`;
  if (isBrowse(query)) {
    return sql`${apart}, counted AS (
        SELECT name, type, 0::float8 AS score, sum(${sizeOf(filter)})::integer AS size FROM search_count
        WHERE ${nodeTest(filter)} AND ${sizeOf(filter)} > 0 GROUP BY name, type ORDER BY name, ${TYPE_ORDER} ${limit}),
      run AS (SELECT name, type, score, size - coalesce(k, 0) AS size FROM counted LEFT JOIN apart USING (name, type))`;
  }
  const candidates = asksForNodes(filter)
    ? sql`SELECT name, score FROM hit WHERE ${sizeOf(filter)} > 0
        AND EXISTS (SELECT FROM search_count c WHERE c.name = hit.name AND ${nodeTest(filter)} AND ${ofCount(filter)} > 0)`
    : sql`SELECT name, score FROM hit WHERE ${sizeOf(filter)} > 0`;
  return sql`${apart},
    top AS MATERIALIZED (SELECT * FROM (${candidates}) h ORDER BY score DESC, ${order} ${limit}),
    counted AS (
      SELECT c.name, c.type, t.score, sum(${ofCount(filter)})::integer AS size FROM top t JOIN search_count c ON c.name = t.name
      WHERE ${nodeTest(filter)} GROUP BY 1, 2, 3),
    run AS (SELECT name, type, score, size - coalesce(k, 0) AS size FROM counted LEFT JOIN apart USING (name, type))`;
}

function ofCount(filter: SearchFilter): RawBuilder<unknown> {
  const state = profiledState(filter);
  return state === undefined ? sql`c.n` : state ? sql`c.profiled` : sql`(c.n - c.profiled)`;
}

/** All that match: those that stand for themselves and pass, and all others of the names that match. */
function total(query: Understood, filter: SearchFilter): RawBuilder<unknown> {
  const single = sql`(SELECT count(*) FROM doc WHERE ${docTest(filter)})`;
  if (!passesBare(filter)) return single;
  const named = isBrowse(query)
    ? sql`SELECT sum(${sizeOf(filter)}) FROM search_total WHERE ${nodeTest(filter)}`
    : asksForNodes(filter)
      ? sql`SELECT sum(${ofCount(filter)}) FROM hit h JOIN search_count c ON c.name = h.name WHERE ${nodeTest(filter)}`
      : sql`SELECT sum(${sizeOf(filter)}) FROM hit`;
  return sql`${single} + coalesce((${named}), 0) - coalesce((SELECT sum(k) FROM apart), 0)
    + (SELECT count(*) FROM place WHERE ${nodeTest(filter)} AND ${profiledTest(filter)})`;
}
