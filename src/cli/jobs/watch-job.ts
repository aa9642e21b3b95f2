import { setTimeout as pause } from 'node:timers/promises';
import { AssayError } from '../../errors/assay-error.ts';
import { JOB_SPECS } from '../../jobs/specs.ts';
import { isTerminal, type JobStatus } from '../../model/job-status.ts';
import type { ApiClient } from '../client/api-client.ts';
import { EXIT } from '../exit-codes.ts';
import { formatDuration } from '../output/format-time.ts';
import { type ProgressReading, paceOf, progressLine } from '../output/progress.ts';
import { harmless } from '../output/text-width.ts';
import type { Terminal } from '../terminal.ts';
import { effectLines, type JobEvent, type JobView, scopeTitle } from './job-view.ts';

export interface WatchOptions {
  /** Say nothing while it runs: for --json. */
  silent?: boolean;
  /** Title before the bar; the job's own activity when absent. */
  title?: string;
}

/** Short jobs are seen at once, long ones cost the server two requests a second. */
const POLL_MS = { first: 100, most: 500 };
/** Without a screen, lines come at most this often. */
const LINE_MS = 2_000;
/** Every job waits a moment for its worker. */
const WAIT_WORTH_TELLING_MS = 3_000;
const CLEAR_LINE = '\r\u001b[K';

/**
 * Follows a job to its end: a moving bar with rate and time left on a screen, a line for every tenth elsewhere. Warnings and
 * errors of its event log are printed as they come.
 *
 * @throws AssayError CANCELLED when the terminal's signal aborts; the job goes on
 */
export async function watchJob(
  client: ApiClient,
  id: string,
  terminal: Terminal,
  options: WatchOptions = {},
): Promise<JobView> {
  const readings: ProgressReading[] = [];
  let after = 0;
  let told = 0;
  let since = Date.now();
  let wait = POLL_MS.first;
  let tellAgain = '';
  let accepted = Date.now();
  for (;;) {
    const job = await client.get<JobView>(`/jobs/${encodeURIComponent(id)}/status`);
    const done = isTerminal(job.status);
    if (!options.silent) {
      const news = await client.get<{ data: JobEvent[] }>(`/jobs/${encodeURIComponent(id)}/events`, { after });
      for (const event of news.data ?? []) {
        after = Math.max(after, event.seq);
        if (event.level === 'info') continue;
        terminal.out(`${terminal.interactive ? CLEAR_LINE : ''}  ${event.level}: ${harmless(event.message)}\n`);
      }
      readings.push(toReading(job));
      if (readings.length > 200) readings.splice(0, 100);
      const line = progressLine(
        options.title ?? titleOf(job),
        readings.at(-1)!,
        paceOf(readings),
        nounOf(job.workerName),
        terminal.interactive ? terminal.columns() : 120,
      );
      const now = Date.now();
      const tenth = Math.floor(job.progress / 10);
      if (terminal.interactive) terminal.out(CLEAR_LINE + line + (done ? '\n' : ''));
      else if (done || (tenth !== told && now - since >= LINE_MS)) {
        terminal.out(`${line}\n`);
        [told, since] = [tenth, now];
      }
      if (job.status !== 'ACCEPTED') accepted = now;
      else if (now - accepted >= WAIT_WORTH_TELLING_MS && job.message && job.message !== tellAgain) {
        tellAgain = job.message;
        terminal.out(`${terminal.interactive ? CLEAR_LINE : ''}  waiting: ${harmless(job.message)}\n`);
      }
    }
    if (done) return job;
    await pause(wait, undefined, { signal: terminal.signal }).catch(() => {});
    if (terminal.signal.aborted) {
      throw new AssayError('CANCELLED', `Stopped watching. The job goes on; to stop it: assay jobs cancel ${id}`);
    }
    wait = Math.min(POLL_MS.most, wait * 1.5);
  }
}

function toReading(job: JobView): ProgressReading {
  const { total = 0, done = 0, failed = 0, skipped = 0 } = job.statistics ?? {};
  return {
    progress: job.progress,
    done: done + skipped,
    failed,
    total,
    atMs: Date.now(),
  };
}

const titleOf = (job: JobView): string => {
  const scope = scopeTitle(job);
  return scope ? `${job.activity}: ${scope}` : job.activity;
};

const nounOf = (name: string): readonly [string, string] =>
  JOB_SPECS.find((spec) => spec.name === name)?.noun ?? ['part', 'parts'];

/** The end of a job in a few lines: status, time, message, effects. */
export function describeEnd(job: JobView): string {
  const lines = [
    `${job.status} in ${formatDuration(job.duration)}${job.message ? `: ${harmless(job.message)}` : ''}`,
    ...effectLines(job.effects).map((line) => `  ${harmless(line)}`),
  ];
  return `${lines.join('\n')}\n`;
}

export const exitCodeOfStatus = (status: JobStatus): number =>
  status === 'COMPLETED' ? EXIT.done : status === 'CANCELLED' || status === 'CANCELLING' ? EXIT.cancelled : EXIT.failed;
