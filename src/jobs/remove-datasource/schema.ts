import { z } from 'zod';
import type { JobSpec } from '../job.ts';
import { acceptRemoval, claimSource, type RemovalInput } from './accept.ts';
import { concludeRemoval } from './result.ts';

export const removalRequest = z.looseObject({
  id: z.string().describe('Id of the data source, 24 hex digits.'),
  fqdnId: z.string().describe('Its fqdnId; it must belong to the same data source, as a safeguard.'),
});
export type RemovalRequest = z.output<typeof removalRequest>;

export const removeDatasourceSpec: JobSpec<RemovalRequest, RemovalInput> = {
  name: 'CLEANUP_DATASOURCE',
  path: 'remove-datasource',
  activity: 'Remove data source',
  summary: 'Remove a data source',
  description:
    'Deletes a data source and everything it brought: entities, what people set on them, profiles. Jobs running on it are cancelled first; new ones are refused with 409. When the job ends, name and fqdnId are free.',
  request: removalRequest,
  example: { id: '6852ca4a50c4d05ad04a7490', fqdnId: '449575925421853542' },
  noun: ['data source', 'data sources'],
  rights: ['manageSources'],
  accept: acceptRemoval,
  onRerun: claimSource,
  conclude: concludeRemoval,
};
