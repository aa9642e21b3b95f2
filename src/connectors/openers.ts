import { AssayError } from '../errors/assay-error.ts';
import type { Connector } from './connector.ts';
import { getConnectorSpec } from './specs.ts';

/** Kind → how to load it. Lazy, so that no driver is loaded before it is needed. One line per connector. */
const OPENERS: Record<string, () => Promise<Connector>> = {
  postgres: async () => (await import('./postgres/index.ts')).postgresConnector,
  mysql: async () => (await import('./mysql/index.ts')).mysqlConnector,
  files: async () => (await import('./files/index.ts')).filesConnector,
  duckdb: async () => (await import('./duckdb/index.ts')).duckdbConnector,
  sqlite: async () => (await import('./sqlite/index.ts')).sqliteConnector,
};

export async function loadConnector(databaseType: string): Promise<Connector> {
  const spec = getConnectorSpec(databaseType);
  const open = OPENERS[spec.kind];
  if (!open) throw new AssayError('INTERNAL', `connector ${spec.kind} has a spec but no opener`);
  return open();
}
