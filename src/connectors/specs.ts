import { AssayError } from '../errors/assay-error.ts';
import type { ConnectorSpec } from './connector.ts';
import { duckdbSpec } from './duckdb/spec.ts';
import { filesSpec } from './files/spec.ts';
import { mysqlSpec } from './mysql/spec.ts';
import { postgresSpec } from './postgres/spec.ts';
import { sqliteSpec } from './sqlite/spec.ts';

/** Every connector that is built, light part only. One line per connector. */
export const CONNECTOR_SPECS: readonly ConnectorSpec[] = [postgresSpec, mysqlSpec, sqliteSpec, duckdbSpec, filesSpec];

/** All wire codes, canonical spelling first per connector. */
export const DATABASE_TYPES: readonly string[] = CONNECTOR_SPECS.flatMap((spec) => [...spec.databaseTypes]);

export function findConnectorSpec(databaseType: string): ConnectorSpec | undefined {
  const wanted = databaseType.trim().toUpperCase();
  return CONNECTOR_SPECS.find((spec) => spec.databaseTypes.includes(wanted));
}

export function getConnectorSpec(databaseType: string): ConnectorSpec {
  const spec = findConnectorSpec(databaseType);
  if (spec) return spec;
  throw new AssayError(
    'BAD_REQUEST',
    `databaseType: received "${databaseType}", expected one of ${DATABASE_TYPES.join(', ')}`,
  );
}
