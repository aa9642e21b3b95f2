import { DistinctCounter, PRECISION, REGISTERS } from './distinct-counter.ts';
import { HASH_KINDS, HEADER_BYTES, readHeader, SKETCH_KINDS, writeHeader } from './sketch.ts';

const VERSION = 1;
const HEADER = {
  kind: SKETCH_KINDS.distinctCounter,
  version: VERSION,
  precision: PRECISION,
  hash: HASH_KINDS.md5ExactText,
};

/** Header, then one byte a register: 2,056 bytes. */
export function toBytes(counter: DistinctCounter): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + REGISTERS);
  writeHeader(bytes, HEADER);
  bytes.set(counter.registers, HEADER_BYTES);
  return bytes;
}

/** Throws RangeError for bytes of another kind, version, precision or hash. */
export function fromBytes(bytes: Uint8Array): DistinctCounter {
  const header = readHeader(bytes);
  for (const key of ['kind', 'version', 'precision', 'hash'] as const) {
    if (header[key] !== HEADER[key])
      throw new RangeError(`distinct counter: expected ${key} ${HEADER[key]}, received ${header[key]}`);
  }
  if (bytes.length !== HEADER_BYTES + REGISTERS) {
    throw new RangeError(`distinct counter: expected ${HEADER_BYTES + REGISTERS} bytes, received ${bytes.length}`);
  }
  return new DistinctCounter(Uint8Array.from(bytes.subarray(HEADER_BYTES)), toBytes);
}

export const emptyCounter = (): DistinctCounter => new DistinctCounter(new Uint8Array(REGISTERS), toBytes);

/** From the masks that SQL collected per bucket. */
export function registersFromMasks(masks: Iterable<[bucket: number, mask: bigint]>): DistinctCounter {
  const counter = emptyCounter();
  for (const [bucket, mask] of masks) counter.addMask(bucket, mask);
  return counter;
}

export const mergeCounters = (a: DistinctCounter, b: DistinctCounter): DistinctCounter => a.merge(b);
export const toBase64 = (counter: DistinctCounter): string => Buffer.from(toBytes(counter)).toString('base64');
export const fromBase64 = (text: string): DistinctCounter => fromBytes(Buffer.from(text, 'base64'));
