import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs } from './backoff.ts';

test('a pause lies between half and the whole of its step, and never beyond the cap', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (failures, random) => {
      const stepMs = Math.min(60_000, 1_000 * 4 ** (failures - 1));
      const pauseMs = backoffMs('source', failures, random);
      expect(pauseMs).toBeGreaterThanOrEqual(Math.floor(stepMs / 2));
      expect(pauseMs).toBeLessThanOrEqual(stepMs);
    }),
  );
});

test('our own processes are tried again sooner than a source', () => {
  expect(backoffMs('engine', 1, 0.5)).toBeLessThan(backoffMs('source', 1, 0.5));
});
