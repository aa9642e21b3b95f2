import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { nameLexemes, splitWords, squash } from '../../model/search-words.ts';
import { copyInto, copyLine } from '../copy-into.ts';
import type { Trx } from '../database.ts';
import { addWords } from './add-words.ts';
import { type Place, START, type Step } from './fold-pass.ts';
import { toVectorText } from './tsvector-text.ts';

/** About half a second, and some MB. */
const NOTES_PER_STEP = 10_000;

/** Entities of one name, type and source that came or went. */
interface Moved {
  name: string;
  type: string;
  source_id: string;
  n: number;
  profiled: number;
}

/**
 * Adds notes of entities that came or went to the counts of their names. Between two steps a count may be too low by what is
 * still to come.
 */
export async function foldNames(trx: Trx, before: Place): Promise<Step> {
  const rewrites = await countRewrites(trx);
  // Notes that another process wrote anew may lie before the place that was reached.
  const after = before === START || before.rewrites === rewrites ? before.ctid : START.ctid;
  let notes = await readNotes(trx, after);
  const unknown = notes.some(({ name }) => name === null);
  if (unknown || (before === START && notes.length === NOTES_PER_STEP && !isSorted(notes))) {
    await (unknown ? recount(trx) : sortNotes(trx));
    await sql`SELECT nextval('search_rewrite')`.execute(trx);
    notes = await readNotes(trx, START.ctid);
  }
  // One without a name can only have come in between: it is for those who come after.
  const places = notes.filter(({ name }) => name !== null).map(({ ctid }) => ctid);
  const { rows: moved } = await sql<Moved>`
    WITH taken AS (DELETE FROM search_change WHERE ctid = ANY(${places}::tid[]) RETURNING *)
    SELECT name, type, source_id, sum(n)::integer AS n, sum(profiled)::integer AS profiled FROM taken GROUP BY 1, 2, 3
    HAVING sum(n) <> 0 OR sum(profiled) <> 0 ORDER BY 1, 2, 3`.execute(trx);
  if (moved.length > 0) {
    const kinds = await addTotals(trx, moved);
    await addNames(trx, moved, kinds);
  }
  // With notes outstanding a kind may be in use whose sum is 0.
  await sql`DELETE FROM search_total WHERE n = 0 AND profiled = 0 AND NOT EXISTS (SELECT FROM search_change)`.execute(
    trx,
  );
  const last = { ctid: notes.at(-1)?.ctid ?? after, rewrites: await countRewrites(trx) };
  return { more: notes.length === NOTES_PER_STEP, last };
}

async function countRewrites(trx: Trx): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    SELECT CASE WHEN is_called THEN last_value ELSE 0 END::float8 AS n FROM search_rewrite`.execute(trx);
  return rows[0]?.n ?? 0;
}

interface Note {
  ctid: string;
  name: string | null;
}

async function readNotes(trx: Trx, after: string): Promise<Note[]> {
  const { rows } = await sql<Note>`
    SELECT ctid::text, name FROM search_change WHERE ctid > ${after}::tid LIMIT ${NOTES_PER_STEP}`.execute(trx);
  return rows;
}

/** As PostgreSQL compares in collation "C". */
function isSorted(notes: readonly Note[]): boolean {
  const names = notes.map(({ name }) => Buffer.from(name ?? ''));
  return names.every((name, index) => index === 0 || Buffer.compare(names[index - 1] ?? name, name) <= 0);
}

/** Of more notes than one step takes, those of a name come together, so that each name is written once: five times as fast. */
async function sortNotes(trx: Trx): Promise<void> {
  await sql`
    WITH taken AS (DELETE FROM search_change WHERE name IS NOT NULL RETURNING *)
    INSERT INTO search_change (name, type, source_id, n, profiled)
    SELECT name, type, source_id, sum(n), sum(profiled) FROM taken GROUP BY 1, 2, 3
    HAVING sum(n) <> 0 OR sum(profiled) <> 0 ORDER BY 1`.execute(trx);
}

/**
 * When a note says nothing but that something came or went, everything is counted: all notes give way to new ones that say how
 * the catalog differs from the index, in the order of names, so that each is written once. One statement, so that it counts just what the notes that it takes belong to.
 */
async function recount(trx: Trx): Promise<void> {
  await sql`
    WITH taken AS (DELETE FROM search_change)
    INSERT INTO search_change (name, type, source_id, n, profiled)
    SELECT name, type, source_id, sum(n), sum(profiled) FROM (
      SELECT e.name, e.type, e.source_id, count(*) AS n, count(p.entity_id) AS profiled
        FROM entity e LEFT JOIN profile p ON p.entity_id = e.id AND p.current GROUP BY 1, 2, 3
      UNION ALL SELECT s.name, t.type, t.source_id, -u.n, -u.profiled
        FROM search_name s, unnest(s.kinds, s.kind_n, s.kind_profiled) u(kind, n, profiled) JOIN search_total t USING (kind)) m
    GROUP BY 1, 2, 3 HAVING sum(n) <> 0 OR sum(profiled) <> 0 ORDER BY 1`.execute(trx);
  await sql`DELETE FROM search_doc d WHERE NOT EXISTS (SELECT FROM entity e WHERE e.id = d.entity_id)`.execute(trx);
}

const kindKey = ({ type, source_id }: Pick<Moved, 'type' | 'source_id'>): string => `${type} ${source_id}`;

/** @returns the number of each kind, by `kindKey` */
async function addTotals(trx: Trx, moved: readonly Moved[]): Promise<Map<string, number>> {
  const sums = new Map<string, Omit<Moved, 'name'>>();
  for (const { type, source_id, n, profiled } of moved) {
    const key = kindKey({ type, source_id });
    const sum = sums.get(key) ?? { type, source_id, n: 0, profiled: 0 };
    sums.set(key, { ...sum, n: sum.n + n, profiled: sum.profiled + profiled });
  }
  const changes = sql`jsonb_to_recordset(${JSON.stringify([...sums.values()])}::jsonb)
    AS m(type text, source_id text, n integer, profiled integer)`;
  await sql`
    INSERT INTO search_total (type, source_id, n, profiled) SELECT type, source_id, 0, 0 FROM ${changes}
    WHERE NOT EXISTS (SELECT FROM search_total t WHERE t.type = m.type AND t.source_id = m.source_id)`.execute(trx);
  const { rows } = await sql<{ kind: number; type: string; source_id: string }>`
    UPDATE search_total t SET n = t.n + m.n, profiled = t.profiled + m.profiled FROM ${changes}
    WHERE t.type = m.type AND t.source_id = m.source_id RETURNING t.kind, t.type, t.source_id`.execute(trx);
  return new Map(rows.map((row) => [kindKey(row), row.kind]));
}

async function addNames(trx: Trx, moved: readonly Moved[], kinds: ReadonlyMap<string, number>): Promise<void> {
  const names = Map.groupBy(moved, ({ name }) => name);
  const kindOf = (one: Moved): number => kinds.get(kindKey(one)) ?? 0;
  const { rows } = await sql<{ name: string; gone: boolean }>`
    WITH moved AS MATERIALIZED (
      SELECT * FROM unnest(${moved.map(({ name }) => name)}::text[], ${moved.map(kindOf)}::integer[],
        ${moved.map(({ n }) => n)}::integer[], ${moved.map(({ profiled }) => profiled)}::integer[]) m(name, kind, n, profiled)),
    merged AS (
      SELECT name, kind, sum(n)::integer AS n, sum(profiled)::integer AS profiled FROM (
        SELECT s.name, u.kind, u.n, u.profiled FROM search_name s, unnest(s.kinds, s.kind_n, s.kind_profiled) u(kind, n, profiled)
          WHERE s.name = ANY(${[...names.keys()]}::text[])
        UNION ALL SELECT * FROM moved) x
      GROUP BY 1, 2 HAVING sum(n) <> 0 OR sum(profiled) <> 0),
    whole AS (
      SELECT name, sum(n) AS n, sum(profiled) AS profiled, array_agg(kind) AS kinds, array_agg(n) AS kind_n,
        array_agg(profiled) AS kind_profiled FROM merged GROUP BY name)
    UPDATE search_name s SET n = coalesce(w.n, 0), profiled = coalesce(w.profiled, 0), kinds = coalesce(w.kinds, '{}'),
      kind_n = coalesce(w.kind_n, '{}'), kind_profiled = coalesce(w.kind_profiled, '{}')
    FROM (SELECT DISTINCT name FROM moved) m LEFT JOIN whole w USING (name) WHERE s.name = m.name
    RETURNING s.name, s.kinds = '{}' AS gone`.execute(trx);
  const gone = rows.filter((row) => row.gone).map(({ name }) => name);
  if (gone.length > 0) await sql`DELETE FROM search_name WHERE name = ANY(${gone}::text[])`.execute(trx);
  for (const { name } of rows) names.delete(name);
  if (names.size === 0) return;
  const words = new Set<string>();
  const lines = [...names].map(([name, of]) => {
    const parts = splitWords(name);
    for (const part of parts) words.add(part);
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
    const [n, profiled] = [of.map((one) => one.n), of.map((one) => one.profiled)];
    const counts = [of.map(kindOf), n, profiled].map((list) => `{${list.join(',')}}`);
    const lexemes = toVectorText(nameLexemes(name));
    return copyLine([name, squash(name), Math.max(1, parts.length), sum(n), sum(profiled), ...counts, lexemes]);
  });
  const columns = ['name', 'squash', 'parts', 'n', 'profiled', 'kinds', 'kind_n', 'kind_profiled', 'words'];
  await copyInto(trx, 'search_name', columns, Readable.from(lines));
  await addWords(trx, words);
}
