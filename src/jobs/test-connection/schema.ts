import { z } from 'zod';
import { sourceBodyShape } from '../../model/source-fields.ts';
import type { JobSpec } from '../job.ts';
import { acceptTestConnection, type TestConnectionInput } from './accept.ts';
import { concludeTestConnection } from './result.ts';

export const testConnectionRequest = z.looseObject(sourceBodyShape);

export const testConnectionSpec: JobSpec<Record<string, unknown>, TestConnectionInput> = {
  name: 'TEST_CONNECTION',
  path: 'test-connection',
  activity: 'Test connection',
  summary: 'Test the connection to a data source',
  description:
    'Tries a connection step by step: resolve the name, reach, encrypt, authenticate, open the database, list schemas, read the catalog, read a row, and the rights that later jobs need. Name a saved data source by resourceId, fqdnId or resourceName (no credentials needed), or send a full body. What the body changes of a saved source serves this job only. GET /jobs/{id} shows every step with cause and remedy.',
  request: testConnectionRequest,
  example: { resourceId: '6852ca4a50c4d05ad04a7490' },
  noun: ['connection', 'connections'],
  accept: acceptTestConnection,
  conclude: concludeTestConnection,
};
