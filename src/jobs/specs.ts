import { countSpec } from './count/schema.ts';
import { dataIdentificationSpec } from './data-identification/schema.ts';
import { dataProfilingSpec } from './data-profiling/schema.ts';
import type { JobSpec } from './job.ts';
import { metadataIngestSpec } from './metadata-ingest/schema.ts';
import { metadataReingestSpec } from './metadata-reingest/schema.ts';
import { removeDatasourceSpec } from './remove-datasource/schema.ts';
import { testConnectionSpec } from './test-connection/schema.ts';

// biome-ignore lint/suspicious/noExplicitAny: each spec is checked against its own request type where it is made
export type AnyJobSpec = JobSpec<any, any>;

/** Every job type that is built, light half. A route, an OpenAPI page and a CLI verb follow from a line here, unless it is `internal`. */
export const JOB_SPECS = [
  countSpec,
  testConnectionSpec,
  metadataIngestSpec,
  metadataReingestSpec,
  dataProfilingSpec,
  dataIdentificationSpec,
  removeDatasourceSpec,
] as const satisfies readonly AnyJobSpec[];

export type JobName = (typeof JOB_SPECS)[number]['name'];

export function findJobSpec(name: string): AnyJobSpec | undefined {
  return (JOB_SPECS as readonly AnyJobSpec[]).find((spec) => spec.name === name);
}
