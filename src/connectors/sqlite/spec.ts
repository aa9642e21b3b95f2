import type { ConnectorSpec, SourceConfig } from '../connector.ts';
import { listPathProblems } from '../path-problems.ts';

/** The file that a configuration names: `path`, or a `uri` such as `jdbc:sqlite:/data/shop.db`. */
export function sqlitePath(config: SourceConfig): string | undefined {
  if (config.path) return config.path;
  return config.uri?.replace(/^(jdbc:)?sqlite:(\/\/(?=\/))?/i, '') || undefined;
}

export const sqliteSpec: ConnectorSpec = {
  kind: 'sqlite',
  title: 'SQLite',
  databaseTypes: ['SQLITE'],
  shape: 'database',
  problems: (config) =>
    listPathProblems(sqlitePath(config), 'the SQLite file as the worker sees it, e.g. "/data/shop.db"'),
  abilities: ['test', 'introspect', 'read'],
  verified: 'real files',
};
