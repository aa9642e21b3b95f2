import { choosingTop, putText } from './hash-block.ts';

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
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}

/** Its top bits as a number: 0 to 32 of them. */
export function topOfChoosingHash(text: string, bits: number): number {
  const length = putText(text);
  if (length < 0) mix(text);
  const top = length < 0 ? high : choosingTop(length);
  return bits === 0 ? 0 : top >>> (32 - bits);
}

const [K_HIGH, K_LOW] = [0xd6e8feb8, 0x6659fd93];
const [L_HIGH, L_LOW] = [0xc6a4a793, 0x5bd1e995];
const SEED = 0xe17a1465;

let buffer = Buffer.alloc(256);
// The state, as two halves of 32 bits: a number holds no 64, and BigInt takes ten times as long.
let high = 0;
let low = 0;

function mix(text: string): void {
  // No text takes more bytes of UTF-8 than three for each of its code units.
  if (text.length * 3 + 8 > buffer.length) buffer = Buffer.alloc(text.length * 3 + 8);
  const length = buffer.write(text, 'utf8');
  buffer.fill(0, length, length + 8);
  high = 0;
  low = length;
  multiply(L_HIGH, L_LOW);
  low ^= SEED;
  for (let at = 0; at < length; at += 8) {
    low ^= buffer.readInt32LE(at);
    high ^= buffer.readInt32LE(at + 4);
    multiply(K_HIGH, K_LOW);
  }
  for (let round = 0; round < 2; round++) {
    low ^= high;
    multiply(K_HIGH, K_LOW);
  }
  low ^= high;
}

/** `state · factor` modulo 2⁶⁴, by products of 16 bits each, which doubles hold. */
function multiply(factorHigh: number, factorLow: number): void {
  const [a, b] = [low & 0xffff, low >>> 16];
  const [c, d] = [factorLow & 0xffff, factorLow >>> 16];
  const [ac, ad, bc] = [a * c, a * d, b * c];
  const middle = (ac >>> 16) + (ad & 0xffff) + (bc & 0xffff);
  const carried = b * d + (ad >>> 16) + (bc >>> 16) + (middle >>> 16);
  high = (carried + Math.imul(low, factorHigh) + Math.imul(high, factorLow)) | 0;
  low = (middle << 16) | (ac & 0xffff);
}
