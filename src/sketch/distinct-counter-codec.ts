import { DistinctCounter, PRECISION, REGISTERS } from './distinct-counter.ts';
import { HASH_KINDS, HEADER_BYTES, readHeader, SKETCH_KINDS, writeHeader } from './sketch.ts';

const HEADER = {
  kind: SKETCH_KINDS.distinctCounter,
  precision: PRECISION,
  hash: HASH_KINDS.md5ExactText,
};

/** Version 1: header, then one byte a register. */
const BYTES_OF_1 = HEADER_BYTES + REGISTERS;

/**
 * Version 2: header, the rank from which registers count, 7 bits for each register, lowest bit first, and a byte for each that does
 * not fit into them. The registers of any number of hashes span 20 ranks or so, and 31 fit: 1,801 bytes, all but for ever.
 */
const PACKED = HEADER_BYTES + 1;
const PACKED_END = PACKED + (REGISTERS * 7) / 8;
/** Says that the register stands behind the others. */
const ESCAPE = 127;
const MOST_BYTES = 2048;

/** At most 2,048 bytes in version 2; registers that no hashes leave, too wide apart for it, are written in version 1. */
export function toBytes(counter: DistinctCounter): Uint8Array {
  const { registers } = counter;
  let least = 255;
  for (let i = 0; i < REGISTERS; i++) if ((registers[i] as number) < least) least = registers[i] as number;
  const base = least >> 2;
  const from = 4 * base;
  const escaped: number[] = [];
  for (let i = 0; i < REGISTERS; i++) {
    const register = registers[i] as number;
    if (register - from >= ESCAPE) escaped.push(register);
  }
  if (PACKED_END + escaped.length > MOST_BYTES) {
    const bytes = new Uint8Array(BYTES_OF_1);
    writeHeader(bytes, { ...HEADER, version: 1 });
    bytes.set(registers, HEADER_BYTES);
    return bytes;
  }
  const bytes = new Uint8Array(PACKED_END + escaped.length);
  writeHeader(bytes, { ...HEADER, version: 2 });
  bytes[HEADER_BYTES] = base;
  // Eight registers fill seven bytes: two halves of 28 bits.
  for (let i = 0, at = PACKED; i < REGISTERS; i += 8, at += 7) {
    const low = fourOf(registers, i, from);
    const high = fourOf(registers, i + 4, from);
    if ((low | high) === 0) continue;
    bytes[at] = low;
    bytes[at + 1] = low >> 8;
    bytes[at + 2] = low >> 16;
    bytes[at + 3] = (low >> 24) | (high << 4);
    bytes[at + 4] = high >> 4;
    bytes[at + 5] = high >> 12;
    bytes[at + 6] = high >> 20;
  }
  bytes.set(escaped, PACKED_END);
  return bytes;
}

function fourOf(registers: Uint8Array, at: number, from: number): number {
  let four = 0;
  for (let k = 0; k < 4; k++) four |= Math.min((registers[at + k] as number) - from, ESCAPE) << (7 * k);
  return four;
}

/** Throws RangeError for bytes of another kind, precision or hash, or of a version that is not known. */
export function fromBytes(bytes: Uint8Array): DistinctCounter {
  const header = readHeader(bytes);
  for (const key of ['kind', 'precision', 'hash'] as const) {
    if (header[key] !== HEADER[key])
      throw new RangeError(`distinct counter: expected ${key} ${HEADER[key]}, received ${header[key]}`);
  }
  if (header.version !== 1 && header.version !== 2)
    throw new RangeError(`distinct counter: expected version 1 or 2, received ${header.version}`);
  return new DistinctCounter(header.version === 1 ? readPlain(bytes) : readPacked(bytes), toBytes);
}

function readPlain(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== BYTES_OF_1)
    throw new RangeError(`distinct counter: expected ${BYTES_OF_1} bytes, received ${bytes.length}`);
  return Uint8Array.from(bytes.subarray(HEADER_BYTES));
}

function readPacked(bytes: Uint8Array): Uint8Array {
  const base = bytes[HEADER_BYTES] ?? 0;
  const registers = new Uint8Array(REGISTERS);
  let next = PACKED_END;
  for (let i = 0; i < REGISTERS; i++) {
    const at = PACKED + ((i * 7) >> 3);
    const packed = (((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)) >> ((i * 7) & 7)) & ESCAPE;
    registers[i] = packed === ESCAPE ? (bytes[next++] ?? 0) : packed + 4 * base;
  }
  if (bytes.length !== next) throw new RangeError(`distinct counter: expected ${next} bytes, received ${bytes.length}`);
  return registers;
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
