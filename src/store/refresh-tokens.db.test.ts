import { afterAll, beforeAll, expect, test } from 'vitest';
import { awaitState } from '../../test/support/await-state.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { issueRefreshToken, redeemRefreshToken } from './refresh-tokens.ts';
import { insertUser, updateUser } from './users.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await add('admin');
});
afterAll(() => database.drop());

const add = (username: string) =>
  insertUser(
    database.db,
    { username, firstName: '', lastName: '', email: '', roles: ['admin'], disabled: false },
    'no password',
  );
const count = async (userId: string): Promise<number> =>
  (await database.db.selectFrom('refresh_token').select('hash').where('user_id', '=', userId).execute()).length;

test('a sign-in that began before the password changed leaves no token behind', async () => {
  const user = await add('otto');
  expect(await issueRefreshToken(database.db, user, 60)).toBeTypeOf('string');
  await updateUser(database.db, user.id, { passwordHash: 'new' });
  expect(await issueRefreshToken(database.db, user, 60)).toBeUndefined();
  expect(await count(user.id)).toBe(0);
});

test('nor does one that meets the change itself', async () => {
  const user = await add('erika');
  const change = await database.pool.connect();
  await change.query('BEGIN');
  await change.query('UPDATE app_user SET token_version = token_version + 1 WHERE id = $1', [user.id]);
  await change.query('DELETE FROM refresh_token WHERE user_id = $1', [user.id]);
  const issued = issueRefreshToken(database.db, user, 60);
  await awaitState(
    'the sign-in to wait',
    async () =>
      (
        await database.pool.query(
          "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
        )
      ).rows.length,
    (n) => n > 0,
  );
  await change.query('COMMIT');
  change.release();
  expect(await issued).toBeUndefined();
  expect(await count(user.id)).toBe(0);
});

test('a token tells which version of the user it belonged to, once', async () => {
  const user = await add('anna');
  const token = await issueRefreshToken(database.db, user, 60);
  const redeemed = await redeemRefreshToken(database.db, String(token));
  expect(redeemed).toEqual({ userId: user.id, tokenVersion: user.token_version });
  expect(await redeemRefreshToken(database.db, String(token))).toBeUndefined();
});
