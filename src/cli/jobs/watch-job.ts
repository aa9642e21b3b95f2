import type { AssayClient, JobEvent, JobStatus } from '../../client/index.ts';
import { AssayError } from '../../errors/assay-error.ts';
import { JOB_SPECS } from '../../jobs/specs.ts';
import { isTerminal } from '../../model/job-status.ts';
import { fromApi } from '../client/api-errors.ts';
import { EXIT } from '../exit-codes.ts';
import { formatDuration } from '../output/format-time.ts';
import { type ProgressReading, paceOf, progressLine } from '../output/progress.ts';
import { harmless } from '../output/text-width.ts';
import type { Terminal } from '../terminal.ts';
import { effectLines, scopeTitle } from './job-view.ts';

export interface WatchOptions {
  /** Say nothing while it runs: for --json. */
  silent?: boolean;
  /** Title before the bar; the job's own activity when absent. */
  title?: string;
}

/** Without a screen, lines come at most this often. */
const LINE_MS = 2_000;
/** Every job waits a moment for its worker. */
const WAIT_WORTH_TELLING_MS = 3_000;
const CLEAR_LINE = '\r\u001b[K';

/**
 * Follows a job to its end over its live stream: a moving bar with rate and time left on a screen, a line for every tenth
 * elsewhere. Warnings and errors of its event log are printed as they come.
 *
 * @throws AssayError CANCELLED when the terminal's signal aborts; the job goes on
 */
export async function watchJob(
  client: AssayClient,
  id: string,
  terminal: Terminal,
  options: WatchOptions = {},
): Promise<JobStatus> {
  const show = options.silent ? undefined : createDisplay(terminal, options.title);
  try {
    return await client.waitForJob(id, {
      signal: terminal.signal,
      onEvent: show?.event,
      onStatus: show?.status,
      onConnection: (state, reason) => show?.note(CONNECTION[state](reason)),
    });
  } catch (error) {
    if (!terminal.signal.aborted) throw whileWatching(error, client, id);
    throw new AssayError('CANCELLED', `Stopped watching. The job goes on; to stop it: assay jobs cancel ${id}`);
  } finally {
    show?.close();
  }
}

/** The sign-in may end before the job does. */
function whileWatching(thrown: unknown, { baseUrl }: AssayClient, id: string): unknown {
  const error = fromApi(thrown);
  if (error.code !== 'UNAUTHENTICATED') return thrown;
  return new AssayError(
    'UNAUTHENTICATED',
    `Your sign-in at ${baseUrl} ended (${error.message.replace(/\.$/, '')}). The job goes on. Sign in again with: assay login --url ${baseUrl} (or give another ASSAY_TOKEN or ASSAY_API_KEY, if you gave one); then follow it with: assay jobs watch ${id}`,
    { cause: thrown },
  );
}

const CONNECTION = {
  lost: (reason: string) => `connection lost (${reason.replace(/\.$/, '')}); the job goes on, trying again`,
  back: () => 'connected again',
  polling: (reason: string) => `live events do not come through (${reason}); asking again and again instead`,
};

function createDisplay(terminal: Terminal, title: string | undefined) {
  const readings: ProgressReading[] = [];
  const lead = terminal.interactive ? CLEAR_LINE : '';
  let [told, since] = [0, Date.now()];
  let drawn = '';
  let waitReason = '';
  let waiting: NodeJS.Timeout | undefined;

  const note = (text: string): void => terminal.out(`${lead}  ${harmless(text)}\n${drawn}`);
  const draw = (job: JobStatus): void => {
    readings.push(toReading(job));
    if (readings.length > 200) readings.splice(0, 100);
    const width = terminal.interactive ? terminal.columns() : 120;
    const pace = paceOf(readings);
    const line = progressLine(title ?? titleOf(job), readings.at(-1)!, pace, nounOf(job.workerName), width);
    const done = isTerminal(job.status);
    const tenth = Math.floor(job.progress / 10);
    drawn = terminal.interactive && !done ? line : '';
    if (terminal.interactive) terminal.out(CLEAR_LINE + line + (done ? '\n' : ''));
    else if (done || (tenth !== told && Date.now() - since >= LINE_MS)) {
      terminal.out(`${line}\n`);
      [told, since] = [tenth, Date.now()];
    }
  };
  return {
    note,
    event: (event: JobEvent): void => {
      if (event.level !== 'info') note(`${event.level}: ${event.message}`);
    },
    status: (job: JobStatus): void => {
      draw(job);
      const reason = job.status === 'ACCEPTED' ? job.message : '';
      if (reason === waitReason) return;
      clearTimeout(waiting);
      waitReason = reason;
      if (reason) waiting = setTimeout(() => note(`waiting: ${reason}`), WAIT_WORTH_TELLING_MS);
    },
    close: (): void => clearTimeout(waiting),
  };
}

function toReading(job: JobStatus): ProgressReading {
  const { total, done, failed, skipped } = job.statistics;
  return { progress: job.progress, done: done + skipped, failed, skipped, total, atMs: Date.now() };
}

const titleOf = (job: JobStatus): string => {
  const scope = scopeTitle(job);
  return scope ? `${job.activity}: ${scope}` : job.activity;
};

const nounOf = (name: string): readonly [string, string] =>
  JOB_SPECS.find((spec) => spec.name === name)?.noun ?? ['part', 'parts'];

/** The end of a job in a few lines: status, time, message, effects. */
export function describeEnd(job: JobStatus): string {
  const lines = [
    `${job.status} in ${formatDuration(job.duration)}${job.message ? `: ${harmless(job.message)}` : ''}`,
    ...effectLines(job.effects).map((line) => `  ${harmless(line)}`),
  ];
  return `${lines.join('\n')}\n`;
}

export const exitCodeOfStatus = (status: JobStatus['status']): number =>
  status === 'COMPLETED' ? EXIT.done : status === 'CANCELLED' || status === 'CANCELLING' ? EXIT.cancelled : EXIT.failed;
