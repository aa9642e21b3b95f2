import type { ConnectorSpec } from '../connector.ts';
import { readAddress } from './address.ts';

export const postgresSpec: ConnectorSpec = {
  kind: 'postgres',
  title: 'PostgreSQL',
  databaseTypes: ['POSTGRES', 'POSTGRESQL'],
  shape: 'database',
  problems: (config) => readAddress(config).problems,
  abilities: ['test', 'introspect', 'read', 'partitions', 'cancel', 'estimate'],
  verified: 'live server',
};
