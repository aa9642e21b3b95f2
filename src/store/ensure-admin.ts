import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from './database.ts';
import { hashPassword } from './passwords.ts';
import { countUsers, insertUser } from './users.ts';

/**
 * Makes the first user, `admin`, when there is none. Several servers starting at once make one.
 *
 * @returns the random password, to be printed once; `undefined` when there were users or the password was given
 */
export async function ensureAdmin(
  db: Db,
  options: { password?: string } = {},
): Promise<{ generatedPassword?: string }> {
  if ((await countUsers(db)) > 0) return {};
  const password = options.password || randomBytes(15).toString('base64url');
  const hash = await hashPassword(password);
  return db.transaction().execute(async (trx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtext('assay users'))`.execute(trx);
    if ((await countUsers(trx)) > 0) return {};
    const fields = { username: 'admin', firstName: '', lastName: '', email: '', roles: ['admin'], disabled: false };
    await insertUser(trx, fields, hash);
    return options.password ? {} : { generatedPassword: password };
  });
}
