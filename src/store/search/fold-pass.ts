import { sql } from 'kysely';
import { ADVISORY_LOCKS } from '../advisory-locks.ts';
import type { Db, Trx } from '../database.ts';
import { pgCode } from '../pg-errors.ts';

const [SPACE, LOCK] = ADVISORY_LOCKS.foldingSearch;
const LOCK_NOT_AVAILABLE = '55P03';

/** Before the first note. */
export const START = '(0,0)';

/** Whether there may be more notes than a step looked at, and where the last one of those lies. */
export interface Step {
  more: boolean;
  last: string;
}

/**
 * Goes once through the notes of a table in the order in which they lie, step by step, each a transaction of its own under the
 * lock of all who fold. Every note that was there before is then seen, by this process or by another; later ones may be.
 *
 * @param until on the clock of `performance`
 * @returns false when `until` came first
 */
export async function passThrough(
  db: Db,
  until: number,
  step: (trx: Trx, after: string) => Promise<Step>,
): Promise<boolean> {
  let after = START;
  for (let more = true; more; ) {
    const left = until - performance.now();
    if (left <= 0) return false;
    const done = await holding(db, left, (trx) => step(trx, after));
    if (!done) return false;
    more = done.more;
    after = done.last;
  }
  return true;
}

/** @returns undefined when the lock was not to be had within `ms` */
async function holding<T>(db: Db, ms: number, work: (trx: Trx) => Promise<T>): Promise<T | undefined> {
  const timeout = Number.isFinite(ms) ? Math.max(1, Math.ceil(ms)) : 0;
  try {
    return await db.transaction().execute(async (trx) => {
      // Notes are read in the order in which they lie, and in no other.
      await sql`SELECT set_config('lock_timeout', ${String(timeout)}, true), set_config('synchronize_seqscans', 'off', true),
        set_config('work_mem', '64MB', true), set_config('jit', 'off', true)`.execute(trx);
      await sql`SELECT pg_advisory_xact_lock(${SPACE}::int, ${LOCK}::int)`.execute(trx);
      return work(trx);
    });
  } catch (error) {
    if (pgCode(error) === LOCK_NOT_AVAILABLE) return undefined;
    throw error;
  }
}
