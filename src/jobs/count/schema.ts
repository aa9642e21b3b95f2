import { z } from 'zod';
import { ERRORS, type ErrorCode } from '../../errors/table.ts';
import type { JobSpec } from '../job.ts';
import { concludeCount } from './result.ts';

const errorCode = z.custom<ErrorCode>(
  (code) => typeof code === 'string' && code in ERRORS,
  'expected a code of the error table',
);
const itemNumbers = z.array(z.number().int().min(0)).max(100_000);

export const countRequest = z.strictObject({
  items: z.number().int().min(1).max(100_000).describe('How many items to count.'),
  partsPerItem: z
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(1)
    .describe('Tasks per item; above 1 a fold task per item follows.'),
  together: z
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(1)
    .describe('So many items of one part are claimed, done by one process and committed together.'),
  workMs: z.number().min(0).max(3_600_000).default(0).describe('How long a task takes at least, in milliseconds.'),
  failItems: itemNumbers.default([]).describe('Numbers (from 0) of the items whose tasks throw.'),
  failCode: errorCode
    .default('SOURCE_LOST')
    .describe('The code they throw; whether it is tried again follows from the error table.'),
  failTimes: z.number().int().min(1).optional().describe('How many attempts of a task throw; absent: all.'),
  unstorableItems: itemNumbers
    .default([])
    .describe('Numbers of the items whose results cannot be stored: they throw `failCode`.'),
  crashItems: itemNumbers.default([]).describe('Numbers of the items whose tasks end the process they run in.'),
  crashTimes: z.number().int().min(1).default(1).describe('How many attempts of a task do so.'),
  memoryMb: z.number().min(0).max(1_000_000).default(0).describe('Memory a task holds while it works, in MB.'),
});
export type CountRequest = z.output<typeof countRequest>;
export type CountInput = CountRequest & Record<string, unknown>;

/** Counts, and nothing else: what the tests and benches of the engine run, because its result is known in advance. */
export const countSpec: JobSpec<CountRequest, CountInput> = {
  name: 'COUNT',
  path: 'count',
  activity: 'Count',
  summary: 'Count numbers',
  description: 'Adds up a known series of numbers in many tasks. It proves that work is neither lost nor done twice.',
  request: countRequest,
  example: { items: 100, partsPerItem: 4 },
  noun: ['item', 'items'],
  internal: true,
  async accept(request) {
    return {
      input: { ...request },
      scope: { dataSources: [], scope: [] },
      resourceIds: [],
      affinity: 'DEFAULT',
      lockKeys: [],
      warnings: [],
    };
  },
  conclude: concludeCount,
};
