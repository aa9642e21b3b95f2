import type { JobRunner } from '../job.ts';
import { type CountPayload, planCount } from './plan.ts';
import { runCount } from './run.ts';
import type { CountInput } from './schema.ts';

/**
 * COUNT adds up a known series of numbers. It is not for users: tests and benches of the engine run it, since any task
 * that was lost or counted twice changes a sum that is known in advance. It can be told to fail, to crash, to take long
 * and to hold memory.
 */
export const countRunner: JobRunner<CountInput> = {
  name: 'COUNT',
  async plan(input) {
    return { tasks: planCount(input) };
  },
  run: (payload, context) => runCount(payload as CountPayload, context),
};
