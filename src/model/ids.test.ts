import { expect, test } from 'vitest';
import { isUuid, newEntityId, writeEntityId } from './ids.ts';

/** The same, made as bytes. */
function writtenId(): string {
  const bytes = Buffer.alloc(18, 0xff);
  writeEntityId(bytes, 1);
  expect([bytes[0], bytes[17]]).toEqual([0xff, 0xff]);
  return bytes.toString('hex', 1, 17).replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

test('entity ids are UUIDs of version 7 that grow, also within a millisecond', () => {
  const before = Date.now();
  const ids = Array.from({ length: 100_000 }, (_, index) => (index % 3 === 0 ? newEntityId() : writtenId()));
  expect(ids).toEqual([...new Set(ids)].sort());
  for (const id of ids.slice(0, 1_000)) {
    expect(isUuid(id)).toBe(true);
    expect(id).toMatch(/^.{14}7.{4}[89ab]/);
  }
  const madeAt = Number.parseInt((ids[0] ?? '').replace('-', '').slice(0, 12), 16);
  expect(madeAt).toBeGreaterThanOrEqual(before);
  expect(madeAt).toBeLessThan(before + 60_000);
});
