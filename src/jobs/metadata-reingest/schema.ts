import { z } from 'zod';
import type { JobSpec } from '../job.ts';
import { acceptReingest, type ReingestInput } from './accept.ts';
import { concludeReingest } from './result.ts';

export const reingestRequest = z.looseObject({
  scope: z
    .array(z.string())
    .min(1)
    .max(100_000)
    .describe(
      'Ids of the entities to refresh, with everything below them; of any sources. A column stands for its table.',
    ),
});
export type ReingestRequest = z.output<typeof reingestRequest>;

export const metadataReingestSpec: JobSpec<ReingestRequest, ReingestInput> = {
  name: 'METADATA_REINGEST',
  path: 'metadata/re-ingest',
  activity: 'Re-ingest metadata',
  summary: 'Refresh the metadata of given entities and of what is below them',
  description:
    'Reads the given entities again from their sources. A given object that the source no longer has goes away, with what is below it, when a complete listing proves that. Filters saved with the data source hold when a whole source is given.',
  request: reingestRequest,
  example: { scope: ['dabd6390-59a6-43be-99eb-fa915fdef7fb'] },
  noun: ['data source', 'data sources'],
  accept: acceptReingest,
  conclude: concludeReingest,
};
