import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { MeasureName } from '../src/profile/measures/measure.ts';
import type { LibraryName } from './beside-libraries.ts';
import type { DuckDbLimits, Input } from './mixed-table.ts';
import { treePssMb } from './served.ts';

/** `memoryMb` is what DuckDB may use. */
export interface RunSpec extends DuckDbLimits {
  work: 'profile' | 'SUMMARIZE' | 'library';
  /** Which, and the folder it is installed in. */
  library?: { name: LibraryName; folder: string };
  input: Input;
  path: string;
  columns?: number;
  without?: MeasureName[];
  /** Every statement and every reader of an answer is timed: a little slower, and says where the time goes. */
  traced?: boolean;
  /** What the heap of Node may use. */
  heapMb?: number;
}

export interface RunResult {
  seconds: number;
  /** Of all threads of the process, without its start. */
  cpuSeconds: number;
  /** Most that was resident (VmHWM), and the largest proportional set size that was seen, looked at five times a second. */
  residentMb: number;
  proportionalMb: number;
  spilledMb: number;
  /** CPU seconds by kind of work, where it was traced. */
  kinds: Record<string, number>;
  /** As the profile says. */
  rows?: number;
  /** The kinds that a library gave. */
  figures?: string[];
}

const LOOK_EVERY_MS = 200;

/** Does one piece of work in a fresh process, so that nothing of an earlier one is warm or resident. */
export async function runInChild(spec: RunSpec): Promise<RunResult> {
  const child = fork(new URL('./measured-run.ts', import.meta.url), [], {
    execArgv: spec.heapMb === undefined ? [] : [`--max-old-space-size=${spec.heapMb}`],
  });
  let result: RunResult | undefined;
  let proportionalMb = 0;
  child.on('message', (message: RunResult) => {
    result = message;
  });
  const look = setInterval(() => {
    proportionalMb = Math.max(proportionalMb, treePssMb([child.pid!]));
  }, LOOK_EVERY_MS);
  child.send(spec);
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  clearInterval(look);
  if (!result) throw new Error(`${spec.work} of ${spec.input} ended with ${signal ?? code} and no result`);
  return { ...result, proportionalMb };
}
