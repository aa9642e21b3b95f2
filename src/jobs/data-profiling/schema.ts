import { z } from 'zod';
import type { JobSpec } from '../job.ts';
import { acceptProfiling, type ProfilingInput } from './accept.ts';
import { concludeProfiling } from './result.ts';

const count = z.number().int().min(0);
const hint = 'A hint, accepted and not needed here.';

export const profilingConfigs = z.strictObject({
  dataProfiledSinceDays: count
    .default(0)
    .describe('Leaves out tables profiled within so many days; 0 leaves out none.'),
  buildSamples: z.boolean().default(false).describe('Keep sample rows. Only false so far.'),
  sampleType: z.string().default('').describe('How to choose a part of the rows. Only empty (all rows) so far.'),
  sampleMethod: z.string().default('').describe('Percentage or rows. Only empty so far.'),
  sampleValue: z.number().min(0).default(0).describe('The percentage or number of rows. Only 0 so far.'),
  jdbcRowLimitSize: count
    .default(0)
    .describe('Reads at most so many rows of each table; 0 reads all. Figures then say that they are of a sample.'),
  nthValue: count.default(0).describe('Every n-th row. Only 0 so far.'),
  whereClause: z.string().default('').describe('An SQL condition. Only empty so far.'),
  splitJobByColumns: z.boolean().optional().describe(hint),
  columnsPerJob: count.optional().describe(hint),
  numberOfTablesPerJob: count.optional().describe(hint),
  persistThreads: count.optional().describe(hint),
  persistFilesThreads: count.optional().describe(hint),
  profileThreads: count.optional().describe(hint),
});

export const profilingRequest = z.strictObject({
  scope: z
    .array(z.string())
    .min(1)
    .max(100_000)
    .describe(
      'Entity ids. A container stands for every table, view and delimited file below it; columns for themselves.',
    ),
  configs: profilingConfigs.optional().describe('Options; all may be left out.'),
});
export type ProfilingRequest = z.output<typeof profilingRequest>;

export const dataProfilingSpec: JobSpec<ProfilingRequest, ProfilingInput> = {
  name: 'DATA_PROFILE',
  path: 'data-profiling',
  activity: 'Data profiling',
  summary: 'Profile tables and files',
  description:
    'Reads every row of the tables, views and delimited files in scope and measures each column: counts, nulls, blanks, distinct values, smallest and largest, sum, mean, deviation, lengths, quantiles, histogram, most frequent values. Each figure says whether it is exact, an estimate or of a sample.',
  request: profilingRequest,
  example: {
    scope: ['eb98554a-5ff4-47a8-9268-102268fad0d0'],
    configs: {
      dataProfiledSinceDays: 0,
      buildSamples: false,
      splitJobByColumns: true,
      columnsPerJob: 25,
      profileThreads: 1,
    },
  },
  noun: ['table', 'tables'],
  accept: acceptProfiling,
  conclude: concludeProfiling,
};
