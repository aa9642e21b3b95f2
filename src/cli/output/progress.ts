import { formatDuration, formatRate } from './format-time.ts';
import { cutText, padText } from './text-width.ts';

/** What a bar is drawn from; one reading of a job's status. */
export interface ProgressReading {
  /** 0 to 100. */
  progress: number;
  /** Items that went well or were left out. */
  done: number;
  failed?: number;
  /** Of `done` those that were left out. */
  skipped?: number;
  total: number;
  atMs: number;
}

export interface Pace {
  /** Items per second; undefined until something moved. */
  perSecond?: number;
  /** Time left; undefined while it cannot be known. */
  leftMs?: number;
}

/** How far back the pace looks: long enough to be calm, short enough to follow a change. */
const WINDOW_MS = 15_000;

/**
 * Rate and time left from the readings of a job, oldest first. Pure; the clock is in the readings.
 * Readings older than 15 s before the last one do not count.
 */
export function paceOf(readings: readonly ProgressReading[]): Pace {
  const last = readings.at(-1);
  if (!last) return {};
  const first = readings.find((reading) => reading.atMs >= last.atMs - WINDOW_MS) ?? last;
  const ms = last.atMs - first.atMs;
  if (ms <= 0) return {};
  const pace: Pace = {};
  if (last.done > first.done) pace.perSecond = ((last.done - first.done) / ms) * 1000;
  if (last.progress > first.progress) {
    pace.leftMs = ((100 - last.progress) / (last.progress - first.progress)) * ms;
  }
  return pace;
}

/** One line: `profiling  ━━━━━━──────  50 %  10/20 tables  4/s  3 s left`; title and bar give way on a narrow screen. */
export function progressLine(
  title: string,
  reading: ProgressReading,
  pace: Pace,
  noun: readonly [string, string],
  screen = 100,
): string {
  const [titleColumns, barColumns] = screen >= 100 ? [28, 24] : [18, 10];
  const filled = Math.round((Math.max(0, Math.min(100, reading.progress)) / 100) * barColumns);
  const parts = [
    padText(cutText(title, titleColumns), titleColumns),
    '━'.repeat(filled) + '─'.repeat(barColumns - filled),
    `${String(Math.floor(reading.progress)).padStart(3)} %`,
    reading.total > 0 ? `${reading.done}/${reading.total} ${reading.total === 1 ? noun[0] : noun[1]}` : '',
    reading.failed ? `${reading.failed} failed` : '',
    reading.skipped ? `${reading.skipped} skipped` : '',
    pace.perSecond ? formatRate(pace.perSecond) : '',
    pace.leftMs !== undefined && reading.progress < 100 ? `${formatDuration(pace.leftMs)} left` : '',
  ];
  return cutText(parts.filter(Boolean).join('  '), screen - 1);
}
