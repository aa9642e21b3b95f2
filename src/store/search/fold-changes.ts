import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db } from '../database.ts';
import { foldDocs } from './fold-docs.ts';
import { foldNames } from './fold-names.ts';
import { passThrough } from './fold-pass.ts';

/** Steps after which the planner should know, and the dead notes should not be read again and again: some 1 MB of notes. */
const MANY_STEPS = 2;

/** The pass that a process makes, and the one for those who came during it, which may have passed by what they committed. */
const running = new WeakMap<Db, Promise<boolean>>();
const next = new WeakMap<Db, Promise<boolean>>();

/**
 * Folds what changed since the last time into the index of search; costs one look when nothing did. Everything committed
 * before the call is in the index after it. Processes take turns, a step each; one that ends in the middle loses nothing. All
 * callers of a process share its passes and so one connection: whoever waits keeps none from others.
 *
 * @returns false when `patienceMs` were over before, upon which the pass goes on, or a transaction holds what it has to look at
 */
export async function foldSearchChanges(db: Db, patienceMs = Number.POSITIVE_INFINITY): Promise<boolean> {
  const { rows } = await sql<{ open: boolean }>`
    SELECT EXISTS (SELECT FROM search_change) OR EXISTS (SELECT FROM search_dirty) AS open`.execute(db);
  if (!rows[0]?.open) return true;
  const pass = joinPass(db);
  if (!Number.isFinite(patienceMs)) return pass;
  const end = new AbortController();
  const late = delay(patienceMs, false, { signal: end.signal });
  late.catch(() => {});
  return Promise.race([pass, late]).finally(() => end.abort());
}

function joinPass(db: Db): Promise<boolean> {
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

function startPass(db: Db): Promise<boolean> {
  const pass = foldAll(db).finally(() => running.delete(db));
  running.set(db, pass);
  return keepQuiet(pass);
}

/** Whoever still waits hears of an error; when nobody does, the next pass tries again. */
function keepQuiet(pass: Promise<boolean>): Promise<boolean> {
  pass.catch(() => {});
  return pass;
}

async function foldAll(db: Db): Promise<boolean> {
  const { rows: open } = await sql`SELECT FROM search_change LIMIT 1`.execute(db);
  if (open.length > 0) {
    const { steps } = await passThrough(db, foldNames);
    await sql`SELECT gin_clean_pending_list('search_name_words'::regclass)`.execute(db);
    if (steps >= MANY_STEPS) {
      await sql`VACUUM search_change`.execute(db);
      await sql`ANALYZE search_name, search_word`.execute(db);
    }
  }
  return !(await passThrough(db, foldDocs)).left;
}
