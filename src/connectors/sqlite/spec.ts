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
  abilities: ['test', 'introspect', 'read', 'partitions', 'estimate'],
  verified: 'real files',
  notes: [
    'A table is cut into parts by ranges of its row ids, which are found by looking at a few thousand of them, gaps left out. Views, virtual tables and tables WITHOUT ROWID are one part.',
    'Rows are estimated by how close row ids lie, to a few percent where they are scattered; of a table WITHOUT ROWID it is what ANALYZE counted.',
  ],
};
