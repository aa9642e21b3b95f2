import type { DatabaseSync } from 'node:sqlite';
import type { ConnectContext, Connection, Connector, SourceConfig, SourceObject } from '../connector.ts';
import { runSteps } from '../test-steps.ts';
import { openDatabase, openFile, sqliteError } from './connect.ts';
import { introspectMain } from './introspect.ts';
import { planRowIds } from './partitions.ts';
import { readTable } from './read.ts';
import { sqliteSpec } from './spec.ts';

/** SQLite files, read in place with the engine that comes with Node. */
export const sqliteConnector: Connector = {
  spec: sqliteSpec,
  connect: openSession,
  async *test(config, context) {
    let session: Connection | undefined;
    let objects = 0;
    const open = async (): Promise<Connection> => {
      session ??= await openSession(config, context);
      return session;
    };
    try {
      yield* runSteps([
        [
          'open file',
          async () => {
            const info = await (await open()).info();
            return { reason: `${info.product} ${info.version} reads it.` };
          },
        ],
        ['list schemas', async () => ({ reason: 'A SQLite file has one schema.', found: { schemas: ['main'] } })],
        [
          'read catalog',
          async () => {
            const unit = { path: ['main'], type: 'SCHEMA' as const };
            for await (const event of (await open()).introspect({ unit, signal: context.signal })) {
              if (event.kind === 'failed' && event.path.length === 1) throw event.error;
              if (event.kind === 'objects') objects += event.objects.filter(isTable).length;
            }
            return { reason: `${objects} tables and views.`, found: { tables: objects } };
          },
        ],
        ['read a row', async () => ({ reason: await readOne(await open(), context.signal) })],
      ]);
    } finally {
      await session?.close();
    }
  },
};

const isTable = (object: SourceObject): boolean => object.type === 'TABLE' || object.type === 'VIEW';

async function openSession(config: SourceConfig, context: ConnectContext): Promise<Connection> {
  const { database, path } = await openFile(config, context);
  const readers = new Set<DatabaseSync>();
  return {
    async info() {
      const { version } = database.prepare('SELECT sqlite_version() AS version').get() as { version: string };
      return { product: 'SQLite', version, url: `sqlite:${path}` };
    },
    listUnits: async () => [{ path: ['main'], type: 'SCHEMA' }],
    introspect: (request) => introspectMain(database, path, request),
    async read(request) {
      // A handle of its own: one snapshot from the look at the types to the last row, and reads do not disturb each other.
      const reader = await openDatabase(path).catch((cause) => {
        throw sqliteError(cause, path);
      });
      readers.add(reader);
      const done = (): void => {
        if (readers.delete(reader)) reader.close();
      };
      return readTable(reader, path, request, done);
    },
    async planPartitions(_, place, targetRows) {
      try {
        return await planRowIds(database, path, place, targetRows, context.signal);
      } catch (cause) {
        if (context.signal.aborted) throw cause;
        throw sqliteError(cause, path);
      }
    },
    async close() {
      for (const one of [database, ...readers]) if (one.isOpen) one.close();
      readers.clear();
    },
  };
}

async function readOne(session: Connection, signal: AbortSignal): Promise<string> {
  const unit = { path: ['main'], type: 'SCHEMA' as const };
  for await (const event of session.introspect({ unit, signal })) {
    const table = event.kind === 'objects' ? event.objects.find((object) => object.type === 'TABLE') : undefined;
    if (!table) continue;
    const rows = await session.read({ type: 'TABLE', path: table.path, limit: 1, signal });
    if (rows.kind === 'batches') for await (const _ of rows.batches) break;
    return `Read from ${table.path.at(-1)}.`;
  }
  return 'There is no table to read from.';
}
