import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../database.ts';
import { profiledState } from './filter.ts';
import type { Question } from './matches.ts';
import type { Runs } from './runs.ts';

/** A run from which more than this is passed over is read by itself, with its exceptions at hand. */
const LONG = 500;

interface Slice {
  at: number;
  id: string | null;
  name: string;
  type: string;
  from: number;
  take: number;
}

/** The entities that runs stand for, as far as they lie between `skip` and `upTo`; in order. */
export async function listIds(
  db: Db,
  question: Question,
  { runs }: Runs,
  skip: number,
  upTo: number,
): Promise<{ id: string; score: number }[]> {
  const slices = runs
    .map(({ id, name, type, size, start }, at): Slice => {
      const from = Math.max(0, skip - start);
      return { at, id, name, type, from, take: Math.min(size, upTo - start) - from };
    })
    .filter(({ take }) => take > 0);
  const found: { id: string; at: number }[] = slices.flatMap(({ id, at }) => (id === null ? [] : [{ id, at }]));
  const bare = slices.filter(({ id }) => id === null);
  const short = bare.filter(({ from }) => from <= LONG);
  for (const columns of [true, false]) {
    const some = short.filter(({ type }) => (type === 'COLUMN') === columns);
    if (some.length > 0) found.push(...(await readShort(db, question, some)));
  }
  for (const slice of bare.filter(({ from }) => from > LONG)) found.push(...(await readLong(db, question, slice)));
  found.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  return found.map(({ id, at }) => ({ id, score: runs[at]?.score ?? 0 }));
}

/** Columns are most of what bears a name; the others have an index of their own, `entity_named`. */
const kindTest = (type: string | undefined): RawBuilder<unknown> =>
  type === 'COLUMN' ? sql`e.type = 'COLUMN'` : sql`e.type <> 'COLUMN'`;

/** @param slices all of columns, or none */
async function readShort(db: Db, question: Question, slices: readonly Slice[]) {
  const { rows } = await sql<{ id: string; at: number }>`
    SELECT f.id, w.at FROM jsonb_to_recordset(${JSON.stringify(slices)}::jsonb)
      AS w(at integer, name text, type text, "from" integer, take integer)
    CROSS JOIN LATERAL (
      SELECT e.id FROM entity e WHERE e.name = w.name AND e.type = w.type AND ${kindTest(slices[0]?.type)} AND ${passes(question)}
        AND NOT EXISTS (SELECT FROM search_doc d WHERE d.entity_id = e.id)
      ORDER BY e.id OFFSET w."from" LIMIT w.take) f`.execute(db);
  return rows;
}

async function readLong(db: Db, question: Question, slice: Slice) {
  // Passed over in an index alone, without a look at each entity: that of names, but for the few that are no columns, or theirs.
  const type =
    slice.type === 'COLUMN'
      ? sql`e.id NOT IN (SELECT id FROM entity WHERE name = ${slice.name} AND type <> 'COLUMN')`
      : sql`e.type = ${slice.type} AND ${kindTest(slice.type)}`;
  const { rows } = await sql<{ id: string }>`
    SELECT e.id FROM entity e WHERE e.name = ${slice.name} AND ${type} AND ${passes(question)}
      AND e.id NOT IN (SELECT entity_id FROM search_doc WHERE name = ${slice.name})
    ORDER BY e.id OFFSET ${slice.from} LIMIT ${slice.take}`.execute(db);
  return rows.map(({ id }) => ({ id, at: slice.at }));
}

function passes({ query, filter }: Question): RawBuilder<unknown> {
  const tests: RawBuilder<unknown>[] = [sql`true`];
  const state = profiledState(filter);
  const known = sql`EXISTS (SELECT FROM profile p WHERE p.entity_id = e.id AND p.current)`;
  if (filter.sourceIds) tests.push(sql`e.source_id = ANY(${filter.sourceIds}::text[])`);
  if (state !== undefined) tests.push(state ? known : sql`NOT ${known}`);
  const paths = query.paths.found.map(({ id }) => id);
  if (paths.length > 0) tests.push(sql`NOT e.id = ANY(${paths}::uuid[])`);
  return sql.join(tests, sql` AND `);
}
