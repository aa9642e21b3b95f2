import type { ProfilingLimits, TaskContext } from '../job.ts';

/** Of a task's memory: Node itself, the driver and the stream, and what DuckDB takes beyond its limit (up to 200 MB beside 864). */
export const MEMORY_BESIDE_MB = 256;

/** Of a worker that was started without settings of its own. */
const DEFAULT_LIMITS: ProfilingLimits = {
  keepValues: true,
  conditionSeconds: 3_600,
  wholeTableRows: 200_000_000,
  wholeTableBytes: 100e9,
  membershipBytes: 4e6,
};

export const limitsOf = (context: TaskContext): ProfilingLimits => context.limits.profiling ?? DEFAULT_LIMITS;
