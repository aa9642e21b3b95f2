import { z } from 'zod';
import type { JobSpec } from '../job.ts';
import { acceptIdentification, type IdentificationInput } from './accept.ts';
import { concludeIdentification } from './result.ts';

const ids = z.array(z.string().min(1).max(200)).max(10_000).default([]);

export const identificationRequest = z.strictObject({
  scope: z
    .array(z.string())
    .min(1)
    .max(100_000)
    .describe(
      'Entity ids. A container stands for every table, view and file below it, a table for its columns; columns for themselves.',
    ),
  dictionaryIds: ids
    .describe(
      'Dictionaries to look columns up in. Where this and `dataPatternIds` are both empty: all dictionaries and data patterns that are enabled. One that is unknown or disabled is an error that names it.',
    )
    .meta({ 'x-narrows': true }),
  dataPatternIds: ids.describe('Data patterns to try on columns; see `dictionaryIds`.').meta({ 'x-narrows': true }),
});
export type IdentificationRequest = z.output<typeof identificationRequest>;

export const dataIdentificationSpec: JobSpec<IdentificationRequest, IdentificationInput> = {
  name: 'DATA_IDENTIFICATION',
  path: 'data-identification',
  activity: 'Data identification',
  summary: 'Find out what columns hold, by dictionaries and data patterns',
  description:
    'Compares the stored profiles of the columns in scope with dictionaries and data patterns, and applies what their rules say: tags, tags of tables, business terms, sensitivity, each with its evidence. No source is opened. Tables must have been profiled (or discovered) before. What people added or took away stays as it is; what a method found before and does not find any more goes. What could not be judged, and what is missing for it, is in the effects and in `result.feasibility`; `POST /data-identification/feasibility` tells it beforehand.',
  request: identificationRequest,
  example: {
    scope: ['bf89ed29-1c5a-4fd0-9363-74de7e1b18f4'],
    dictionaryIds: [],
    dataPatternIds: [],
  },
  noun: ['table', 'tables'],
  accept: acceptIdentification,
  conclude: concludeIdentification,
};
