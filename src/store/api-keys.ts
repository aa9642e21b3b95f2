import { createHash, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { AssayError } from '../errors/assay-error.ts';
import { newApiKey, shownPart } from '../model/api-key.ts';
import type { Right } from '../model/rights.ts';
import type { ApiKeyRow, Db, UserRow } from './database.ts';

/** Bounds the list, and what a script in a loop can leave behind. */
const MAX_LIVE_KEYS = 100;
/** Keys that ended stay in the list for so long, and so many of them, so that a 401 can be explained. */
const KEPT_DAYS = 90;
const MAX_ENDED_KEYS = 100;

export interface NewApiKey {
  name: string;
  scopes: readonly Right[];
  /** ISO instant; the longest life allowed when left out. */
  expiresAt?: string;
  maxDays: number;
}

export type ApiKeyState = 'active' | 'expired' | 'revoked';
export type ListedApiKey = Omit<ApiKeyRow, 'hash'> & { username: string; issuer: string; state: ApiKeyState };

const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/**
 * Makes a key; the database's clock decides about its life.
 *
 * @returns the row and the secret, which nobody can read again
 * @throws BAD_REQUEST when it would expire at once or live too long; CONFLICT when the user has too many
 */
export async function insertApiKey(
  db: Db,
  userId: string,
  key: NewApiKey,
): Promise<{ id: string; secret: string; expiresAt: Date }> {
  const secret = newApiKey();
  const id = randomUUID();
  return db.transaction().execute(async (trx) => {
    // The lock makes keys of one user wait for each other, so that they are counted right.
    await sql`SELECT 1 FROM app_user WHERE id = ${userId} FOR NO KEY UPDATE`.execute(trx);
    await sql`DELETE FROM api_key WHERE id IN (
      SELECT id FROM (
        SELECT id, least(revoked_at, expires_at) AS ended,
          row_number() OVER (ORDER BY least(revoked_at, expires_at) DESC, id) AS place
        FROM api_key WHERE user_id = ${userId} AND least(revoked_at, expires_at) <= now()) gone
      WHERE place > ${MAX_ENDED_KEYS} OR ended < now() - make_interval(days => ${KEPT_DAYS}))`.execute(trx);
    const { rows } = await sql<{ live: number; latest: Date; expires: Date; fits: boolean }>`
      WITH life AS (
        SELECT now() + make_interval(days => ${key.maxDays}) AS latest,
          coalesce(${key.expiresAt ?? null}::timestamptz, now() + make_interval(days => ${key.maxDays})) AS expires)
      SELECT latest, expires, expires > now() AND expires <= latest AS fits,
        (SELECT count(*)::int FROM api_key WHERE user_id = ${userId} AND revoked_at IS NULL AND expires_at > now()) AS live
      FROM life`.execute(trx);
    const { live, latest, expires, fits } = rows[0]!;
    if (!fits) {
      throw new AssayError(
        'BAD_REQUEST',
        `expiresAt: received ${key.expiresAt}, expected a time in the future and not after ${latest.toISOString()} (${key.maxDays} days, ASSAY_API_KEY_DAYS)`,
      );
    }
    if (live >= MAX_LIVE_KEYS) {
      throw new AssayError(
        'CONFLICT',
        `there are ${live} valid keys of yours; revoke those that are not used any more`,
      );
    }
    await trx
      .insertInto('api_key')
      .values({
        id,
        user_id: userId,
        name: key.name,
        shown: shownPart(secret),
        hash: hashOf(secret),
        scopes: [...key.scopes],
        expires_at: expires,
      })
      .execute();
    return { id, secret, expiresAt: expires };
  });
}

const withOwner = (db: Db) =>
  db
    .selectFrom('api_key as k')
    .innerJoin('app_user as u', 'u.id', 'k.user_id')
    .select(['k.id', 'k.user_id', 'k.name', 'k.shown', 'k.scopes', 'k.created_at', 'k.expires_at'])
    .select(['k.last_used_at', 'k.revoked_at', 'u.username', 'u.issuer'])
    .select(
      sql<ApiKeyState>`CASE WHEN k.revoked_at IS NOT NULL THEN 'revoked' WHEN k.expires_at <= now() THEN 'expired' ELSE 'active' END`.as(
        'state',
      ),
    );

/** Newest first; everybody's when no user is named. */
export async function listApiKeys(db: Db, userId?: string): Promise<ListedApiKey[]> {
  const query = withOwner(db).orderBy('k.created_at', 'desc').orderBy('k.id');
  return (userId === undefined ? query : query.where('k.user_id', '=', userId)).execute();
}

/** @throws NOT_FOUND, also when it is the key of somebody other than `userId` */
export async function getApiKey(db: Db, id: string, userId?: string): Promise<ListedApiKey> {
  const query = withOwner(db).where('k.id', '=', id);
  const key = await (userId === undefined ? query : query.where('k.user_id', '=', userId)).executeTakeFirst();
  if (!key) throw new AssayError('NOT_FOUND', `there is no API key ${id}${userId === undefined ? '' : ' of yours'}`);
  return key;
}

/** Ends a key for ever; `false` when it was revoked before. */
export async function revokeApiKey(db: Db, id: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('api_key')
    .set({ revoked_at: sql`now()` })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export interface FoundApiKey {
  id: string;
  scopes: string[];
  user: UserRow;
  expiresAt: Date;
  revokedAt: Date | null;
  expired: boolean;
  /** Whether the owner comes from an issuer and has not signed in for longer than allowed. */
  ownerAway: boolean;
}

/**
 * Finds a key by its whole text, with its owner as they are now: nothing is cached, so a revoked key or a disabled owner is
 * refused by the next request, on every server.
 */
export async function findApiKey(db: Db, secret: string, ownerAwayDays: number): Promise<FoundApiKey | undefined> {
  const row = await db
    .selectFrom('api_key as k')
    .innerJoin('app_user as u', 'u.id', 'k.user_id')
    .selectAll('u')
    .select(['k.id as keyId', 'k.scopes', 'k.expires_at as expiresAt', 'k.revoked_at as revokedAt'])
    .select([
      sql<boolean>`k.expires_at <= now()`.as('expired'),
      sql<boolean>`u.issuer <> '' AND coalesce(u.last_login_at, u.created_at) < now() - make_interval(days => ${ownerAwayDays})`.as(
        'ownerAway',
      ),
      sql<boolean>`coalesce(k.last_used_at < date_trunc('minute', now()), true)`.as('unnoted'),
    ])
    .where('k.hash', '=', hashOf(secret))
    .executeTakeFirst();
  if (!row) return undefined;
  const { keyId, scopes, expiresAt, revokedAt, expired, ownerAway, unnoted, ...user } = row;
  if (unnoted && !expired && revokedAt === null) await noteUse(db, keyId);
  return { id: keyId, scopes, user, expiresAt, revokedAt, expired, ownerAway };
}

/** One write per key and minute, however many requests and servers there are. */
async function noteUse(db: Db, id: string): Promise<void> {
  await sql`UPDATE api_key SET last_used_at = date_trunc('minute', now())
    WHERE id = ${id} AND coalesce(last_used_at < date_trunc('minute', now()), true)`.execute(db);
}
