import { sql } from 'kysely';
import type { Db } from './database.ts';

export interface SigningKeyRow {
  kid: string;
  publicJwk: Record<string, unknown>;
  privateCiphertext: string;
  /** Whether it still signs; a retired key only verifies. */
  signs: boolean;
}

/** Keys sign so long; a retired one verifies for another day, which no access token outlives. */
const SIGN_DAYS = 30;

/** Every key that may verify a token, the one that signs first. */
export async function listSigningKeys(db: Db): Promise<SigningKeyRow[]> {
  const { rows } = await sql<SigningKeyRow>`
    SELECT kid, public_jwk AS "publicJwk", private_ciphertext AS "privateCiphertext",
      retired_at IS NULL AND created_at > now() - make_interval(days => ${SIGN_DAYS}) AS signs
    FROM signing_key WHERE retired_at IS NULL OR retired_at > now() - interval '1 day'
    ORDER BY signs DESC, created_at DESC`.execute(db);
  return rows;
}

/**
 * Adds a key and retires the ones before it, unless another process has just added one (`force` adds all the same).
 *
 * @returns whether it was added
 */
export async function addSigningKey(
  db: Db,
  key: { kid: string; publicJwk: object; privateCiphertext: string },
  options: { force?: boolean } = {},
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtext('assay signing keys'))`.execute(trx);
    const { rows } = await sql`SELECT kid FROM signing_key
      WHERE retired_at IS NULL AND created_at > now() - make_interval(days => ${SIGN_DAYS})`.execute(trx);
    if (rows.length > 0 && !options.force) return false;
    await sql`UPDATE signing_key SET retired_at = now() WHERE retired_at IS NULL`.execute(trx);
    await sql`DELETE FROM signing_key WHERE retired_at < now() - interval '30 days'`.execute(trx);
    await sql`INSERT INTO signing_key (kid, public_jwk, private_ciphertext)
      VALUES (${key.kid}, ${JSON.stringify(key.publicJwk)}, ${key.privateCiphertext})`.execute(trx);
    return true;
  });
}
