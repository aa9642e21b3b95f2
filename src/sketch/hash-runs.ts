import { HASH_BITS } from './value-set.ts';

/** So many hashes are in a run at most: 32 kB of a dictionary of 10 million terms, whose hashes lie 1,700 apart. */
export const RUN_LENGTH = 16_384;

/**
 * Ascending value-set hashes of a dictionary, each once, as bytes: the difference to the one before (of the first: to 0) in groups of seven bits, the lowest
 * first, with the eighth bit where more follow (LEB128). Part of the file format: never changes.
 *
 * @throws RangeError for hashes that do not ascend
 */
export function packRun(hashes: ArrayLike<number>): Buffer {
  const bytes = Buffer.allocUnsafe(hashes.length * Math.ceil(HASH_BITS / 7));
  let at = 0;
  let before = -1;
  for (let i = 0; i < hashes.length; i++) {
    const hash = hashes[i] as number;
    if (!(hash > before)) throw new RangeError(`expected ascending hashes, received ${hash} after ${before}`);
    at = putNumber(bytes, at, i === 0 ? hash : hash - before);
    before = hash;
  }
  return bytes.subarray(0, at);
}

/** @throws RangeError when the bytes do not hold just so many hashes */
export function unpackRun(bytes: Uint8Array, count: number): Float64Array {
  const hashes = new Float64Array(count);
  let at = 0;
  let hash = 0;
  for (let i = 0; i < count; i++) {
    let byte = bytes[at++] ?? wrongLength(bytes, count);
    let gap = byte & 127;
    for (let scale = 128; byte > 127; scale *= 128) {
      byte = bytes[at++] ?? wrongLength(bytes, count);
      gap += (byte & 127) * scale;
    }
    hash += gap;
    hashes[i] = hash;
  }
  if (at !== bytes.length) wrongLength(bytes, count);
  return hashes;
}

/** Small whole numbers in any order, in the same groups of seven bits. */
export function packNumbers(numbers: ArrayLike<number>): Buffer {
  const bytes = Buffer.allocUnsafe(numbers.length * 8);
  let at = 0;
  for (let i = 0; i < numbers.length; i++) at = putNumber(bytes, at, numbers[i] as number);
  return bytes.subarray(0, at);
}

/** @throws RangeError when the bytes do not hold just so many numbers */
export function unpackNumbers(bytes: Uint8Array, count: number): Float64Array {
  const sums = unpackRun(bytes, count);
  for (let i = count - 1; i > 0; i--) sums[i] = (sums[i] as number) - (sums[i - 1] as number);
  return sums;
}

function putNumber(bytes: Buffer, from: number, number: number): number {
  let at = from;
  let rest = number;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes[at++] = (rest % 128) | 128;
  bytes[at++] = rest;
  return at;
}

function wrongLength(bytes: Uint8Array, count: number): never {
  throw new RangeError(`hashes of terms: ${bytes.length} bytes are not those of ${count} numbers`);
}
