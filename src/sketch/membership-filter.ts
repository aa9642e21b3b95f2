import { HASH_BITS } from './value-set.ts';

/**
 * A binary fuse filter of 8-bit fingerprints in 3 places (T. M. Graf and D. Lemire, "Binary Fuse Filters: Fast and Smaller Than Xor
 * Filters", 2022): says of a value whether it is among those it was built from. Never no for one that is; yes for one that is not in
 * 1 of 256 cases. It cannot be added to or merged.
 *
 * Values are the hashes by which value sets know them, so that the set of one column can be looked up in the filter of another. Of each and a
 * seed three words are made, so that another seed gives other places. Segments are of any length (the paper has powers of two), which is what keeps small filters below 10 bits a value.
 * Arithmetic is of 32 bits, but for floor(w · n / 2³²), which is done in doubles. All of it is part of the format.
 */
export interface MembershipFilter {
  /** Different hashes of values. */
  values: number;
  seed: number;
  /** Fingerprints of a segment; a value has a place in each of three neighbouring segments. */
  segmentLength: number;
  fingerprints: Uint8Array;
}

/** Of other values it takes this share for its own: fingerprints have 8 bits, and hashes 34. */
export const falsePositivesOf = (values: number): number => 1 / 256 + (255 / 256) * (values / 2 ** HASH_BITS);

const HALF_BITS = HASH_BITS / 2;
const HALF = 2 ** HALF_BITS;

/**
 * The key of a value by its hash in a value set: the lower half of the hash, which is of MD5, above the upper one, which is less than random
 * for texts that were made to agree in it; then 30 zeros. It decides where a value lies.
 */
export const keyOfHash = (hash: number): bigint => BigInt((hash % HALF) * HALF + Math.floor(hash / HALF)) << 30n;

/** The same in SQL, of an expression `h`. */
export const KEY_SQL = `((h & ${HALF - 1}) << ${64 - HALF_BITS}) | ((h >> ${HALF_BITS}) << ${64 - HASH_BITS})`;

/** murmur3's last steps: a bijection of 32 bits in which each bit depends on all. */
export function mix(word: number): number {
  let w = word;
  w = Math.imul(w ^ (w >>> 16), 0x85ebca6b);
  w = Math.imul(w ^ (w >>> 13), 0xc2b2ae35);
  return (w ^ (w >>> 16)) >>> 0;
}

const GOLDEN_RATIO = 0x9e3779b9;

/** Where a value is looked for, and what has to be found there. One object for all values, for there are millions. */
export class Places {
  a = 0;
  b = 0;
  c = 0;
  fingerprint = 0;
  readonly #seeds: readonly [number, number, number];
  readonly #length: number;
  readonly #starts: number;

  constructor(seed: number, segmentLength: number, fingerprints: number) {
    const first = mix(seed + GOLDEN_RATIO);
    const second = mix(first + GOLDEN_RATIO);
    this.#seeds = [first, second, mix(second + GOLDEN_RATIO)];
    this.#length = segmentLength;
    this.#starts = fingerprints - 2 * segmentLength;
  }

  /**
   * Of the upper and the lower 32 bits of a key; different keys have different first and second words. Keys in their order start
   * in the order of their places, so that building goes through memory from one end to the other.
   */
  of(high: number, low: number): void {
    const [s0, s1, s2] = this.#seeds;
    const length = this.#length;
    const first = (high + s0) >>> 0;
    const second = (low ^ mix(first + s1)) >>> 0;
    const third = mix(first + Math.imul(second, 0x9e3779b1) + s2);
    this.a = Math.floor((first * this.#starts) / 2 ** 32);
    const next = (Math.floor(this.a / length) + 1) * length;
    this.b = next + Math.floor((second * length) / 2 ** 32);
    this.c = next + length + Math.floor((third * length) / 2 ** 32);
    this.fingerprint = third & 255;
  }
}

/** Whether a value may be among those of the filter, by its hash in a value set (`valueSetHash`). */
export function mayContain({ values, seed, segmentLength, fingerprints }: MembershipFilter, hash: number): boolean {
  if (values === 0) return false;
  const places = new Places(seed, segmentLength, fingerprints.length);
  const key = keyOfHash(hash);
  places.of(Number(key >> 32n), Number(key & 0xffffffffn));
  const at = (place: number): number => fingerprints[place] ?? 0;
  return places.fingerprint === (at(places.a) ^ at(places.b) ^ at(places.c));
}
