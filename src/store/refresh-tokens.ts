import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Db, UserRow } from './database.ts';

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/**
 * Makes a refresh token; only its hash is stored. Expired ones of the user go away with it.
 *
 * @param user as they were when their password or their last token was checked
 * @returns `undefined` when the user changed in a way that revokes tokens since then, or is gone
 */
export async function issueRefreshToken(
  db: Db,
  user: Pick<UserRow, 'id' | 'token_version'>,
  lifeSeconds: number,
): Promise<string | undefined> {
  const token = randomBytes(32).toString('base64url');
  await sql`DELETE FROM refresh_token WHERE user_id = ${user.id} AND expires_at < now()`.execute(db);
  // The lock waits for a change of the user that is under way and then sees it; a change that comes later finds the token.
  const { numAffectedRows } = await sql`
    INSERT INTO refresh_token (hash, user_id, expires_at)
    SELECT ${hashOf(token)}, id, now() + make_interval(secs => ${lifeSeconds}) FROM app_user
    WHERE id = ${user.id} AND token_version = ${user.token_version} FOR SHARE`.execute(db);
  return numAffectedRows === 1n ? token : undefined;
}

/**
 * Takes a refresh token in: it works once.
 *
 * @returns whose it was, and the version their tokens had then; `undefined` when it is unknown, used or expired
 */
export async function redeemRefreshToken(
  db: Db,
  token: string,
): Promise<{ userId: string; tokenVersion: number } | undefined> {
  const { rows } = await sql<{ userId: string; tokenVersion: number; live: boolean }>`
    DELETE FROM refresh_token t USING app_user u WHERE t.hash = ${hashOf(token)} AND u.id = t.user_id
    RETURNING t.user_id AS "userId", u.token_version AS "tokenVersion", t.expires_at > now() AS live`.execute(db);
  const [row] = rows;
  return row?.live ? { userId: row.userId, tokenVersion: row.tokenVersion } : undefined;
}
