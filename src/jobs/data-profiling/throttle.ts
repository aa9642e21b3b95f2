import { Transform, type TransformCallback } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { ReadResult } from '../../connectors/connector.ts';

/** Pauses reading, so that on the average no more than so many rows come in a second. Gives how long to wait after so many more rows. Pure but for the clock it is given. */
function rowBudget(rowsPerSecond: number, now: () => number): (rows: number) => number {
  const start = now();
  let taken = 0;
  return (rows) => {
    taken += rows;
    return Math.max(0, start + (taken / rowsPerSecond) * 1_000 - now());
  };
}

/** Tells the time in milliseconds and lets it pass. */
export interface Clock {
  now(): number;
  pause(ms: number, signal: AbortSignal): Promise<unknown>;
}

const WALL_CLOCK: Clock = {
  now: () => performance.now(),
  pause: (ms, signal) => pause(ms, undefined, { signal }),
};

/**
 * A read that takes no more rows a second than it may: while it waits, the source waits with it. Rows of a CSV stream are told by their
 * line ends; those within texts count, too. What DuckDB reads in place cannot be slowed down.
 */
export function throttle(
  read: ReadResult,
  rowsPerSecond: number,
  signal: AbortSignal,
  clock: Clock = WALL_CLOCK,
): ReadResult {
  if (read.kind === 'relation') return read;
  const waitFor = rowBudget(rowsPerSecond, clock.now);
  const wait = async (rows: number): Promise<void> => {
    const ms = waitFor(rows);
    if (ms > 1) await clock.pause(ms, signal);
  };
  if (read.kind === 'batches') return { ...read, batches: slowly(read.batches, wait) };
  const source = read.stream;
  const stream = new Transform({
    highWaterMark: 64 * 1024,
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      let lines = 0;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
      wait(lines).then(
        () => done(null, chunk),
        (error: Error) => done(error),
      );
    },
    destroy(error, done) {
      source.destroy();
      done(error);
    },
  });
  source.on('error', (error) => stream.destroy(error));
  return { ...read, stream: source.pipe(stream) };
}

async function* slowly(
  batches: AsyncIterable<unknown[][]>,
  wait: (rows: number) => Promise<void>,
): AsyncIterable<unknown[][]> {
  for await (const batch of batches) {
    yield batch;
    await wait(batch[0]?.length ?? 0);
  }
}
