import { choosingTop, putText } from './hash-block.ts';
import { K_HIGH, K_LOW, L_HIGH, L_LOW, multiply, SEED, state } from './multiply64.ts';

/**
 * The published hash that chooses values: 64 bits of the UTF-8 text. What DuckDB 1.5 calls `hash(VARCHAR)`, which a test holds it to, for
 * there a value costs 15 ns where its MD5 takes 130. It decides which values a sample holds; that two of them are the same is
 * for MD5 to say, for texts of 16 characters that differ in the 8th and the 16th alone may agree in all 64 bits. Part of the file
 * format: never changes.
 *
 * Blocks of 8 bytes, little-endian, the last one filled up with zeros: `h = (h ^ block) · K` from `h = 0xe17a1465 ^ length · L`; then twice
 * `h = (h ^ h >> 32) · K`, and `h ^ h >> 32`; all modulo 2⁶⁴.
 */
export function choosingHash(text: string): bigint {
  mix(text);
  return (BigInt(state.high >>> 0) << 32n) | BigInt(state.low >>> 0);
}

/** Its top bits as a number: 0 to 32 of them. */
export function topOfChoosingHash(text: string, bits: number): number {
  const length = putText(text);
  if (length < 0) mix(text);
  const top = length < 0 ? state.high : choosingTop(length);
  return bits === 0 ? 0 : top >>> (32 - bits);
}

let buffer = Buffer.alloc(256);

function mix(text: string): void {
  // No text takes more bytes of UTF-8 than three for each of its code units.
  if (text.length * 3 + 8 > buffer.length) buffer = Buffer.alloc(text.length * 3 + 8);
  const length = buffer.write(text, 'utf8');
  buffer.fill(0, length, length + 8);
  state.high = 0;
  state.low = length;
  multiply(L_HIGH, L_LOW);
  state.low ^= SEED;
  for (let at = 0; at < length; at += 8) {
    state.low ^= buffer.readInt32LE(at);
    state.high ^= buffer.readInt32LE(at + 4);
    multiply(K_HIGH, K_LOW);
  }
  for (let round = 0; round < 2; round++) {
    state.low ^= state.high;
    multiply(K_HIGH, K_LOW);
  }
  state.low ^= state.high;
}
