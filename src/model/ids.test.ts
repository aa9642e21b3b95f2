import { expect, test } from 'vitest';
import { isUuid, newEntityId } from './ids.ts';

test('entity ids are UUIDs of version 7 that grow, also within a millisecond', () => {
  const before = Date.now();
  const ids = Array.from({ length: 100_000 }, newEntityId);
  expect(ids).toEqual([...new Set(ids)].sort());
  for (const id of ids.slice(0, 1_000)) {
    expect(isUuid(id)).toBe(true);
    expect(id).toMatch(/^.{14}7.{4}[89ab]/);
  }
  const madeAt = Number.parseInt((ids[0] ?? '').replace('-', '').slice(0, 12), 16);
  expect(madeAt).toBeGreaterThanOrEqual(before);
  expect(madeAt).toBeLessThan(before + 60_000);
});
