import { AssayError } from '../../errors/assay-error.ts';
import type { RowChoice } from '../../profile/row-choice.ts';
import { timeOfItem } from '../../store/task-time.ts';
import type { TaskContext } from '../job.ts';
import { optionsOf, type ProfilingInput } from './accept.ts';
import { limitsOf } from './limits.ts';
import type { ProfilePayload } from './plan.ts';

/** At the latest so long after a look at what is left of a table's time comes the next: others may have begun meanwhile. */
const LOOK_SECONDS = 2;
/** At the earliest. */
const PAUSE_SECONDS = 0.1;

/**
 * Does `work` within the time that it may take: a condition of a user may run without end, and whatever else is read ends when the table
 * does. A table that is read in parts has its time for all of them together, however many are read at once; so what is left is looked at
 * again and again.
 *
 * @param alone the table is read in one part
 * @throws TIME_LIMIT where other parts have used it up
 */
export async function withinTime<T>(
  payload: ProfilePayload,
  choice: RowChoice,
  alone: boolean,
  context: TaskContext,
  work: () => Promise<T>,
): Promise<T> {
  const { timeLimitSeconds: ofTable } = optionsOf(context.job.input as ProfilingInput);
  const { conditionSeconds } = limitsOf(context);
  const reason = `it took longer than ${ofTable} s${alone ? '' : ', all parts together'} (timeLimitSeconds), so it was stopped`;
  const begun = performance.now();
  const limit = (left: number): void => {
    const ofCondition = conditionSeconds - (performance.now() - begun) / 1_000;
    if (choice.where !== undefined && ofCondition < left)
      context.limitTime(
        Math.max(0, ofCondition),
        `whereClause: reading by it took longer than ${conditionSeconds} s (ASSAY_CONDITION_SECONDS), so it was stopped; does it come to an end?`,
      );
    else if (left < Number.POSITIVE_INFINITY) context.limitTime(Math.max(0, left), reason);
  };
  if (ofTable === undefined || alone) {
    limit(ofTable ?? Number.POSITIVE_INFINITY);
    return work();
  }
  const look = async (): Promise<Left> => {
    const { seconds, running } = await timeOfItem(context.db, context.job.id, payload.tableId);
    return { left: ofTable - seconds, running };
  };
  const first = await look();
  if (first.left <= 0) throw new AssayError('TIME_LIMIT', reason);
  limit(first.left);
  const stopLooking = lookAgain(pauseOf(first), look, ({ left }) => limit(left), context.signal);
  try {
    return await work();
  } finally {
    stopLooking();
  }
}

interface Left {
  /** Seconds; 0 and below: used up. */
  left: number;
  /** Tasks that use it up together. */
  running: number;
}

/** @returns stops it */
function lookAgain(
  afterSeconds: number,
  look: () => Promise<Left>,
  onFound: (found: Left) => void,
  signal: AbortSignal,
): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const wait = (seconds: number): void => {
    timer = setTimeout(async () => {
      // While the store is away what was found before holds.
      const found = await look().catch(() => undefined);
      // Once the time is over it must not be set anew: whoever does not hear is killed soon after.
      if (stopped || signal.aborted) return;
      if (found) onFound(found);
      wait(found ? pauseOf(found) : LOOK_SECONDS);
    }, seconds * 1_000);
  };
  wait(afterSeconds);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** When it will be used up if all that run now go on, within bounds. */
const pauseOf = ({ left, running }: Left): number =>
  Math.min(LOOK_SECONDS, Math.max(PAUSE_SECONDS, left / Math.max(1, running)));
