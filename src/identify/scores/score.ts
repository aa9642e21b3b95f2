import type { Interval } from '../../profile/interval.ts';
import type { Score } from '../verdict.ts';

export const exactScore = (value: number, of?: number): Score => ({
  value,
  low: value,
  high: value,
  basis: 'exact',
  ...(of === undefined ? {} : { of }),
});

export const scoreOf = ({ value, low, high }: Interval, basis: 'estimate' | 'sample', of: number): Score => ({
  value,
  low: Math.min(low, value),
  high: Math.max(high, value),
  basis,
  of,
});

/** Nothing is known of it: it counts as 0 and could be anything up to `most`. */
export const unknownScore = (most: number): Score => ({ value: 0, low: 0, high: most, basis: 'estimate', of: 0 });
