import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { AssayError } from '../errors/assay-error.ts';
import type { Db, Trx, UserRow, UserSnapshot } from './database.ts';
import { KEPT } from './kept-plans.ts';
import { violatedConstraint } from './pg-errors.ts';

export interface UserFields {
  username: string;
  firstName: string;
  lastName: string;
  email: string;
  roles: string[];
  disabled: boolean;
}

/** One of Assay's own users; those of issuers have no name that is theirs alone. */
export async function findUserByName(db: Db, username: string): Promise<UserRow | undefined> {
  return db
    .selectFrom('app_user')
    .selectAll()
    .where('issuer', '=', '')
    .where(sql`lower(username)`, '=', username.toLowerCase())
    .executeTakeFirst();
}

const COLUMNS = [
  'id',
  'username',
  'name',
  'first_name',
  'last_name',
  'email',
  'roles',
  'password_hash',
  'disabled',
  'token_version',
  'issuer',
  'subject',
  'token_issued_at',
  'last_login_at',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof UserRow)[];

/** Every request with a token of ours asks this. */
export async function findUserById(db: Db, id: string): Promise<UserRow | undefined> {
  return db.selectFrom('app_user').modifyFront(KEPT).select(COLUMNS).where('id', '=', id).executeTakeFirst();
}

export async function getUser(db: Db, id: string): Promise<UserRow> {
  const user = await findUserById(db, id);
  if (!user) throw new AssayError('NOT_FOUND', `there is no user ${id}`);
  return user;
}

export async function listUsers(db: Db): Promise<UserRow[]> {
  return db.selectFrom('app_user').selectAll().orderBy(sql`lower(username)`).orderBy('issuer').orderBy('id').execute();
}

/** @throws CONFLICT when the user name is taken, in whatever case */
export async function insertUser(db: Db | Trx, fields: UserFields, passwordHash: string): Promise<UserRow> {
  try {
    return await db
      .insertInto('app_user')
      .values({ id: randomUUID(), password_hash: passwordHash, ...toColumns(fields), username: fields.username })
      .returningAll()
      .executeTakeFirstOrThrow();
  } catch (error) {
    if (violatedConstraint(error) !== 'app_user_username') throw error;
    throw new AssayError('CONFLICT', `username: "${fields.username}" is taken`, { cause: error });
  }
}

/**
 * Changes a user. A change of roles, password or `disabled` makes every token of the user invalid at once.
 *
 * @throws CONFLICT when no enabled administrator would be left
 */
export async function updateUser(
  db: Db,
  id: string,
  change: Partial<UserFields> & { passwordHash?: string },
): Promise<UserRow> {
  return db.transaction().execute(async (trx) => {
    await lockAdministrators(trx);
    const before = await trx.selectFrom('app_user').selectAll().where('id', '=', id).executeTakeFirst();
    if (!before) throw new AssayError('NOT_FOUND', `there is no user ${id}`);
    const revokes = change.roles !== undefined || change.disabled !== undefined || change.passwordHash !== undefined;
    const after = await trx
      .updateTable('app_user')
      .set({
        ...toColumns({ ...fieldsOf(before), ...change }),
        // An issuer gives a whole name that need not be made of the two.
        ...(change.firstName === undefined && change.lastName === undefined ? { name: before.name } : {}),
        password_hash: change.passwordHash ?? before.password_hash,
        token_version: before.token_version + (revokes ? 1 : 0),
        updated_at: sql`now()`,
      })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
    if (revokes) await trx.deleteFrom('refresh_token').where('user_id', '=', id).execute();
    await refuseWithoutAdministrator(trx);
    return after;
  });
}

export async function noteLogin(db: Db, id: string): Promise<void> {
  await db.updateTable('app_user').set({ last_login_at: sql`now()` }).where('id', '=', id).execute();
}

export async function deleteUser(db: Db, id: string): Promise<UserRow> {
  return db.transaction().execute(async (trx) => {
    await lockAdministrators(trx);
    const gone = await trx.deleteFrom('app_user').where('id', '=', id).returningAll().executeTakeFirst();
    if (!gone) throw new AssayError('NOT_FOUND', `there is no user ${id}`);
    await refuseWithoutAdministrator(trx);
    return gone;
  });
}

export async function countUsers(db: Db | Trx): Promise<number> {
  const { count } = await db
    .selectFrom('app_user')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** How a job or an event remembers its user, whatever becomes of the user later. */
export function toSnapshot(user: UserRow): UserSnapshot {
  const name = [user.first_name, user.last_name].filter(Boolean).join(' ');
  return {
    name: user.name || name || user.username,
    email: user.email,
    firstName: user.first_name,
    lastName: user.last_name,
  };
}

/** Two administrators who demote each other at the same moment must not both succeed. */
async function lockAdministrators(trx: Trx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtext('assay users'))`.execute(trx);
}

async function refuseWithoutAdministrator(trx: Trx): Promise<void> {
  const admin = await trx
    .selectFrom('app_user')
    .select('id')
    .where('disabled', '=', false)
    // Those of an issuer do not count: when it is away or misconfigured, they could mend nothing.
    .where('issuer', '=', '')
    .where(sql<boolean>`'admin' = ANY(roles)`)
    .executeTakeFirst();
  if (!admin)
    throw new AssayError(
      'CONFLICT',
      'no enabled administrator of Assay itself would be left; make another own user an admin first',
    );
}

function fieldsOf(row: UserRow): UserFields {
  return {
    username: row.username,
    firstName: row.first_name,
    lastName: row.last_name,
    email: row.email,
    roles: row.roles,
    disabled: row.disabled,
  };
}

function toColumns(fields: UserFields) {
  return {
    name: [fields.firstName, fields.lastName].filter(Boolean).join(' '),
    first_name: fields.firstName,
    last_name: fields.lastName,
    email: fields.email,
    roles: [...new Set(fields.roles)],
    disabled: fields.disabled,
  };
}
