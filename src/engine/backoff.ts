import type { ErrorKind } from '../errors/table.ts';

/**
 * Pause before the next try, in milliseconds: exponential with full jitter over the upper half ("equal jitter", see
 * M. Brooker, Exponential Backoff And Jitter, 2015). Sources get more time than our own processes.
 *
 * @param failures how often it failed so far, at least 1
 * @param random a number in [0, 1)
 */
export function backoffMs(kind: ErrorKind, failures: number, random: number): number {
  const baseMs = kind === 'source' ? 1_000 : 250;
  const capMs = kind === 'source' ? 60_000 : 10_000;
  const fullMs = Math.min(capMs, baseMs * 4 ** (failures - 1));
  return Math.round(fullMs / 2 + (random * fullMs) / 2);
}
