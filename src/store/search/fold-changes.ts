import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db } from '../database.ts';
import { foldDocs } from './fold-docs.ts';
import { foldNames } from './fold-names.ts';
import { passThrough } from './fold-pass.ts';

/** Bytes of notes after which the planner should know, and the dead ones should not be read again and again. */
const MUCH = 1_000_000;

/** The pass that a process makes, and the one for those who came during it, which may have passed by what they committed. */
const running = new WeakMap<Db, Promise<void>>();
const next = new WeakMap<Db, Promise<void>>();

/**
 * Folds what changed since the last time into the index of search; costs one look when nothing did. Everything committed
 * before the call is in the index after it. Processes take turns, a step each; one that ends in the middle loses nothing. All
 * callers of a process share its passes and so one connection: whoever waits keeps none from others.
 *
 * @returns false when `patienceMs` were over before; the pass goes on
 */
export async function foldSearchChanges(db: Db, patienceMs = Number.POSITIVE_INFINITY): Promise<boolean> {
  const { rows } = await sql<{ open: boolean }>`
    SELECT EXISTS (SELECT FROM search_change) OR EXISTS (SELECT FROM search_dirty) AS open`.execute(db);
  if (!rows[0]?.open) return true;
  const pass = joinPass(db).then(() => true);
  if (!Number.isFinite(patienceMs)) return pass;
  const end = new AbortController();
  const late = delay(patienceMs, false, { signal: end.signal });
  late.catch(() => {});
  return Promise.race([pass, late]).finally(() => end.abort());
}

function joinPass(db: Db): Promise<void> {
  const current = running.get(db);
  if (!current) return startPass(db);
  const known = next.get(db);
  if (known) return known;
  const after = current
    .catch(() => {})
    .then(() => {
      next.delete(db);
      return startPass(db);
    });
  next.set(db, after);
  return keepQuiet(after);
}

function startPass(db: Db): Promise<void> {
  const pass = foldAll(db).finally(() => running.delete(db));
  running.set(db, pass);
  return keepQuiet(pass);
}

/** Whoever still waits hears of an error; when nobody does, the next pass tries again. */
function keepQuiet(pass: Promise<void>): Promise<void> {
  pass.catch(() => {});
  return pass;
}

async function foldAll(db: Db): Promise<void> {
  const { rows: open } = await sql`SELECT FROM search_change LIMIT 1`.execute(db);
  if (open.length > 0) {
    await passThrough(db, foldNames);
    const { rows: sizes } = await sql<{ bytes: number }>`
      SELECT pg_relation_size('search_change') AS bytes, gin_clean_pending_list('search_name_words'::regclass)`.execute(
      db,
    );
    if ((sizes[0]?.bytes ?? 0) > MUCH) {
      await sql`VACUUM search_change`.execute(db);
      await sql`ANALYZE search_name, search_word`.execute(db);
    }
  }
  await passThrough(db, foldDocs);
}
