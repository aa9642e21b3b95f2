import { CHOICE_BITS, type ChosenValue, ChosenValues, MOST_CHOSEN, NAME_BITS } from './chosen-values.ts';
import { HASH_KINDS, HEADER_BYTES, readHeader, SKETCH_KINDS, writeHeader } from './sketch.ts';

const HEADER = {
  kind: SKETCH_KINDS.chosenValues,
  version: 1,
  precision: CHOICE_BITS,
  hash: HASH_KINDS.choosingAndExactText,
};
const NAME_BYTES = NAME_BITS / 8;

/**
 * Header and level; then each value: what its choosing hash is above that of the one before, its name (3 bytes, little-endian) and its
 * count, numbers with 7 bits to a byte, lowest first, the eighth saying that more follow. Nine bytes a value, so 150 KB at most
 * for counts below 128.
 */
export function toBytes(sample: ChosenValues): Uint8Array {
  const bytes: number[] = [];
  const put = (number: number): void => {
    let left = number;
    for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
    bytes.push(left);
  };
  let before = 0;
  for (const { choice, name, count } of sample.values) {
    put(choice - before);
    before = choice;
    for (let at = 0; at < NAME_BYTES; at++) bytes.push((name >>> (8 * at)) & 255);
    put(count);
  }
  const all = new Uint8Array(HEADER_BYTES + 1 + bytes.length);
  writeHeader(all, HEADER);
  all[HEADER_BYTES] = sample.level;
  all.set(bytes, HEADER_BYTES + 1);
  return all;
}

/** Throws RangeError for bytes of another kind, version, precision or hash, and for bytes that `toBytes` would not have written. */
export function fromBytes(bytes: Uint8Array): ChosenValues {
  const header = readHeader(bytes);
  for (const key of ['kind', 'version', 'precision', 'hash'] as const) {
    if (header[key] !== HEADER[key])
      throw new RangeError(`chosen values: expected ${key} ${HEADER[key]}, received ${header[key]}`);
  }
  let at = HEADER_BYTES + 1;
  const take = (): number => {
    let number = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError(`chosen values: ${bytes.length} bytes end within a value`);
      number += (byte % 128) * scale;
      if (byte < 128) return number;
      if (scale > 2 ** 49) throw new RangeError('chosen values: a number has more bytes than there are');
    }
  };
  const values: ChosenValue[] = [];
  let before = 0;
  while (at < bytes.length) {
    const choice = before + take();
    before = choice;
    let name = 0;
    for (let i = 0; i < NAME_BYTES; i++) name += (bytes[at++] ?? 0) * 256 ** i;
    values.push({ choice, name, count: take() });
  }
  if (values.length > MOST_CHOSEN)
    throw new RangeError(`chosen values: expected at most ${MOST_CHOSEN}, received ${values.length}`);
  const sample = new ChosenValues(values, bytes[HEADER_BYTES] ?? 0);
  if (Buffer.compare(toBytes(sample), bytes) !== 0)
    throw new RangeError('chosen values: these bytes are not in the one form they have');
  return sample;
}

export const toBase64 = (sample: ChosenValues): string => Buffer.from(toBytes(sample)).toString('base64');
export const fromBase64 = (text: string): ChosenValues => fromBytes(Buffer.from(text, 'base64'));
