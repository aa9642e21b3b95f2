import { sql } from 'kysely';
import type { EntityType } from '../../model/entity.ts';
import type { Db } from '../database.ts';
import { type EntityView, loadEntities } from '../entities.ts';
import { foldSearchChanges } from './fold-changes.ts';
import { itemsOf, type SearchFilter, standsAlone } from './items.ts';
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

interface Item {
  id: string | null;
  name: string;
  type: EntityType;
  source_id: string;
  score: number;
  size: number;
  /** Entities up to the end of this item. */
  upto: number;
  total: number;
}

/** Containers before what they hold, so that a table comes before its namesakes among columns. */
export const TYPE_ORDER = sql`array_position(${['RESOURCE', 'SCHEMA', 'TABLE', 'VIEW', 'FILE', 'FOLDER', 'COLUMN'] satisfies EntityType[]}::text[], type)`;

/** Best first: by score, then type, shorter name, name, source, id. Everything committed before the call is found. */
export async function findPage(db: Db, { term, filter, skip, take }: SearchRequest): Promise<SearchPage> {
  await foldSearchChanges(db);
  const query = await understand(db, term);
  const upTo = skip + take;
  const { rows } = await sql<Item>`${itemsOf(query, filter)}, best AS (
      SELECT *, row_number() OVER () AS place FROM (
        SELECT id, name, type, source_id, score, size FROM item
        ORDER BY score DESC, ${TYPE_ORDER}, length(name), name, source_id, id LIMIT ${upTo}) b),
    placed AS (SELECT *, (sum(size) OVER (ORDER BY place))::integer AS upto FROM best),
    total AS (SELECT coalesce(sum(size), 0)::integer AS total FROM item)
    SELECT placed.id, name, type, source_id, score, size, upto, total FROM total
    LEFT JOIN placed ON upto > ${skip} AND upto - size < ${upTo} ORDER BY upto`.execute(db);
  const items = rows.filter((row) => row.name !== null);
  const placed = await listIds(db, query, filter, items, skip, upTo);
  const entities = new Map(
    (
      await loadEntities(
        db,
        placed.map(({ id }) => id),
      )
    ).map((entity) => [entity.id, entity]),
  );
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

/** The entities that items stand for, as far as they lie on the page. */
async function listIds(
  db: Db,
  query: Understood,
  filter: SearchFilter,
  items: readonly Item[],
  skip: number,
  upTo: number,
): Promise<{ id: string; score: number }[]> {
  const wanted = items.map((item, place) => {
    const from = Math.max(0, skip - (item.upto - item.size));
    return {
      place,
      id: item.id,
      name: item.name,
      type: item.type,
      source_id: item.source_id,
      from,
      take: Math.min(item.size, upTo - (item.upto - item.size)) - from,
    };
  });
  const profiled = filter.profiled?.length === 1 ? filter.profiled[0] : undefined;
  const isProfiled = sql`EXISTS (SELECT FROM profile p WHERE p.entity_id = e.id AND p.current)`;
  const { rows } = await sql<{ id: string; place: number }>`
    SELECT f.id, w.place FROM jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb)
      AS w(place integer, id uuid, name text, type text, source_id text, "from" integer, take integer)
    CROSS JOIN LATERAL (
      SELECT w.id AS id WHERE w.id IS NOT NULL
      UNION ALL
      (SELECT e.id FROM entity e WHERE w.id IS NULL AND e.name = w.name AND e.type = w.type AND e.source_id = w.source_id
        AND NOT ${standsAlone(query)}
        ${profiled === undefined ? sql`` : profiled ? sql`AND ${isProfiled}` : sql`AND NOT ${isProfiled}`}
      ORDER BY e.id OFFSET w."from" LIMIT w.take)) f
    ORDER BY w.place, f.id`.execute(db);
  return rows.map(({ id, place }) => ({ id, score: items[place]?.score ?? 0 }));
}
