import type { ConnectorSpec } from '../connector.ts';
import { listPathProblems } from '../path-problems.ts';

export const filesSpec: ConnectorSpec = {
  kind: 'files',
  title: 'Local file system',
  databaseTypes: ['FS'],
  shape: 'files',
  problems: (config) => listPathProblems(config.path, 'the folder or file as the worker sees it, e.g. "/data/in"'),
  abilities: ['test', 'introspect', 'read', 'partitions'],
  verified: 'real files',
  notes: [
    'Parquet files are read in parts of about 5 million rows, between their row groups. Other files are one part: a text cannot be cut where no line break within quotes may be.',
    'Encodings, delimiters, headers, comments and footers of text files are recognised, and a file is read as what it is, whatever it is called ([how](files.md)).',
  ],
};
