import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { openStore } from './open-store.ts';

describe('openStore with DATABASE_URL', () => {
  let database: TestDatabase;
  const lines: string[] = [];
  const options = {
    dataDir: '/nowhere',
    applicationName: 'assay open-store test',
    log: (line: string) => lines.push(line),
  };

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('opens it, starts nothing of its own, and reads counters as numbers and large ones as text', async () => {
    const store = await openStore({ ...options, databaseUrl: database.connectionString });
    try {
      expect(store.embedded).toBeUndefined();
      const { rows } = await store.pool.query(
        'SELECT 5::int8 AS small, 9007199254740993::int8 AS large, now() AS time',
      );
      expect(rows[0]).toEqual({ small: 5, large: '9007199254740993', time: expect.any(Date) });
      await store.ensureRunning();
    } finally {
      await store.close();
      await store.close();
    }
  });

  it('answers aside while every other connection is taken, and closes both', async () => {
    const store = await openStore({ ...options, databaseUrl: database.connectionString, maxConnections: 1 });
    const aside = store.openAside({ max: 1, applicationName: 'aside' });
    const taken = await store.pool.connect();
    try {
      expect((await aside.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
      expect(store.pool.idleCount).toBe(0);
    } finally {
      taken.release();
      await store.close();
    }
    expect([store.pool.ended, aside.pool.ended]).toEqual([true, true]);
  });

  it('outlives connections that are cut while idle and in the middle of a transaction', async () => {
    const store = await openStore({ ...options, databaseUrl: database.connectionString, maxConnections: 2 });
    try {
      const busy = await store.pool.connect();
      await busy.query('BEGIN');
      const idle = await store.pool.connect();
      idle.release();
      const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1`;
      const gone = new Promise((resolve) => busy.once('end', resolve));
      await database.pool.query(cut, [options.applicationName]);
      await gone;
      await expect(busy.query('SELECT 1')).rejects.toThrow();
      busy.release(true);
      const ask = async (): Promise<unknown> => (await store.pool.query('SELECT 1 AS one')).rows;
      expect(await ask().catch(ask)).toEqual([{ one: 1 }]);
    } finally {
      await store.close();
    }
  });

  it('says where it could not reach the database, without the password', async () => {
    // A port that was free a moment ago.
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    const failure = await openStore({ ...options, databaseUrl: `postgresql://u:hunter2@127.0.0.1:${port}/d` }).catch(
      (error: Error) => error,
    );
    expect(failure).toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining(String(port)) });
    expect(JSON.stringify(failure) + String(failure)).not.toContain('hunter2');
  });
});
