import type { Connection } from '../../connectors/connector.ts';
import { AssayError } from '../../errors/assay-error.ts';
import type { TablePart } from '../../profile/part.ts';
import { decideGroups, NOT_PUSHED, type PushOptions, toTablePart } from '../../profile/push-down.ts';
import type { RowChoice } from '../../profile/row-choice.ts';
import { SAMPLING } from '../../profile/sampling.ts';
import type { TaskContext } from '../job.ts';
import { titleOf } from '../title.ts';
import { optionsOf, type ProfilingInput } from './accept.ts';
import { limitsOf } from './limits.ts';
import type { ProfilePayload } from './plan.ts';

/** Rows of a table whose values the source groups; of larger ones a counter estimates how many differ. */
const MOST_GROUPED: Record<'auto' | 'exact' | 'estimated', Pick<PushOptions, 'mostGrouped'>> = {
  auto: {},
  exact: { mostGrouped: Number.POSITIVE_INFINITY },
  estimated: { mostGrouped: SAMPLING.smallRows },
};

interface Pushed {
  path: readonly string[];
  names: string[] | undefined;
  choice: RowChoice;
  key: string;
}

/**
 * Has the source measure the table; undefined where it cannot and need not.
 *
 * @throws NOT_SUPPORTED where the request said `always`; CANCELLED; what the source says
 */
export async function pushDown(
  connection: Connection,
  payload: ProfilePayload,
  { path, names, choice, key }: Pushed,
  context: TaskContext,
): Promise<TablePart | undefined> {
  const always = payload.pushDown === 'always';
  if (!connection.pushDown) {
    if (!always) return undefined;
    throw new AssayError(
      'NOT_SUPPORTED',
      'pushDown: received "always", but this kind of source cannot measure a table itself; leave it out',
    );
  }
  const { timeLimitSeconds, samples, without, distinct } = optionsOf(context.job.input as ProfilingInput);
  const seconds = timeLimitSeconds ?? limitsOf(context).conditionSeconds;
  try {
    const request = {
      type: payload.type,
      path,
      ...(names ? { columns: names } : {}),
      ...(choice.where === undefined ? {} : { where: choice.where }),
      timeoutMs: seconds * 1_000,
      signal: context.signal,
    };
    const part = toTablePart(
      await connection.pushDown(request, (scan) =>
        decideGroups(scan, { without, ...MOST_GROUPED[distinct ?? 'auto'] }),
      ),
      choice.where,
      without,
    );
    const left = [...new Set(part.columns.flatMap((column) => leftOut(column.measures)))];
    const warnings = left.length === 0 ? [] : [`${NOT_PUSHED}: ${left.join(', ')}`];
    if (samples)
      warnings.push('no row leaves a source that measures its table itself, so no samples are kept (buildSamples)');
    return { ...part, key, warnings };
  } catch (error) {
    context.signal.throwIfAborted();
    if (always) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    context.event('warning', `${titleOf(payload)}: its source could not measure it, so a sample is read: ${reason}`);
    return undefined;
  }
}

const leftOut = (measures: Record<string, unknown>): string[] =>
  Object.entries(measures)
    .filter(([, value]) => JSON.stringify(value).includes(NOT_PUSHED))
    .map(([name]) => name);
