import type { ConcludeJob } from '../engine/task.ts';
import { findJobSpec } from './specs.ts';

/** Folds the parts of a job with the rules of its type. A type this version does not know ends with its bare counts. */
export const concludeJob: ConcludeJob = (jobName, parts, input) => {
  const spec = findJobSpec(jobName);
  if (!spec)
    return {
      noun: ['task', 'tasks'],
      result: {},
      message: 'Done.',
      failed: `this version does not know the job ${jobName}`,
    };
  return { noun: spec.noun, ...spec.conclude(parts, input) };
};
