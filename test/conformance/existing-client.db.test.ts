import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../../src/bin/start-server.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { runExistingClient } from './existing-client.ts';

// The whole server, with its worker and task processes, against real sources; the client knows nothing of it.
const PASSWORD = 'a password of the test';
const ITEMS = `CREATE TABLE item (id INTEGER PRIMARY KEY, name VARCHAR(20), price NUMERIC(8,2));
  INSERT INTO item VALUES (1, 'apple', 1.5), (2, NULL, 2), (3, 'pear', 2.25);
  CREATE VIEW dear AS SELECT * FROM item WHERE price > 2`;
let folder: string;
let catalog: TestDatabase;
let shop: TestDatabase;
let server: RunningServer;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'assay-existing-')));
  [catalog, shop] = [await createTestDatabase(), await createTestDatabase({ empty: true })];
  const client = new pg.Client({ connectionString: shop.connectionString });
  await client.connect();
  await client.query(ITEMS);
  await client.end();
  const file = new DatabaseSync(join(folder, 'shop.sqlite'));
  file.exec(ITEMS);
  file.close();
  const env = { DATABASE_URL: catalog.connectionString, ASSAY_ADMIN_PASSWORD: PASSWORD };
  const config = { ...loadConfig({ env }), dataDir: join(folder, 'data'), host: '127.0.0.1', port: 0 };
  // Tokens that run out on the way: such clients sign in again on a 401.
  server = await startServer({ ...config, fileRoots: [folder], accessTokenSeconds: 3 }, pino({ level: 'silent' }));
});
afterAll(async () => {
  await server?.stop();
  await Promise.all([catalog?.drop(), shop?.drop()]);
  await rm(folder, { recursive: true, force: true });
});

test.each([
  ['v1', 'PostgreSQL'],
  ['v2', 'SQLite'],
  ['v3', 'PostgreSQL'],
  ['v3', 'SQLite'],
] as const)('a client of %s runs unmodified on %s', { timeout: 120_000 }, async (version, kind) => {
  const source =
    kind === 'SQLite'
      ? { databaseType: 'SQLITE', path: join(folder, 'shop.sqlite') }
      : { databaseType: 'POSTGRES', configMethod: 'credentials', ...addressOf(shop.connectionString) };
  const existing = { base: server.url, username: 'admin', password: PASSWORD, source, version };
  const { problems, checks, reauthentications } = await runExistingClient(existing);
  expect(problems).toEqual([]);
  expect(checks).toBeGreaterThan(300);
  expect(reauthentications).toBeGreaterThan(0);
});

function addressOf(connectionString: string): Record<string, unknown> {
  const { host, port, database, user, password } = new pg.Client({ connectionString });
  return { host, port: String(port), databaseName: database, userName: user, password };
}
