import { sql } from 'kysely';
import type { Db, Trx } from '../database.ts';

/** What a search waits at most for changes to be folded in; a large ingest takes longer. */
export const PATIENCE_MS = 5_000;

/**
 * All statements of a search see the same index. Enough memory that some ten thousand names are sorted without a file; and
 * nothing is compiled, which takes longer than the statements do.
 */
export function inOneLook<T>(db: Db, work: (trx: Trx) => Promise<T>): Promise<T> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      await sql`SELECT set_config('work_mem', '32MB', true), set_config('jit', 'off', true)`.execute(trx);
      return work(trx);
    });
}
