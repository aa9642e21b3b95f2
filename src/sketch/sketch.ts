/**
 * The sketch seam: a bounded, mergeable summary of a column's values. Structure and codec are two files; both are pure.
 *
 * Bytes begin with a header of 8: `A`, `S` (0x41 0x53), kind, format version, precision, kind of value hash, two zeroes.
 * Sketches with unlike headers refuse to merge. Bytes of every released version stay readable.
 *
 * Laws, tested for every kind: merging commutes, associates and is idempotent where the kind says so; a sketch of a split
 * merged is the sketch of the whole, byte for byte.
 */
export interface Sketch<Self> {
  /** Takes in one value by its 64-bit value hash. */
  add(hash: bigint): void;
  /** A new sketch of both. Throws RangeError when the headers differ. */
  merge(other: Self): Self;
  estimate(): number;
  toBytes(): Uint8Array;
}

export const SKETCH_KINDS = { distinctCounter: 1, valueSet: 2, membershipFilter: 3, chosenValues: 4 } as const;

/**
 * Bytes 8–15 of the MD5 digest, little-endian: 1 = of the exact text, 2 = of the canonical text. 3 = of the canonical text, the top half of the
 * choosing hash above the top half of the MD5. 4 = the choosing hash of the canonical text beside the MD5 of the exact one.
 */
export const HASH_KINDS = {
  md5ExactText: 1,
  md5CanonicalText: 2,
  choosingCanonicalText: 3,
  choosingAndExactText: 4,
} as const;

export const HEADER_BYTES = 8;

export interface SketchHeader {
  kind: number;
  version: number;
  precision: number;
  hash: number;
}

export function writeHeader(target: Uint8Array, header: SketchHeader): void {
  target.set([0x41, 0x53, header.kind, header.version, header.precision, header.hash, 0, 0]);
}

export function readHeader(bytes: Uint8Array): SketchHeader {
  const [a, s, kind, version, precision, hash] = bytes;
  if (bytes.length < HEADER_BYTES || a !== 0x41 || s !== 0x53)
    throw new RangeError('these bytes are not a sketch: the header is missing');
  return { kind: kind ?? 0, version: version ?? 0, precision: precision ?? 0, hash: hash ?? 0 };
}
