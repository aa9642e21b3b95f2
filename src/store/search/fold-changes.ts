import { sql } from 'kysely';
import { nameLexemes, splitWords, squash } from '../../model/search-words.ts';
import type { Db, Trx } from '../database.ts';
import { addWords } from './add-words.ts';
import { foldDocs } from './fold-docs.ts';
import { toVectorText } from './tsvector-text.ts';

/** Two halves of an advisory lock's key: "ASAY" in ASCII, and 2 for "folding search". */
const LOCK = sql.raw(`${0x41534159}, 2`);
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

const holdFold = (trx: Trx): Promise<unknown> => sql`SELECT pg_advisory_xact_lock(${LOCK})`.execute(trx);

/** @returns how many changes there were */
async function foldNames(trx: Trx): Promise<number> {
  await holdFold(trx);
  const { numAffectedRows } = await sql`
    CREATE TEMP TABLE search_moved ON COMMIT DROP AS
    WITH taken AS (DELETE FROM search_change RETURNING *)
    SELECT name, type, source_id, sum(n)::integer AS n, sum(profiled)::integer AS profiled FROM taken GROUP BY 1, 2, 3`.execute(
    trx,
  );
  await sql`ANALYZE search_moved`.execute(trx);
  await sql`
    INSERT INTO search_count AS c (name, type, source_id, n, profiled) SELECT * FROM search_moved
    ON CONFLICT (name, type, source_id) DO UPDATE SET n = c.n + excluded.n, profiled = c.profiled + excluded.profiled`.execute(
    trx,
  );
  await sql`
    DELETE FROM search_count c USING search_moved m
    WHERE c.n = 0 AND c.name = m.name AND c.type = m.type AND c.source_id = m.source_id`.execute(trx);
  await sql`
    DELETE FROM search_name s USING (SELECT DISTINCT name FROM search_moved WHERE n < 0) m
    WHERE s.name = m.name AND NOT EXISTS (SELECT FROM search_count c WHERE c.name = m.name)`.execute(trx);
  await sql`
    CREATE TEMP TABLE search_fresh ON COMMIT DROP AS
    SELECT row_number() OVER (ORDER BY name) AS place, name FROM (SELECT DISTINCT name FROM search_moved WHERE n > 0) m
    WHERE NOT EXISTS (SELECT FROM search_name s WHERE s.name = m.name)`.execute(trx);
  for (let from = 0; ; from += NAMES_PER_STEP) {
    const { rows } = await sql<{ name: string }>`
      SELECT name FROM search_fresh WHERE place > ${from} AND place <= ${from + NAMES_PER_STEP} ORDER BY place`.execute(
      trx,
    );
    if (rows.length === 0) return Number(numAffectedRows ?? 0);
    await addNames(
      trx,
      rows.map((row) => row.name),
    );
  }
}

async function addNames(trx: Trx, names: readonly string[]): Promise<void> {
  const squashed = names.map(squash);
  const parts = names.map((name) => Math.max(1, splitWords(name).length));
  const vectors = names.map((name) => toVectorText(nameLexemes(name)));
  await sql`
    INSERT INTO search_name (name, squash, parts, words)
    SELECT * FROM unnest(${names}::text[], ${squashed}::text[], ${parts}::smallint[], ${vectors}::tsvector[])
    ON CONFLICT DO NOTHING`.execute(trx);
  await addWords(trx, names.flatMap(splitWords));
}
