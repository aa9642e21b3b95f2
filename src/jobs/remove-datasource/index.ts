import type { JobRunner } from '../job.ts';
import type { RemovalInput } from './accept.ts';
import { runRemoval } from './run.ts';

/**
 * CLEANUP_DATASOURCE removes a data source and everything it brought. From its acceptance no job may start on the source, and
 * those that work on it are cancelled. Rows go in bounded batches, each in a transaction of its own, what lies below before
 * what it lies in. A removal that is cancelled or fails half-way leaves a smaller but whole catalog of the source, which can
 * be removed or ingested again; run twice, it goes on where it was.
 */
export const removeDatasourceRunner: JobRunner<RemovalInput> = {
  name: 'CLEANUP_DATASOURCE',
  run: (_payload, context) => runRemoval(context),
};
