import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from './database.ts';

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Makes a refresh token; only its hash is stored. Expired ones of the user go away with it. */
export async function issueRefreshToken(db: Db, userId: string, lifeSeconds: number): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await sql`DELETE FROM refresh_token WHERE user_id = ${userId} AND expires_at < now()`.execute(db);
  await sql`INSERT INTO refresh_token (hash, user_id, expires_at)
    VALUES (${hashOf(token)}, ${userId}, now() + make_interval(secs => ${lifeSeconds}))`.execute(db);
  return token;
}

/** Takes a refresh token in: it works once. @returns whose it was, or `undefined` when it is unknown, used or expired */
export async function redeemRefreshToken(db: Db, token: string): Promise<string | undefined> {
  const { rows } = await sql<{ user_id: string; live: boolean }>`
    DELETE FROM refresh_token WHERE hash = ${hashOf(token)} RETURNING user_id, expires_at > now() AS live`.execute(db);
  return rows[0]?.live ? rows[0].user_id : undefined;
}
