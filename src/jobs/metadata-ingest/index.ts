import type { JobRunner } from '../job.ts';
import type { IngestInput } from './accept.ts';
import type { IngestPayload } from './plan.ts';
import { planFromSource, runIngest } from './run.ts';

/**
 * METADATA_INGEST reads the structure of a source into the catalog. The plan lists the units (schemas; for files the root) and
 * makes one task of each. A task reads its whole unit into a file, then merges it in one transaction: new objects get an id,
 * changed ones are updated, unchanged ones are not touched, and what a complete listing no longer shows is deleted, as far as
 * the filters of this run select it. A container that could not be listed deletes nothing, and its task fails with the reason.
 */
export const metadataIngestRunner: JobRunner<IngestInput> = {
  name: 'METADATA_INGEST',
  plan: planFromSource,
  run: (payload, context) => runIngest(payload as unknown as IngestPayload, context),
};
