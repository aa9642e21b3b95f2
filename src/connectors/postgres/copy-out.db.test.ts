import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { CopyOut } from './copy-out.ts';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase({ empty: true });
  client = new pg.Client({ connectionString: database.connectionString });
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await database?.drop();
});

const copy = (query: string): CopyOut =>
  client.query(new CopyOut(`COPY (${query}) TO STDOUT`, (error) => new Error(`it says: ${String(error)}`)));
const isStillOf = async (): Promise<unknown> => (await client.query('SELECT 1 AS one')).rows;

test('gives all rows, with notices among them, and leaves the connection to what comes next', async () => {
  await client.query(`CREATE FUNCTION noticed(i int) RETURNS text LANGUAGE plpgsql AS
    $$ BEGIN IF i % 1000 = 0 THEN RAISE NOTICE 'at %', i; END IF; RETURN repeat('é', i % 90); END $$`);
  const expected = Array.from({ length: 20_000 }, (_, i) => `${'é'.repeat((i + 1) % 90)}\n`).join('');
  expect((await buffer(copy('SELECT noticed(i) FROM generate_series(1, 20000) i'))).toString()).toBe(expected);
  expect((await buffer(copy('SELECT 1 WHERE false'))).length).toBe(0);
  expect((await buffer(copy("SELECT repeat('x', 3000000)"))).length).toBe(3_000_001);
  expect(await isStillOf()).toEqual([{ one: 1 }]);
});

test('fails as the server does, at once and in the middle', async () => {
  await expect(buffer(copy('SELECT nothing'))).rejects.toThrow(/it says: .*"nothing" does not exist/);
  await expect(buffer(copy('SELECT 1 / (100000 - i) FROM generate_series(1, 200000) i'))).rejects.toThrow(/by zero/);
  expect(await isStillOf()).toEqual([{ one: 1 }]);
});

test('takes what is still sent when it is given up, so that the connection can go on', async () => {
  const rows = copy("SELECT repeat('x', 1000) FROM generate_series(1, 20000)");
  await once(rows, 'readable');
  rows.destroy();
  expect(await isStillOf()).toEqual([{ one: 1 }]);
});
