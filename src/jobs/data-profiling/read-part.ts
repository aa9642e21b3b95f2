import type { Connection, Partition } from '../../connectors/connector.ts';
import { fromPlace } from '../../harvest/object-path.ts';
import { type MeasuredPart, profileRead } from '../../profile/duckdb/profile-read.ts';
import type { MarkOptions } from '../../profile/duckdb/read-mark.ts';
import { type RowChoice, seedOf } from '../../profile/row-choice.ts';
import type { TaskContext } from '../job.ts';
import { optionsOf, type ProfilingInput } from './accept.ts';
import { limitsOf, MEMORY_BESIDE_MB } from './limits.ts';
import type { ProfilingOptions } from './options.ts';
import type { ProfilePayload } from './plan.ts';
import { throttle } from './throttle.ts';

const SMALLEST_MEMORY_MB = 128;

export interface PartRequest {
  key: string;
  whole: boolean;
  /** Nothing else is read of the table. */
  alone?: boolean;
  choice: RowChoice;
  names?: string[];
  partition?: Partition;
  mark?: MarkOptions;
}

export async function readPart(
  connection: Connection,
  payload: ProfilePayload,
  { key, whole, alone, choice, names, partition, mark }: PartRequest,
  context: TaskContext,
): Promise<MeasuredPart> {
  const options = optionsOf(context.job.input as ProfilingInput);
  const read = await connection.read({
    type: payload.type,
    path: fromPlace(payload.place),
    ...(names ? { columns: names } : {}),
    ...(partition ? { partition } : {}),
    ...(mark?.above === undefined ? {} : { from: { column: mark.column, value: mark.above } }),
    ...(choice.limit === undefined ? {} : { limit: choice.limit }),
    ...(choice.where === undefined ? {} : { where: choice.where }),
    ...(choice.sample === undefined ? {} : { sample: choice.sample }),
    ...(options.text === undefined ? {} : { text: options.text }),
    signal: context.signal,
  });
  const { memoryMb, threads, tempFolder } = context.limits;
  const session = {
    memoryMb: Math.max(memoryMb - MEMORY_BESIDE_MB, SMALLEST_MEMORY_MB),
    threads,
    tempFolder,
    signal: context.signal,
  };
  const { rowsPerSecond, parallelReads = 1 } = options;
  const slow = rowsPerSecond === undefined ? read : throttle(read, rowsPerSecond / parallelReads, context.signal);
  return profileRead(slow, session, {
    key,
    whole,
    ...(choice.limit === undefined ? {} : { limit: choice.limit }),
    columns: names,
    choice,
    without: options.without,
    distinct: options.distinct,
    ...(mark ? { mark } : {}),
    ...(alone ? { membershipBytes: limitsOf(context).membershipBytes } : {}),
    ...(draws(options, context)
      ? { draw: { seed: seedOf(`${payload.tableId}/${key}`), wholeRows: names === undefined } }
      : {}),
    progress: (fraction) => context.progress(fraction),
  });
}

/** Values are drawn for samples, and for patterns unless that is switched off. */
export const draws = (options: ProfilingOptions, context: TaskContext): boolean =>
  options.samples || limitsOf(context).keepValues;
