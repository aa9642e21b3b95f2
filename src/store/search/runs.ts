import { type RawBuilder, sql } from 'kysely';
import type { EntityType } from '../../model/entity.ts';
import { sizeOf } from './filter.ts';
import { kindTest, type Question } from './matches.ts';

/** One entity (with an id), or entities of one name and type of which nothing else is known. */
export interface Run {
  id: string | null;
  name: string;
  type: string;
  score: number;
  size: number;
  /** Entities before this run. */
  start: number;
}

/** The runs that lie on a page, in order, and how many entities match. */
export interface Runs {
  runs: Run[];
  total: number;
}

/** Containers before what they hold, so that a table comes before its namesakes among columns. */
export const TYPE_ORDER = sql`array_position(${['RESOURCE', 'SCHEMA', 'TABLE', 'VIEW', 'FILE', 'FOLDER', 'COLUMN'] satisfies EntityType[]}::text[], type)`;

/**
 * `paged`: what lies on a page of `placed` (at, id, name, type, score, size, upto), where an entity is a row and the others of a
 * name are one; those are told apart by type. `apart` (name, type, k) counts those that stand for themselves.
 */
export const runsOnPage = (question: Question, skip: number, upTo: number): RawBuilder<unknown> => sql`
    chosen AS MATERIALIZED (SELECT * FROM placed WHERE upto > ${skip} AND upto - size < ${upTo}),
    typed AS (
      SELECT c.at, t.type, sum(u.size)::integer AS size
      FROM chosen c JOIN search_name s ON s.name = c.name
        CROSS JOIN LATERAL (SELECT kind, ${sizeOf(question.filter)} AS size
          FROM unnest(s.kinds, s.kind_n, s.kind_profiled) u(kind, n, profiled) WHERE ${kindTest(question)}) u
        JOIN search_total t USING (kind)
      WHERE c.id IS NULL GROUP BY 1, 2),
    paged AS (
      SELECT at, id, name, type, score, size, upto - size AS start FROM chosen WHERE id IS NOT NULL
      UNION ALL SELECT c.at, NULL, c.name, t.type, c.score, t.size - coalesce(a.k, 0), c.upto - c.size
        FROM chosen c JOIN typed t USING (at) LEFT JOIN apart a ON a.name = c.name AND a.type = t.type
        WHERE t.size > coalesce(a.k, 0))`;

/** Rows of `paged`, ordered by `at` and type, where `start` is that of all the types of a name together. */
export function toRuns(rows: readonly (Omit<Run, 'name'> & { at: number; name: string | null })[]): Run[] {
  const runs: Run[] = [];
  let before: { at: number; end: number } | undefined;
  for (const { at, id, name, type, score, size, start: first } of rows) {
    if (name === null) continue;
    const start: number = before?.at === at ? before.end : first;
    before = { at, end: start + size };
    runs.push({ id, name, type, score, size, start });
  }
  return runs;
}
