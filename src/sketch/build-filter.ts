import { type MembershipFilter, Places } from './membership-filter.ts';
import { FRONT_BYTES } from './membership-filter-codec.ts';

/** From so many values on a filter takes at most 10 bits for each, front and all. Fewer are in a value set, every one of them. */
export const FEWEST_VALUES = 2_561;
const MOST_BITS = 10;
const mostBytesOf = (values: number): number => Math.floor((values * MOST_BITS) / 8);

/** What a filter of so many different values takes. */
export function bytesOfFilter(values: number): number {
  const { segmentLength, segments } = layOut(values);
  return FRONT_BYTES + segmentLength * segments;
}

/** Small filters come to be with one seed in 6, those of 10,000 values and more with nearly each: keys that 20 cannot place are not random. */
const mostSeeds = (values: number): number => (values < 10_000 ? 1_000 : 20);

/** Index of the lower 32 bits of a 64-bit number, where its bytes lie as this machine lays them. */
const LOW = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 0 : 1;

/**
 * A filter of the values with these keys (`keyOfHash`), which are sorted in place, and may be there several times. The same keys give the
 * same bytes. Beside them it takes 11 bytes a value: 10 million take 190 MB in all.
 */
export function buildFilter(keysOfValues: BigUint64Array): MembershipFilter {
  const values = sortOut(keysOfValues);
  const words = new Uint32Array(keysOfValues.buffer, keysOfValues.byteOffset, values * 2);
  if (values === 0) return { values, seed: 0, segmentLength: 1, fingerprints: new Uint8Array(3) };
  const { segmentLength, segments } = layOut(values);
  const length = segmentLength * segments;
  const counts = new Uint8Array(length);
  const keys = new Uint32Array(length);
  const order = new Uint32Array(values);
  for (let seed = 0; seed < mostSeeds(values); seed++) {
    const places = new Places(seed, segmentLength, length);
    if (peel(words, places, counts, keys, order))
      return { values, seed, segmentLength, fingerprints: assign(words, places, keys, order) };
    counts.fill(0);
    keys.fill(0);
  }
  throw new RangeError(`no seed below ${mostSeeds(values)} gives a filter of ${values} values`);
}

/** Each once, ascending, at the front. @returns how many */
function sortOut(all: BigUint64Array): number {
  all.sort();
  let count = 0;
  for (let i = 0; i < all.length; i++) {
    if (i > 0 && all[i] === all[count - 1]) continue;
    all[count++] = all[i] as bigint;
  }
  return count;
}

/**
 * Segments of about a third of the length that the paper has: tried with 2,561 to 1,000,000 values, longer ones fail more often where the
 * filter is as small as this, for it has few of them.
 */
function layOut(values: number): { segmentLength: number; segments: number } {
  const wanted =
    values < FEWEST_VALUES
      ? Math.ceil(values * 1.25) + 32
      : Math.min(
          mostBytesOf(values) - FRONT_BYTES,
          values < 30_000
            ? Number.POSITIVE_INFINITY
            : Math.ceil(values * Math.max(1.125, 0.875 + (0.25 * Math.log(1e6)) / Math.log(values))),
        );
  const usual = 0.35 * 2 ** (Math.log(Math.max(values, 2)) / Math.log(3.33) + 2.25);
  const segments = Math.max(3, Math.round(wanted / usual));
  return { segments, segmentLength: Math.max(1, Math.floor(wanted / segments)) };
}

/**
 * Takes away again and again a value that is alone in one of its places: `order` has these places, and `keys` keeps the value that was
 * alone there. False where values are left that are nowhere alone.
 */
function peel(words: Uint32Array, places: Places, counts: Uint8Array, keys: Uint32Array, order: Uint32Array): boolean {
  const put = (place: number, key: number): void => {
    counts[place] = (counts[place] ?? 0) + 1;
    keys[place] = (keys[place] ?? 0) ^ key;
  };
  for (let key = 0; key < order.length; key++) {
    find(words, places, key);
    put(places.a, key);
    put(places.b, key);
    put(places.c, key);
  }
  let taken = 0;
  const waiting: number[] = [];
  const take = (place: number, key: number): void => {
    const count = (counts[place] ?? 0) - 1;
    counts[place] = count;
    if (count === 0) return;
    keys[place] = (keys[place] ?? 0) ^ key;
    if (count === 1) waiting.push(place);
  };
  for (let start = 0; start < counts.length; start++) {
    waiting.push(start);
    for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
      if (counts[place] !== 1) continue;
      const key = keys[place] ?? 0;
      order[taken++] = place;
      find(words, places, key);
      take(places.a, key);
      take(places.b, key);
      take(places.c, key);
    }
  }
  return taken === order.length;
}

/** In the opposite order each value finds the place where it was alone still free. */
function assign(words: Uint32Array, places: Places, keys: Uint32Array, order: Uint32Array): Uint8Array {
  const fingerprints = new Uint8Array(keys.length);
  for (let i = order.length - 1; i >= 0; i--) {
    const place = order[i] ?? 0;
    find(words, places, keys[place] ?? 0);
    const at = (other: number): number => (other === place ? 0 : (fingerprints[other] ?? 0));
    fingerprints[place] = places.fingerprint ^ at(places.a) ^ at(places.b) ^ at(places.c);
  }
  return fingerprints;
}

function find(words: Uint32Array, places: Places, key: number): void {
  places.of(words[2 * key + 1 - LOW] ?? 0, words[2 * key + LOW] ?? 0);
}
