import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { countLoginAttempt, forgiveLoginAttempts, LOGIN_LIMITS } from './login-attempts.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(() => database.db.deleteFrom('login_attempt').execute());

const attempt = (address: string, name = 'eve') => countLoginAttempt(database.db, name, address);
const { perUser, perAddress, perName, windowSeconds } = LOGIN_LIMITS;

test('guessing from one address, however long, locks the user out there and nowhere else', async () => {
  for (let i = 0; i < perUser; i++) expect(await attempt('1.1.1.1')).toBe(0);
  for (let i = 0; i < perName + perAddress; i++) expect(await attempt('1.1.1.1')).toBeGreaterThan(0);
  expect(await attempt('2.2.2.2')).toBe(0);
});

test('guessing from many addresses ends at the limit of the name', async () => {
  for (let i = 0; i < perName; i++) expect(await attempt(`10.0.0.${Math.floor(i / perUser)}`)).toBe(0);
  expect(await attempt('2.2.2.2', 'EVE')).toBeGreaterThan(windowSeconds - 60);
  expect(await attempt('2.2.2.2', 'adam')).toBe(0);
});

test('guessing many names from one address ends at the limit of the address', async () => {
  for (let i = 0; i < perAddress; i++) expect(await attempt('1.1.1.1', `user${i}`)).toBe(0);
  expect(await attempt('1.1.1.1', 'other')).toBeGreaterThan(0);
});

test('a success forgives the failures of its own place, not those of others', async () => {
  for (let i = 0; i < perUser; i++) await attempt('1.1.1.1');
  await attempt('2.2.2.2');
  await forgiveLoginAttempts(database.db, 'eve', '2.2.2.2');
  expect(await attempt('1.1.1.1')).toBeGreaterThan(0);
  for (let i = 0; i < perUser; i++) expect(await attempt('2.2.2.2')).toBe(0);
});
