import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { nameLexemes, splitWords, squash } from '../../model/search-words.ts';
import { ADVISORY_LOCKS } from '../advisory-locks.ts';
import { copyInto, copyLine } from '../copy-into.ts';
import type { Db, Trx } from '../database.ts';
import { addWords } from './add-words.ts';
import { foldDocs } from './fold-docs.ts';
import { toVectorText } from './tsvector-text.ts';

const [SPACE, LOCK] = ADVISORY_LOCKS.foldingSearch;
/** About 30 ms of splitting, and a few MB. */
const NAMES_PER_STEP = 10_000;
/** After so many, the planner should know, and the dead notes should not be read again and again. */
const MANY = 5_000;

/**
 * Folds what changed since the last time into the index of search; costs one look when nothing did. Everything committed
 * before the call is found after it. One process folds, others wait for it.
 */
export async function foldSearchChanges(db: Db): Promise<void> {
  const { rows } = await sql<{ names: boolean; docs: boolean }>`
    SELECT EXISTS (SELECT FROM search_change) AS names, EXISTS (SELECT FROM search_dirty) AS docs`.execute(db);
  const [open] = rows;
  if (open?.names) {
    const changes = await db.transaction().execute(foldNames);
    if (changes >= MANY) {
      await sql`VACUUM search_change`.execute(db);
      await sql`ANALYZE search_name, search_count, search_word`.execute(db);
    }
  }
  if (open?.docs) await foldDocs(db, holdFold);
}

const holdFold = (trx: Trx): Promise<unknown> =>
  sql`SELECT pg_advisory_xact_lock(${SPACE}::int, ${LOCK}::int)`.execute(trx);

/** @returns how many changes there were */
async function foldNames(trx: Trx): Promise<number> {
  await holdFold(trx);
  await sql`SET LOCAL work_mem = '64MB'`.execute(trx);
  await takeNotes(trx);
  await sql`ANALYZE search_moved`.execute(trx);
  await sql`
    INSERT INTO search_total AS t (type, source_id, n, profiled)
    SELECT type, source_id, sum(n), sum(profiled) FROM search_moved GROUP BY 1, 2
    ON CONFLICT (type, source_id) DO UPDATE SET n = t.n + excluded.n, profiled = t.profiled + excluded.profiled`.execute(
    trx,
  );
  await sql`DELETE FROM search_total WHERE n = 0`.execute(trx);
  await sql`
    INSERT INTO search_count AS c (name, type, source_id, n, profiled) SELECT * FROM search_moved ORDER BY 1, 2, 3
    ON CONFLICT (name, type, source_id) DO UPDATE SET n = c.n + excluded.n, profiled = c.profiled + excluded.profiled`.execute(
    trx,
  );
  await sql`
    DELETE FROM search_count c USING search_moved m
    WHERE c.n = 0 AND c.name = m.name AND c.type = m.type AND c.source_id = m.source_id`.execute(trx);
  await sql`
    CREATE TEMP TABLE search_fresh ON COMMIT DROP AS
    SELECT m.name, coalesce(sum(c.n), 0)::integer AS n, coalesce(sum(c.profiled), 0)::integer AS profiled
    FROM (SELECT DISTINCT name FROM search_moved) m LEFT JOIN search_count c USING (name) GROUP BY 1`.execute(trx);
  await sql`ANALYZE search_fresh`.execute(trx);
  await sql`DELETE FROM search_name s USING search_fresh f WHERE s.name = f.name AND f.n = 0`.execute(trx);
  await sql`
    UPDATE search_name s SET n = f.n, profiled = f.profiled FROM search_fresh f
    WHERE s.name = f.name AND (s.n, s.profiled) <> (f.n, f.profiled)`.execute(trx);
  await addNames(trx);
  await sql`SELECT gin_clean_pending_list('search_name_words'::regclass)`.execute(trx);
  const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM search_moved`.execute(trx);
  return rows[0]?.n ?? 0;
}

/**
 * Takes the notes, and what they change of each name into `search_moved`. When one of them says nothing but that something came
 * or went, everything is counted in the statement that takes them, so that it sees just what they belong to.
 */
async function takeNotes(trx: Trx): Promise<void> {
  const { rows } = await sql<{ unknown: boolean }>`
    SELECT EXISTS (SELECT FROM search_change WHERE name IS NULL) AS unknown`.execute(trx);
  const unknown = rows[0]?.unknown === true;
  await sql`
    CREATE TEMP TABLE search_moved (name text COLLATE "C", type text COLLATE "C", source_id text COLLATE "C", n integer, profiled integer)
    ON COMMIT DROP`.execute(trx);
  const moved = unknown
    ? sql`
        SELECT e.name, e.type, e.source_id, count(*) AS n, count(p.entity_id) AS profiled
        FROM entity e LEFT JOIN profile p ON p.entity_id = e.id AND p.current GROUP BY 1, 2, 3
        UNION ALL SELECT name, type, source_id, -n, -profiled FROM search_count`
    : sql`SELECT * FROM taken`;
  await sql`
    WITH taken AS (DELETE FROM search_change WHERE ${unknown}::boolean OR name IS NOT NULL RETURNING *)
    INSERT INTO search_moved SELECT name, type, source_id, sum(n), sum(profiled) FROM (${moved}) m GROUP BY 1, 2, 3
    HAVING sum(n) <> 0 OR sum(profiled) <> 0`.execute(trx);
  if (unknown)
    await sql`DELETE FROM search_doc d WHERE NOT EXISTS (SELECT FROM entity e WHERE e.id = d.entity_id)`.execute(trx);
}

async function addNames(trx: Trx): Promise<void> {
  const words = new Set<string>();
  for (let last = ''; ; ) {
    const { rows } = await sql<{ name: string; n: number; profiled: number }>`
      SELECT * FROM search_fresh f WHERE n > 0 AND name > ${last} AND NOT EXISTS (SELECT FROM search_name s WHERE s.name = f.name)
      ORDER BY name LIMIT ${NAMES_PER_STEP}`.execute(trx);
    if (rows.length === 0) break;
    const lines = rows.map(({ name, n, profiled }) => {
      const parts = splitWords(name);
      for (const part of parts) words.add(part);
      return copyLine([name, squash(name), Math.max(1, parts.length), n, profiled, toVectorText(nameLexemes(name))]);
    });
    await copyInto(trx, 'search_name', ['name', 'squash', 'parts', 'n', 'profiled', 'words'], Readable.from(lines));
    last = rows.at(-1)?.name ?? last;
  }
  await addWords(trx, words);
}
