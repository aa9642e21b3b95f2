import type { LoadReport } from './load-client.ts';
import { type Figure, percentile, reportBench } from './report.ts';

/** What the clients found, and what was used of the machine meanwhile, in cores; `others` is whatever else ran on it. */
export interface LoadRun extends LoadReport {
  cores: { api: number; tasks: number; postgres: number; clients: number; others: number };
}

export interface LoadFindings {
  /** Without the profile. */
  quiet: LoadRun;
  /** An empty route, with the profile. */
  bare: LoadRun;
  /** With the profile. */
  loaded: LoadRun;
  /** Seconds from start to end of the jobs that were started. */
  quietJobs: number[];
  loadedJobs: number[];
  /** Of the profile beside. */
  rowsPerSecond: number;
  memoryMb: number;
}

const GOAL_MS = 200;
const POINTS = [50, 95, 99, 100];
const ALONE = 'the same without the profile';

const nameOf = (p: number): string => (p === 100 ? 'max' : `p${p}`);
const allOf = (run: LoadRun): number[] => Object.values(run.latencies).flat();
const errorsOf = (run: LoadRun, kind = ''): number =>
  Object.entries(run.errors)
    .filter(([name]) => name.startsWith(kind))
    .reduce((sum, [, count]) => sum + count, 0);

/** Prints every kind of request of every run, and keeps the figures. */
export function reportLoad(settings: Record<string, unknown>, found: LoadFindings): void {
  const { quiet, bare, loaded } = found;
  printRun('the mix, without the profile', quiet);
  printRun('an empty route, with the profile', bare);
  printRun('the mix, with the profile', loaded);
  reportBench('load', settings, [
    ...POINTS.map(
      (p): Figure => ({
        what: `${nameOf(p)}, all requests`,
        value: percentile(allOf(loaded), p),
        unit: 'ms',
        beside: { what: ALONE, value: percentile(allOf(quiet), p) },
        ...(p === 99 ? { goal: `≤ ${GOAL_MS}` } : {}),
      }),
    ),
    {
      what: 'p99, all requests',
      value: percentile(allOf(loaded), 99),
      unit: 'ms',
      beside: { what: 'a bare fastify with the profile', value: percentile(allOf(bare), 99) },
    },
    { what: 'errors', value: errorsOf(loaded), unit: 'requests', goal: '0' },
    ...Object.entries(loaded.latencies).map(
      ([what, times]): Figure => ({
        what: `p99, ${what}`,
        value: percentile(times, 99),
        unit: 'ms',
        beside: { what: ALONE, value: percentile(quiet.latencies[what] ?? [], 99) },
      }),
    ),
    {
      what: 'small jobs, from start to end, p50',
      value: percentile(found.loadedJobs, 50),
      unit: 's',
      beside: { what: ALONE, value: percentile(found.quietJobs, 50) },
    },
    {
      what: 'small jobs, from start to end, p95',
      value: percentile(found.loadedJobs, 95),
      unit: 's',
      beside: { what: ALONE, value: percentile(found.quietJobs, 95) },
    },
    { what: 'rows profiled meanwhile', value: found.rowsPerSecond, unit: 'rows/s' },
    ...Object.entries(loaded.cores).map(
      ([what, value]): Figure => ({
        what: `processor, ${what}`,
        value,
        unit: 'cores',
        beside: { what: ALONE, value: quiet.cores[what as keyof LoadRun['cores']] },
      }),
    ),
    { what: 'memory, all processes', value: found.memoryMb, unit: 'MB PSS' },
  ]);
}

function printRun(title: string, run: LoadRun): void {
  const cells = (texts: string[]): string => texts.map((text) => text.padStart(9)).join('');
  console.log(`\n${title.padEnd(36)}${cells(['requests', ...POINTS.map(nameOf), 'errors'])}`);
  for (const [what, times] of [...Object.entries(run.latencies), ['all', allOf(run)] as const]) {
    const points = POINTS.map((p) => percentile(times, p).toFixed(1));
    const errors = errorsOf(run, what === 'all' ? '' : `${what}: `);
    console.log(`  ${what.padEnd(34)}${cells([String(times.length), ...points, String(errors)])}`);
  }
  for (const [what, count] of Object.entries(run.errors)) console.log(`  ${count}× ${what}`);
  const cores = Object.entries(run.cores).map(([what, used]) => `${what} ${used.toFixed(2)}`);
  console.log(
    `  requests left ${percentile(run.lateMs, 99).toFixed(1)} ms after they were due (p99); cores: ${cores.join(', ')}`,
  );
}
