import { describe, expect, it } from 'vitest';
import { repeats, rowLevel, SAMPLING, seenDistinct, valueLevel } from './sampling.ts';

describe('sampling', () => {
  it('takes every row of a small relation, and a bounded number of a large one', () => {
    expect(rowLevel(SAMPLING.smallRows, SAMPLING)).toBe(0);
    for (const rows of [SAMPLING.smallRows + 1, 1_000_000, 10_000_000, 123_456_789, 1e12]) {
      const taken = rows / 2 ** rowLevel(rows, SAMPLING);
      expect(taken).toBeGreaterThanOrEqual(SAMPLING.sampleRows);
      expect(taken).toBeLessThan(2 * SAMPLING.sampleRows);
    }
    expect(valueLevel(10, SAMPLING)).toBe(0);
    expect(valueLevel(10_000_000, SAMPLING)).toBe(9);
  });

  it('knows a unique column, a constant and one that repeats by a sample', () => {
    expect(seenDistinct({ distinct: 70_000, once: 70_000, twice: 0 }, 10_000_000)).toBe(10_000_000);
    expect(seenDistinct({ distinct: 1, once: 0, twice: 0 }, 10_000_000)).toBe(1);
    expect(seenDistinct({ distinct: 0, once: 0, twice: 0 }, 10)).toBe(0);
    expect(repeats(5_000, 10_000_000, SAMPLING)).toBe(true);
    expect(repeats(1_000_000, 10_000_000, SAMPLING)).toBe(false);
    expect(repeats(400_000, 600_000, SAMPLING)).toBe(false);
  });
});
