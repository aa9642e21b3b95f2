import type { ConnectorSpec } from '../connector.ts';
import { readAddress } from './address.ts';

export const postgresSpec: ConnectorSpec = {
  kind: 'postgres',
  title: 'PostgreSQL',
  databaseTypes: ['POSTGRES', 'POSTGRESQL'],
  shape: 'database',
  problems: (config) => readAddress(config).problems,
  abilities: ['test', 'introspect', 'read', 'partitions', 'cancel', 'estimate', 'pushDown'],
  verified: 'live server',
  notes: [
    'Push-down: the database must be encoded in UTF8. Left to streaming: patterns, distinct values of bytea, value sets, and columns whose values DuckDB types otherwise (NaN in a numeric, infinity or more than 18 digits before or 20 behind the point in one without precision, timestamps beyond the year 294247, whole reals beyond 2^24 of eight digits or more).',
  ],
};
