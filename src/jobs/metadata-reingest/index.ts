import type { JobRunner } from '../job.ts';
import type { ReingestInput } from './accept.ts';
import type { ReingestPayload } from './plan.ts';
import { planFromCatalog, runReingest } from './run.ts';

/**
 * METADATA_REINGEST refreshes given entities and what is below them, also across sources. It lists and merges as an ingest
 * does, with everything else hidden: siblings of what was given are neither read nor touched. A given object that is gone
 * is deleted only when a complete listing of its parent does not show it.
 */
export const metadataReingestRunner: JobRunner<ReingestInput> = {
  name: 'METADATA_REINGEST',
  plan: planFromCatalog,
  run: (payload, context) => runReingest(payload as unknown as ReingestPayload, context),
};
