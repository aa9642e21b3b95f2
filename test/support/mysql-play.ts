import { buffer } from 'node:stream/consumers';
import { afterEach, expect } from 'vitest';
import type { ConnectContext, Connection, ListingEvent, TestStep } from '../../src/connectors/connector.ts';
import { mysqlConnector } from '../../src/connectors/mysql/index.ts';
import { MysqlStandIn, type Play } from './mysql-stand-in.ts';

/** The MySQL connector against a server that plays a part; each test ends with all of it closed. */

const PASSWORD = 'pa55-of-ann';
const opened: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

export const contextOf = (signal = new AbortController().signal, connectTimeoutMs = 5_000): ConnectContext => ({
  signal,
  applicationName: 'assay test',
  fileRoots: [],
  protectedPaths: [],
  connectTimeoutMs,
});

export async function play(it: Play): Promise<MysqlStandIn> {
  const server = await MysqlStandIn.start(it);
  opened.push(server);
  return server;
}

const sourceAt = ({ port }: MysqlStandIn, changes: Record<string, unknown> = {}) => ({
  databaseType: 'MYSQL',
  host: '127.0.0.1',
  port: String(port),
  userName: 'ann',
  password: PASSWORD,
  sslType: 'disable',
  ...changes,
});

export async function listSteps(
  server: MysqlStandIn,
  changes: Record<string, unknown> = {},
  context = contextOf(),
): Promise<TestStep[]> {
  const steps: TestStep[] = [];
  for await (const step of mysqlConnector.test(sourceAt(server, changes), context)) steps.push(step);
  expect(JSON.stringify(steps)).not.toContain(PASSWORD);
  return steps;
}

export async function connect(server: MysqlStandIn, context = contextOf()): Promise<Connection> {
  const connection = await mysqlConnector.connect(sourceAt(server), context);
  opened.push(connection);
  return connection;
}

export async function listShop(connection: Connection, signal = contextOf().signal): Promise<ListingEvent[]> {
  const events: ListingEvent[] = [];
  for await (const event of connection.introspect({ unit: { path: ['shop'], type: 'SCHEMA' }, signal }))
    events.push(event);
  return events;
}

export async function readItem(connection: Connection, signal = contextOf().signal): Promise<string> {
  const result = await connection.read({ type: 'TABLE', path: ['shop', 'item'], signal });
  if (result.kind !== 'bytes') throw new Error(`expected bytes, received ${result.kind}`);
  return (await buffer(result.stream)).toString('utf8');
}

/** The statement that reads the rows of `item`. */
export const isRead = (sql: string): boolean => sql.startsWith('SELECT `id` FROM');
