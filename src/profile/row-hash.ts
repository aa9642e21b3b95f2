/**
 * What DuckDB 1.5 calls `hash(row, seed)` of two whole numbers, as 16 hex digits; a test holds it to that. It chooses the rows to draw, of small
 * tables here and of large ones there. With `m(x) = x ^ x >> 32` after twice `x = (x ^ x >> 32) · K` it is `(m(row) ^ m(row) >> 32) · K ^ m(seed)`,
 * modulo 2⁶⁴.
 *
 * @param row from 0 to 2^31 − 1, as is the seed
 */
export function rowHash(row: number, seed: number): string {
  mix(seed);
  const [seedHigh, seedLow] = [high, low];
  mix(row);
  low ^= high;
  multiply();
  return hex(high ^ seedHigh) + hex(low ^ seedLow);
}

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');

const [K_HIGH, K_LOW] = [0xd6e8feb8 | 0, 0x6659fd93];

// The state, as two halves of 32 bits.
let high = 0;
let low = 0;

function mix(value: number): void {
  high = 0;
  low = value;
  multiply();
  low ^= high;
  multiply();
  low ^= high;
}

/** `state · K` modulo 2⁶⁴, by products of 16 bits each. */
function multiply(): void {
  const [a, b] = [low & 0xffff, low >>> 16];
  const [c, d] = [K_LOW & 0xffff, K_LOW >>> 16];
  const [ac, ad, bc] = [Math.imul(a, c), Math.imul(a, d), Math.imul(b, c)];
  const middle = (ac >>> 16) + (ad & 0xffff) + (bc & 0xffff);
  const carried = (Math.imul(b, d) + (ad >>> 16) + (bc >>> 16) + (middle >>> 16)) | 0;
  high = (carried + Math.imul(low, K_HIGH) + Math.imul(high, K_LOW)) | 0;
  low = (middle << 16) | (ac & 0xffff);
}
