import type { ConnectContext, Connection, Connector, SourceConfig } from '../connector.ts';
import { runSteps, type StepFinding } from '../test-steps.ts';
import { listSchemas, listTables } from './catalog.ts';
import { type DuckDbFile, openFile } from './connect.ts';
import { tableName } from './dialect.ts';
import { introspectSchema } from './introspect.ts';
import { planRowRanges, readTable } from './read.ts';
import { duckdbSpec } from './spec.ts';

/** DuckDB database files. They are opened by whoever holds DuckDB (`ConnectContext.openDuckDb`), and measured in place. */
export const duckdbConnector: Connector = {
  spec: duckdbSpec,
  connect: openSession,
  async *test(config, context) {
    let file: DuckDbFile | undefined;
    const open = async (): Promise<DuckDbFile> => {
      file ??= await openFile(config, context);
      return file;
    };
    const schemas = async (): Promise<string[]> => listSchemas((await open()).catalog);
    try {
      yield* runSteps([
        ['open file', async () => describeFile(await open())],
        [
          'list schemas',
          async () => {
            const names = await schemas();
            return { reason: `${names.length} schemas.`, found: { schemas: names } };
          },
        ],
        [
          'read catalog',
          async () => {
            const { catalog } = await open();
            let tables = 0;
            for (const schema of await schemas()) tables += (await listTables(catalog, schema)).length;
            return { reason: `${tables} tables and views.`, found: { tables } };
          },
        ],
        ['read a row', async () => ({ reason: await readOne(await open()) })],
      ]);
    } finally {
      await file?.catalog.close();
    }
  },
};

async function openSession(config: SourceConfig, context: ConnectContext): Promise<Connection> {
  const file = await openFile(config, context);
  return {
    async info() {
      return { product: 'DuckDB', version: await storageVersion(file), url: `duckdb:${file.path}` };
    },
    listUnits: async () => (await listSchemas(file.catalog)).map((name) => ({ path: [name], type: 'SCHEMA' as const })),
    introspect: (request) => introspectSchema(file.catalog, request),
    read: (request) => readTable(file, request),
    planPartitions: (type, path, targetRows) => planRowRanges(file, type, path, targetRows),
    close: () => file.catalog.close(),
  };
}

/** The oldest DuckDB that reads the file as it is written: `v1.2.0+`. */
async function storageVersion({ catalog }: DuckDbFile): Promise<string> {
  const [[version] = []] = await catalog.query(
    `SELECT tags['storage_version'] FROM duckdb_databases() WHERE database_name = 'src'`,
    'reading its version',
  );
  return `storage ${version ?? 'of an unknown version'}`;
}

async function describeFile(file: DuckDbFile): Promise<StepFinding> {
  const reason = `A DuckDB file, ${await storageVersion(file)}.`;
  if (file.walBytes === 0) return { reason };
  return {
    reason: `${reason} Changes of ${file.walBytes} bytes lie in the write-ahead log beside it; they were read into memory, and would be missed if only the file were copied.`,
    warning: { remedy: 'Run CHECKPOINT with the program that writes the file, so that all changes are in it.' },
  };
}

async function readOne({ catalog }: DuckDbFile): Promise<string> {
  for (const schema of await listSchemas(catalog)) {
    const table = (await listTables(catalog, schema)).find((one) => one.type === 'TABLE');
    if (!table) continue;
    await catalog.query(`SELECT 1 FROM ${tableName(schema, table.name)} LIMIT 1`, 'reading a row');
    return `Read from ${schema}.${table.name}.`;
  }
  return 'There is no table to read from.';
}
