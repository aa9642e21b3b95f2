import { setImmediate } from 'node:timers/promises';
import { packNumbers, packRun, RUN_LENGTH } from '../sketch/hash-runs.ts';
import { HASH_BITS } from '../sketch/value-set.ts';
import type { NewRun } from '../store/methods/write-terms.ts';

/** A hash and the place of its chunk are one number of 53 bits, so that sorting numbers sorts both. */
const PLACE_SCALE = 2 ** (53 - HASH_BITS);
/** Chunks of a dictionary at most. */
export const MOST_CHUNKS = PLACE_SCALE;

/** By the top 8 bits: of 10 million hashes each bucket has 40,000, which take 4 ms to sort. */
const BUCKETS = 256;
const BUCKET_SPAN = 2 ** HASH_BITS / BUCKETS;
const FIRST_CAPACITY = 16;

/**
 * Hashes of the terms of a dictionary while it is built: 8 bytes a term, and half as much again while they grow. Sorted a bucket at a
 * time, so that nothing else has to wait for long.
 */
export class TermHashes {
  readonly #buckets = Array.from({ length: BUCKETS }, () => new Float64Array(FIRST_CAPACITY));
  readonly #counts = new Uint32Array(BUCKETS);

  /** @param place of the chunk that holds the text, below {@link MOST_CHUNKS} */
  add(hash: number, place: number): void {
    const at = Math.floor(hash / BUCKET_SPAN);
    const count = this.#counts[at] as number;
    let bucket = this.#buckets[at] as Float64Array;
    if (count === bucket.length) {
      const larger = new Float64Array(Math.ceil(count * 1.5));
      larger.set(bucket);
      this.#buckets[at] = larger;
      bucket = larger;
    }
    bucket[count] = hash * PLACE_SCALE + place;
    this.#counts[at] = count + 1;
  }

  /** All hashes ascending, each once, with the first chunk that has its text. Empties the buckets as it goes. */
  async *runs(): AsyncGenerator<NewRun> {
    const hashes = new Float64Array(RUN_LENGTH);
    const places = new Float64Array(RUN_LENGTH);
    let count = 0;
    let before = -1;
    for (const [at, bucket] of this.#buckets.entries()) {
      const keys = bucket.subarray(0, this.#counts[at]).sort();
      this.#buckets[at] = new Float64Array(0);
      for (const key of keys) {
        const hash = Math.floor(key / PLACE_SCALE);
        if (hash === before) continue;
        before = hash;
        hashes[count] = hash;
        places[count] = key - hash * PLACE_SCALE;
        if (++count < RUN_LENGTH) continue;
        yield toRun(hashes, places);
        count = 0;
      }
      if (keys.length > 1_000) await setImmediate();
    }
    if (count > 0) yield toRun(hashes.subarray(0, count), places.subarray(0, count));
  }
}

const toRun = (hashes: Float64Array, places: Float64Array): NewRun => ({
  first: hashes[0] as number,
  last: hashes.at(-1) as number,
  count: hashes.length,
  hashes: packRun(hashes),
  chunks: packNumbers(places),
});
