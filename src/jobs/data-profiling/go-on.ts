import { AssayError } from '../../errors/assay-error.ts';
import type { MarkOptions } from '../../profile/duckdb/read-mark.ts';
import type { TablePart } from '../../profile/part.ts';
import {
  type Folded,
  foldMark,
  type KeptParts,
  type KeptRequest,
  type MarkedPart,
  type ReadMark,
  startMark,
  whyNotFolded,
  whyNotKept,
} from '../../profile/watermark.ts';
import { findKeptPart, packValues, unpackValues, valuesPlace } from '../../store/profile-values.ts';
import type { TaskContext } from '../job.ts';

/** A profile by watermark that would keep more than this is not gone on from: its next run reads all rows. */
const MOST_KEPT_BYTES = 32 * 2 ** 20;

/** Reads the rows above the mark, or all of them, and measures them as a part that others can be added to. */
export type ReadMarked = (key: string, mark: MarkOptions) => Promise<TablePart & { mark?: ReadMark }>;

/**
 * Profiles a table by its watermark column: the rows above what the current profile saw are added to what it kept, or else all rows are
 * read. What was kept stays as it is until the result is committed, so that a run that dies changes nothing.
 */
export async function goOn(
  tableId: string,
  request: KeptRequest,
  read: ReadMarked,
  context: TaskContext,
): Promise<Folded> {
  const kept = await findKept(tableId, context);
  let why = typeof kept === 'string' ? kept : kept && whyNotKept(kept, request);
  if (typeof kept === 'object' && why === undefined) {
    const above = kept.mark.value;
    const fresh = toMarked(await read(`run ${kept.runs + 1}`, { column: request.column, above }));
    const folded = tryFold(kept, fresh);
    if (typeof folded !== 'string') return folded;
    why = folded;
  }
  const whole = toMarked(await read('run 1', { column: request.column }));
  return startMark(whole, request, new Date().toISOString(), why);
}

/** The profile, or why all rows have to be read. */
function tryFold(kept: KeptParts, fresh: MarkedPart): Folded | string {
  const why = whyNotFolded(kept, fresh);
  if (why !== undefined) return why;
  try {
    return foldMark(kept, fresh);
  } catch (error) {
    return `the new rows could not be added to those of the last run (${error instanceof Error ? error.message : String(error)})`;
  }
}

function toMarked({ mark, drawn, ...part }: TablePart & { mark?: ReadMark }): MarkedPart {
  if (!mark) throw new AssayError('INTERNAL', 'the watermark column was not looked at');
  return { part, mark, ...(drawn ? { drawn } : {}) };
}

/** What the last run kept, or why it cannot be had; undefined where there is nothing. */
async function findKept(tableId: string, context: TaskContext): Promise<KeptParts | string | undefined> {
  const found = await findKeptPart(context.db, tableId);
  if (!found) return undefined;
  try {
    return unpackValues(context.unseal(found.part, valuesPlace(tableId, found.jobId, 'part'))) as KeptParts;
  } catch (error) {
    return `what the last run kept cannot be read (${error instanceof Error ? error.message : String(error)})`;
  }
}

/** What is kept for the next run, sealed; with a warning where it is too much. */
export function sealKept(
  tableId: string,
  kept: KeptParts,
  context: TaskContext,
): { part: Buffer } | { warning: string } {
  const packed = packValues(kept);
  if (packed.length > MOST_KEPT_BYTES)
    return {
      warning: `what the next run would go on from takes ${packed.length} bytes, more than the ${MOST_KEPT_BYTES} that are kept: the next run reads all rows again`,
    };
  return { part: context.seal(packed, valuesPlace(tableId, context.job.id, 'part')) };
}
