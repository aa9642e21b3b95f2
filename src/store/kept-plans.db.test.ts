import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { KEPT, keepPlans } from './kept-plans.ts';
import { findUserById, insertUser } from './users.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const MARK = KEPT.toOperationNode().sqlFragments[0]!;

async function withKeeper(work: (client: pg.Client, clock: { now: number }) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: database.connectionString });
  const clock = { now: 0 };
  await client.connect();
  keepPlans(client, () => clock.now);
  try {
    await work(client, clock);
  } finally {
    await client.end();
  }
}

const kept = async (client: pg.Client) =>
  (
    await client.query<{ name: string; generic: number }>(
      'SELECT name, generic_plans::int AS generic FROM pg_prepared_statements',
    )
  ).rows;

test('a connection plans a kept statement once for all values, and any other each time', async () => {
  await withKeeper(async (client) => {
    for (let i = 0; i < 10; i++) {
      const text = `${MARK}SELECT id FROM entity WHERE id = ANY((SELECT $1::uuid[])::uuid[])`;
      expect((await client.query(text, [[]])).rows).toEqual([]);
      await client.query('SELECT $1::int', [i]);
    }
    expect(await kept(client)).toEqual([{ name: expect.any(String), generic: 5 }]);
  });
});

test('a statement that a builder wrote is kept as well', async () => {
  const user = await insertUser(
    database.db,
    { username: 'ada', firstName: '', lastName: '', email: '', roles: [], disabled: false },
    'none',
  );
  const found = await database.db.connection().execute(async (db) => {
    for (let i = 0; i < 3; i++) expect(await findUserById(db, user.id)).toEqual(user);
    return db
      .selectFrom('pg_prepared_statements' as never)
      .selectAll()
      .execute();
  });
  expect(found).toHaveLength(1);
});

test('a plan made for an empty table is not used for long once the table is full', async () => {
  await withKeeper(async (client, clock) => {
    await client.query('CREATE TABLE filling (id integer PRIMARY KEY)');
    // An empty table that was looked at: PostgreSQL then believes that it is empty.
    await client.query('VACUUM filling');
    const read = () => client.query(`${MARK}SELECT id FROM filling WHERE id = ANY((SELECT $1::int[])::int[])`, [[7]]);
    const plan = async (): Promise<string> => {
      const [statement] = await kept(client);
      const { rows } = await client.query(`EXPLAIN EXECUTE "${statement!.name}" ('{7}')`);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    for (let i = 0; i < 8; i++) await read();
    expect(await plan()).toContain('Seq Scan');
    await client.query('ALTER TABLE filling SET (autovacuum_enabled = false)');
    for (let i = 0; i < 8; i++) await read();
    await client.query('INSERT INTO filling SELECT generate_series(1, 50000)');
    await read();
    expect(await plan()).toContain('Seq Scan');
    clock.now += 5_001;
    expect((await read()).rows).toEqual([{ id: 7 }]);
    expect(await plan()).not.toContain('Seq Scan');
  });
});
