import { AssayError } from '../errors/assay-error.ts';
import type { JobRunner } from './job.ts';

/** Wire name → how to load the heavy half. Lazy, so that a task loads only what its job needs. */
const RUNNERS: Record<string, () => Promise<JobRunner>> = {
  CLEANUP_DATASOURCE: async () => (await import('./remove-datasource/index.ts')).removeDatasourceRunner,
  METADATA_INGEST: async () => (await import('./metadata-ingest/index.ts')).metadataIngestRunner,
  METADATA_REINGEST: async () => (await import('./metadata-reingest/index.ts')).metadataReingestRunner,
  TEST_CONNECTION: async () => (await import('./test-connection/index.ts')).testConnectionRunner,
  DATA_PROFILE: async () => (await import('./data-profiling/index.ts')).dataProfilingRunner,
  DATA_IDENTIFICATION: async () => (await import('./data-identification/index.ts')).dataIdentificationRunner,
  COUNT: async () => (await import('./count/index.ts')).countRunner,
};

export async function loadRunner(name: string): Promise<JobRunner> {
  const load = RUNNERS[name];
  if (!load) throw new AssayError('INTERNAL', `no runner for job ${name}`);
  return load();
}
