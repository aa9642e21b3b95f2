import { topOfChoosingHash } from './choosing-hash.ts';
import { HASH_KINDS, HEADER_BYTES, readHeader, SKETCH_KINDS, type SketchHeader, writeHeader } from './sketch.ts';
import { topOfHash } from './value-hash.ts';
import { HASH_BITS, MOST_HASHES, ValueSet } from './value-set.ts';

/** Version 1 differs in the hash alone. */
const VERSIONS: Record<number, number> = { [HASH_KINDS.md5CanonicalText]: 1, [HASH_KINDS.choosingCanonicalText]: 2 };
const headerOf = (hash: number): SketchHeader => ({
  kind: SKETCH_KINDS.valueSet,
  version: VERSIONS[hash] ?? 0,
  precision: HASH_BITS,
  hash,
});
/** Header, number of hashes (2 bytes, little-endian), 1 if others were left out, and the bits r that stand as they are. */
const FRONT_BYTES = HEADER_BYTES + 4;

/** The upper half of a kept hash chooses, the lower one tells apart what agrees in the upper. */
export const HALF_BITS = HASH_BITS / 2;

/**
 * The hash of a canonical text in a value set: the top 17 bits of its choosing hash, then the top 17 bits of its published value hash.
 * So what is kept can be chosen by the first alone, and few values need the second. The same as the SQL of the value set.
 */
export const valueSetHash = (canonical: string): number => joinHalves(canonical, topOfHash(canonical, HALF_BITS));

/** The same where the upper 32 bits of the value hash are known. */
export const valueSetHashOf = (canonical: string, high: number): number =>
  joinHalves(canonical, high >>> (32 - HALF_BITS));

const joinHalves = (canonical: string, lower: number): number =>
  topOfChoosingHash(canonical, HALF_BITS) * 2 ** HALF_BITS + lower;

/**
 * Differences between neighbours in Rice's code (R. F. Rice, 1979): the quotient by 2^r in ones and a zero, then r bits, lowest
 * first. With r from the mean of the differences, 2,560 hashes take at most 2^(34−22) + 2,560·23 bits: 7,884 bytes in all.
 */
export function toBytes(set: ValueSet): Uint8Array {
  const { hashes } = set;
  const rice = riceBits(hashes);
  const step = 2 ** rice;
  const bytes = new Uint8Array(FRONT_BYTES + Math.ceil(bitsOf(hashes, rice) / 8));
  writeHeader(bytes, headerOf(set.hash));
  bytes.set([hashes.length & 255, hashes.length >> 8, set.cut ? 1 : 0, rice], HEADER_BYTES);
  let bit = FRONT_BYTES * 8;
  let next = 0;
  for (let i = 0; i < hashes.length; i++) {
    const gap = (hashes[i] as number) - next;
    next += gap + 1;
    let ones = Math.floor(gap / step);
    for (; ones >= 16; ones -= 16, bit += 16) putBits(bytes, bit, 0xffff);
    putBits(bytes, bit, (1 << ones) - 1);
    bit += ones + 1;
    putBits(bytes, bit, gap & (2 ** Math.min(rice, 16) - 1));
    if (rice > 16) putBits(bytes, bit + 16, (gap >>> 16) & (2 ** (rice - 16) - 1));
    bit += rice;
  }
  return bytes;
}

function bitsOf(hashes: readonly number[], rice: number): number {
  const step = 2 ** rice;
  let bits = hashes.length * (1 + rice);
  for (let i = 0, next = 0; i < hashes.length; i++) {
    bits += Math.floor(((hashes[i] as number) - next) / step);
    next = (hashes[i] as number) + 1;
  }
  return bits;
}

/** Up to 16 bits, lowest first, where all are 0 yet. */
function putBits(bytes: Uint8Array, bit: number, value: number): void {
  let at = bit >> 3;
  for (let rest = value << (bit & 7); rest > 0; rest >>= 8) {
    bytes[at] = (bytes[at] as number) | rest;
    at += 1;
  }
}

/** Throws RangeError for bytes of another kind, version, precision or hash, and for bytes that `toBytes` would not have written. */
export function fromBytes(bytes: Uint8Array): ValueSet {
  const header = readHeader(bytes);
  const expected = headerOf(header.hash in VERSIONS ? header.hash : HASH_KINDS.choosingCanonicalText);
  for (const key of ['kind', 'hash', 'version', 'precision'] as const) {
    if (header[key] !== expected[key])
      throw new RangeError(`value set: expected ${key} ${expected[key]}, received ${header[key]}`);
  }
  const [low = 0, high = 0, cut = 0, rice = 0] = bytes.subarray(HEADER_BYTES, FRONT_BYTES);
  const count = low + 256 * high;
  if (count > MOST_HASHES || rice >= 32) throw new RangeError(`value set: ${count} hashes of ${rice} bits each`);
  const reader = new BitReader(bytes, FRONT_BYTES);
  const hashes = new Float64Array(count);
  const step = 2 ** rice;
  let next = 0;
  for (let i = 0; i < count; i++) {
    const gap =
      reader.ones() * step + (rice > 16 ? reader.bits(16) + reader.bits(rice - 16) * 65_536 : reader.bits(rice));
    hashes[i] = next + gap;
    next += gap + 1;
  }
  // All that could be written otherwise: r, which the hashes decide, the bits left over, and zeroes of the header.
  if (reader.short) throw new RangeError(`value set: ${bytes.length} bytes end within ${count} hashes`);
  if (cut > 1 || rice !== riceBits(hashes) || !reader.atEnd || bytes[6] !== 0 || bytes[7] !== 0)
    throw new RangeError('value set: these bytes are not in the one form it has');
  return new ValueSet(hashes, cut === 1, header.hash);
}

/** Bits of bytes, lowest first. Behind the end come zeroes, and `short` says so. */
class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #held = 0;
  #waiting = 0;
  short = false;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Nothing is left but zeroes of the last byte. */
  get atEnd(): boolean {
    return this.#at === this.#bytes.length && this.#waiting < 8 && this.#held === 0;
  }

  /** Up to 16 of them as a number. */
  bits(width: number): number {
    this.#fill();
    if (this.#waiting < width) this.short = true;
    const value = this.#held & ((1 << width) - 1);
    this.#held >>>= width;
    this.#waiting = Math.max(this.#waiting - width, 0);
    return value;
  }

  /** How many ones there are before the next zero, which is taken too. */
  ones(): number {
    for (let count = 0; ; ) {
      this.#fill();
      const zeroes = ~this.#held;
      const ones = zeroes === 0 ? 32 : 31 - Math.clz32(zeroes & -zeroes);
      if (ones < this.#waiting) {
        this.#held = ones === 31 ? 0 : this.#held >>> (ones + 1);
        this.#waiting -= ones + 1;
        return count + ones;
      }
      count += this.#waiting;
      this.#held = 0;
      this.#waiting = 0;
      if (this.#at < this.#bytes.length) continue;
      this.short = true;
      return count;
    }
  }

  #fill(): void {
    while (this.#waiting <= 24 && this.#at < this.#bytes.length) {
      this.#held |= (this.#bytes[this.#at++] as number) << this.#waiting;
      this.#waiting += 8;
    }
  }
}

/** The largest r with 2^r ≤ ln 2 · the mean difference: the best for differences that fall off geometrically. */
function riceBits(hashes: ArrayLike<number>): number {
  const mean = ((hashes[hashes.length - 1] ?? 0) + 1) / Math.max(hashes.length, 1);
  let rice = 0;
  while (2 ** (rice + 1) <= mean * Math.LN2 && rice < 31) rice++;
  return rice;
}

export const toBase64 = (set: ValueSet): string => Buffer.from(toBytes(set)).toString('base64');
export const fromBase64 = (text: string): ValueSet => fromBytes(Buffer.from(text, 'base64'));
