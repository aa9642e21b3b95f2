import { describe, expect, it } from 'vitest';
import { planParts, WHOLE_KEY } from './plan.ts';

const cut = (key: string, rows?: number) => ({ key, spec: {}, rows });

describe('planning the parts of a table', () => {
  it('leaves a table whole that is not cut, cut once, or read in part', () => {
    const whole = [{ key: WHOLE_KEY, partition: null, weight: 1 }];
    expect(planParts(null)).toEqual(whole);
    expect(planParts([cut('0')])).toEqual(whole);
    expect(planParts([cut('0'), cut('1')], { limit: 10 })).toEqual(whole);
  });

  it('gives the parts in the order of their keys, each with its share', () => {
    expect(planParts([cut('1', 300), cut('0', 100)]).map(({ key, weight }) => [key, weight])).toEqual([
      ['0', 0.25],
      ['1', 0.75],
    ]);
    expect(planParts([cut('a'), cut('b')]).map(({ weight }) => weight)).toEqual([0.5, 0.5]);
  });

  it('refuses two cuts with one key', () => {
    expect(() => planParts([cut('0'), cut('0')])).toThrow(RangeError);
  });
});
