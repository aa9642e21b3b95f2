import { sql } from 'kysely';
import type { Db } from '../database.ts';
import { foldDocs } from './fold-docs.ts';
import { foldNames } from './fold-names.ts';
import { passThrough } from './fold-pass.ts';

/** Bytes of notes after which the planner should know, and the dead ones should not be read again and again. */
const MUCH = 1_000_000;

/**
 * Folds what changed since the last time into the index of search; costs one look when nothing did. Everything committed
 * before the call is in the index after it. Processes take turns, a step each; one that ends in the middle loses nothing.
 *
 * @returns false when `patienceMs` were over before
 */
export async function foldSearchChanges(db: Db, patienceMs = Number.POSITIVE_INFINITY): Promise<boolean> {
  const until = performance.now() + patienceMs;
  const { rows } = await sql<{ names: boolean; docs: boolean }>`
    SELECT EXISTS (SELECT FROM search_change) AS names, EXISTS (SELECT FROM search_dirty) AS docs`.execute(db);
  const [open] = rows;
  if (open?.names) {
    if (!(await passThrough(db, until, foldNames))) return false;
    const { rows: sizes } = await sql<{ bytes: number }>`
      SELECT pg_relation_size('search_change') AS bytes, gin_clean_pending_list('search_name_words'::regclass)`.execute(
      db,
    );
    if ((sizes[0]?.bytes ?? 0) > MUCH) {
      await sql`VACUUM (SKIP_LOCKED) search_change`.execute(db);
      await sql`ANALYZE (SKIP_LOCKED) search_name, search_word`.execute(db);
    }
  }
  return !open?.docs || (await passThrough(db, until, foldDocs));
}
