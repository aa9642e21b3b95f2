import type { JobRunner } from '../job.ts';
import type { ProfilingInput } from './accept.ts';
import { planProfiling } from './make-plan.ts';
import type { ProfilePayload } from './plan.ts';
import { runProfiling } from './run.ts';

/**
 * DATA_PROFILE reads tables and measures their columns. Planning expands the scope to tables, views and delimited files and
 * cuts large tables by fixed boundaries. A task reads one table or one part of it into a DuckDB that holds nothing else. A table in one
 * piece is stored in the transaction that ends its task; the parts of a cut one wait as bytes for a last task that folds
 * them, so a crash loses one part at most. Run twice, a task gives the same profile. Of two jobs on the same table the one
 * accepted later wins whole. A table that the source no longer has fails alone; the others go on.
 */
export const dataProfilingRunner: JobRunner<ProfilingInput> = {
  name: 'DATA_PROFILE',
  plan: planProfiling,
  run: (payload, context) => runProfiling(payload as ProfilePayload, context),
};
