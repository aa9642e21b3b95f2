import { sql } from 'kysely';
import type { Db } from './database.ts';

/**
 * Failures allowed in a window. Few per user name from one address (`perUser`), more per address, since an office may share
 * one, and more per user name from anywhere (`perName`): nobody locks somebody else out by guessing from a single place.
 * Counted in the database, so that several servers count together.
 */
export const LOGIN_LIMITS = { perUser: 10, perAddress: 100, perName: 200, windowSeconds: 300 };

/**
 * Counts an attempt before the password is looked at, so that parallel guesses are counted too. What one limit refuses does
 * not count for the next, wider one.
 *
 * @returns seconds to wait when there were too many, else 0
 */
export async function countLoginAttempt(db: Db, username: string, address: string): Promise<number> {
  const limits: [string, number][] = [
    [addressSubject(address), LOGIN_LIMITS.perAddress],
    [userSubject(username, address), LOGIN_LIMITS.perUser],
    [nameSubject(username), LOGIN_LIMITS.perName],
  ];
  for (const [subject, limit] of limits) {
    const { rows } = await sql<{ failures: number; wait: number }>`
      INSERT INTO login_attempt AS a (subject, failures, window_ends)
      VALUES (${subject}, 1, now() + make_interval(secs => ${LOGIN_LIMITS.windowSeconds}))
      ON CONFLICT (subject) DO UPDATE SET
        failures = CASE WHEN a.window_ends < now() THEN 1 ELSE least(a.failures + 1, 1000000) END,
        window_ends = CASE WHEN a.window_ends < now() THEN excluded.window_ends ELSE a.window_ends END
      RETURNING failures, ceil(extract(epoch FROM window_ends - now()))::int AS wait`.execute(db);
    const row = rows[0];
    if (row && row.failures > limit) return Math.max(row.wait, 1);
  }
  return 0;
}

/** A success clears the count of the user at this address and takes its own attempt off the wider counts. */
export async function forgiveLoginAttempts(db: Db, username: string, address: string): Promise<void> {
  await sql`DELETE FROM login_attempt WHERE subject = ${userSubject(username, address)} OR window_ends < now()`.execute(
    db,
  );
  for (const subject of [addressSubject(address), nameSubject(username)])
    await sql`UPDATE login_attempt SET failures = greatest(failures - 1, 0) WHERE subject = ${subject}`.execute(db);
}

/** Bounded: a subject is a key of a table. */
const nameSubject = (username: string): string => `name:${username.toLowerCase().slice(0, 200)}`;
const addressSubject = (address: string): string => `address:${address.slice(0, 100)}`;
const userSubject = (username: string, address: string): string =>
  `${addressSubject(address)} ${nameSubject(username)}`;
