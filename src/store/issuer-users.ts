import { sql } from 'kysely';
import { recordAudit } from './audit.ts';
import type { Db, Trx, UserRow } from './database.ts';

/** What a verified token says of its user. */
export interface IssuerUser {
  /** UUIDv5 of issuer and subject: the same on every server and after every restore. */
  userId: string;
  issuer: string;
  subject: string;
  username: string;
  firstName: string;
  lastName: string;
  name: string;
  email: string;
  /** Wire roles, in the order of the table of roles. */
  roles: string[];
  issuedAt: Date;
  expiresAt: Date;
}

/**
 * Notes that a token of an issuer was seen, once per token however many servers see it: the user is made at first sight, name
 * and roles follow the newest token, and the login stands in the audit log. Who has no role is not made, but a user who had
 * one loses it, so that their API keys lose it too.
 *
 * @returns the user, unless there is none for want of a role
 */
export async function noteIssuerLogin(
  db: Db,
  token: IssuerUser,
  tokenHash: Buffer,
  address: string,
): Promise<UserRow | undefined> {
  return db.transaction().execute(async (trx) => {
    const isNew = await noteToken(trx, tokenHash, token.expiresAt);
    const user = isNew ? await refreshUser(trx, token) : await findUser(trx, token.userId);
    const known = user ?? (token.roles.length > 0 ? await insertUser(trx, token) : undefined);
    if (!isNew) return known;
    const reason = !known || token.roles.length === 0 ? 'no role' : known.disabled ? 'disabled' : undefined;
    await recordAudit(trx, {
      userId: known?.id ?? null,
      username: token.username,
      action: reason ? 'login failed' : 'login',
      details: {
        address,
        issuer: token.issuer,
        subject: token.subject,
        ...(reason ? { reason } : { roles: token.roles }),
      },
    });
    return known;
  });
}

/** Old ones go in small steps, an hour after they expired: no clock is that wrong. */
async function noteToken(trx: Trx, hash: Buffer, expiresAt: Date): Promise<boolean> {
  await sql`DELETE FROM seen_token WHERE hash IN
    (SELECT hash FROM seen_token WHERE expires_at < now() - interval '1 hour' LIMIT 100 FOR UPDATE SKIP LOCKED)`.execute(
    trx,
  );
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('seen_token')
    .values({ hash, expires_at: expiresAt })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

const findUser = (trx: Trx, id: string): Promise<UserRow | undefined> =>
  trx.selectFrom('app_user').selectAll().where('id', '=', id).executeTakeFirst();

const fieldsOf = (token: IssuerUser) => ({
  username: token.username,
  name: token.name,
  first_name: token.firstName,
  last_name: token.lastName,
  email: token.email,
  roles: token.roles,
  token_issued_at: token.issuedAt,
});

/** An older token than the last one changes nothing, and a disabled user does not sign in. */
async function refreshUser(trx: Trx, token: IssuerUser): Promise<UserRow | undefined> {
  await trx
    .updateTable('app_user')
    .set({ ...fieldsOf(token), updated_at: sql`now()` })
    .where('id', '=', token.userId)
    .where(sql<boolean>`coalesce(token_issued_at <= ${token.issuedAt}, true)`)
    .execute();
  await trx
    .updateTable('app_user')
    .set({ last_login_at: sql`now()` })
    .where('id', '=', token.userId)
    .where('disabled', '=', false)
    .execute();
  return findUser(trx, token.userId);
}

/** Two first tokens of one user may come at the same moment. */
async function insertUser(trx: Trx, token: IssuerUser): Promise<UserRow | undefined> {
  const { userId, issuer, subject } = token;
  await trx
    .insertInto('app_user')
    .values({ id: userId, issuer, subject, password_hash: null, ...fieldsOf(token), last_login_at: sql`now()` })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  return findUser(trx, userId);
}
