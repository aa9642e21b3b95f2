import type { ConnectorSpec, SourceConfig } from '../connector.ts';
import { listPathProblems } from '../path-problems.ts';

/** The file that a configuration names: `path`, or a `uri` such as `jdbc:duckdb:/data/shop.duckdb`. */
export function duckdbPath(config: SourceConfig): string | undefined {
  if (config.path) return config.path;
  return config.uri?.replace(/^(jdbc:)?duckdb:(\/\/(?=\/))?/i, '') || undefined;
}

export const duckdbSpec: ConnectorSpec = {
  kind: 'duckdb',
  title: 'DuckDB',
  databaseTypes: ['DUCKDB'],
  shape: 'database',
  problems: (config) =>
    listPathProblems(duckdbPath(config), 'the DuckDB database file as the worker sees it, e.g. "/data/shop.duckdb"'),
  abilities: ['test', 'introspect', 'read', 'partitions', 'cancel', 'estimate'],
  verified: 'real files',
};
