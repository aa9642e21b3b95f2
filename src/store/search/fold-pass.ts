import { sql } from 'kysely';
import { ADVISORY_LOCKS } from '../advisory-locks.ts';
import type { Db, Trx } from '../database.ts';

const [SPACE, LOCK] = ADVISORY_LOCKS.foldingSearch;

/** How far a pass came: the place of the last note, and how often notes had been written anew by then. */
export interface Place {
  ctid: string;
  rewrites: number;
}

/** Before the first note. */
export const START: Place = { ctid: '(0,0)', rewrites: 0 };

/** What a step did. */
export interface Step {
  /** Whether there may be more notes than it looked at. */
  more: boolean;
  last: Place;
  /** Whether some had to be left, of entities that a transaction holds. */
  left?: boolean;
}

/**
 * Goes once through the notes of a table in the order in which they lie, step by step, each a transaction of its own under the
 * lock of all who fold. Every note that was there before is then seen, by this process or by another; later ones may be.
 *
 * @returns how many steps it took, and whether notes had to be left
 */
export async function passThrough(
  db: Db,
  step: (trx: Trx, after: Place) => Promise<Step>,
): Promise<{ steps: number; left: boolean }> {
  let after = START;
  let left = false;
  let steps = 0;
  for (let more = true; more; steps++) {
    const done = await db.transaction().execute(async (trx) => {
      // Notes are read in the order in which they lie, and in no other.
      await sql`SELECT set_config('synchronize_seqscans', 'off', true), set_config('work_mem', '64MB', true),
        set_config('jit', 'off', true)`.execute(trx);
      await sql`SELECT pg_advisory_xact_lock(${SPACE}::int, ${LOCK}::int)`.execute(trx);
      return step(trx, after);
    });
    more = done.more;
    after = done.last;
    left ||= done.left === true;
  }
  return { steps, left };
}
