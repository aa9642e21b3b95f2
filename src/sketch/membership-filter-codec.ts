import type { MembershipFilter } from './membership-filter.ts';
import { HASH_KINDS, HEADER_BYTES, readHeader, SKETCH_KINDS, writeHeader } from './sketch.ts';

const FINGERPRINT_BITS = 8;
const HEADER = {
  kind: SKETCH_KINDS.membershipFilter,
  version: 1,
  precision: FINGERPRINT_BITS,
  hash: HASH_KINDS.choosingCanonicalText,
};
/** Header, then number of values, seed and segment length, 4 bytes each, little-endian. The fingerprints follow. */
export const FRONT_BYTES = HEADER_BYTES + 12;

export function toBytes({ values, seed, segmentLength, fingerprints }: MembershipFilter): Uint8Array {
  const bytes = new Uint8Array(FRONT_BYTES + fingerprints.length);
  writeHeader(bytes, HEADER);
  const view = new DataView(bytes.buffer);
  for (const [i, number] of [values, seed, segmentLength].entries()) view.setUint32(HEADER_BYTES + 4 * i, number, true);
  bytes.set(fingerprints, FRONT_BYTES);
  return bytes;
}

/** Throws RangeError for bytes of another kind, version, precision or hash, and for those that are cut off. */
export function fromBytes(bytes: Uint8Array): MembershipFilter {
  const header = readHeader(bytes);
  for (const key of ['kind', 'version', 'precision', 'hash'] as const) {
    if (header[key] !== HEADER[key])
      throw new RangeError(`membership filter: expected ${key} ${HEADER[key]}, received ${header[key]}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < FRONT_BYTES) throw new RangeError(`membership filter: ${bytes.length} bytes end within its front`);
  const [values = 0, seed = 0, segmentLength = 0] = [0, 1, 2].map((i) => view.getUint32(HEADER_BYTES + 4 * i, true));
  const fingerprints = bytes.slice(FRONT_BYTES);
  const segments = fingerprints.length / segmentLength;
  if (!Number.isInteger(segments) || segments < 3 || fingerprints.length < values)
    throw new RangeError(
      `membership filter: ${fingerprints.length} fingerprints are not three segments of ${segmentLength} and more for ${values} values`,
    );
  return { values, seed, segmentLength, fingerprints };
}
