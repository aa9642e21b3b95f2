import { sql } from 'kysely';
import type { Db, Trx } from '../database.ts';
import { listKinds, type SearchFilter } from './filter.ts';
import { foldSearchChanges } from './fold-changes.ts';
import type { Question } from './matches.ts';
import { understand } from './understand.ts';

/** What a search waits at most for changes to be folded in; a large ingest takes longer. */
export const PATIENCE_MS = 5_000;

/**
 * Asks the index: folds in what changed, for `patienceMs` at most, then answers in one look. `exact` says that everything
 * committed before the call was counted, and no path was cut short.
 */
export async function inOneLook<T>(
  db: Db,
  search: { term: string; filter: SearchFilter; patienceMs: number },
  answer: (trx: Trx, question: Question, exact: boolean) => Promise<T>,
): Promise<T> {
  const folded = await foldSearchChanges(db, search.patienceMs);
  return oneLook(db, async (trx) => {
    const query = await understand(trx, search.term);
    const question = { query, filter: search.filter, kinds: await listKinds(trx, search.filter) };
    return answer(trx, question, folded && !query.paths.cut);
  });
}

/**
 * All statements of a search see the same index. Enough memory that some ten thousand names are sorted without a file; and
 * nothing is compiled, which takes longer than the statements do.
 */
function oneLook<T>(db: Db, work: (trx: Trx) => Promise<T>): Promise<T> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      await sql`SELECT set_config('work_mem', '32MB', true), set_config('jit', 'off', true)`.execute(trx);
      return work(trx);
    });
}
