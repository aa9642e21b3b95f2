import { K_HIGH, K_LOW, multiply, state } from '../sketch/multiply64.ts';

/**
 * What DuckDB 1.5 calls `hash(row, seed)` of two whole numbers, as 16 hex digits; a test holds it to that. It chooses the rows to draw, of small
 * tables here and of large ones there. With `m(x) = x ^ x >> 32` after twice `x = (x ^ x >> 32) · K` it is `(m(row) ^ m(row) >> 32) · K ^ m(seed)`,
 * modulo 2⁶⁴.
 *
 * @param row from 0 to 2^31 − 1, as is the seed
 */
export function rowHash(row: number, seed: number): string {
  mix(seed);
  const [seedHigh, seedLow] = [state.high, state.low];
  mix(row);
  state.low ^= state.high;
  multiply(K_HIGH, K_LOW);
  return hex(state.high ^ seedHigh) + hex(state.low ^ seedLow);
}

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');

function mix(value: number): void {
  state.high = 0;
  state.low = value;
  multiply(K_HIGH, K_LOW);
  state.low ^= state.high;
  multiply(K_HIGH, K_LOW);
  state.low ^= state.high;
}
