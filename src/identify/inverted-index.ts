import { HASH_BITS } from '../sketch/value-set.ts';

/** Hashes of one dictionary, ascending, each once, and larger than those of the runs of it that came before. */
export interface HashRun {
  /** A number below that of the dictionaries. */
  dictionary: number;
  hashes: ArrayLike<number>;
}

/** How many of a column's hashes are in a dictionary. */
export interface Found {
  dictionary: number;
  found: number;
}

/** A dictionary's number and the lower bits of a hash are one entry of 32 bits. */
const NUMBER_BITS = 16;
export const MOST_DICTIONARIES = 2 ** NUMBER_BITS;
const REST_BITS = 32 - NUMBER_BITS;
const LEAST_BUCKET_BITS = HASH_BITS - REST_BITS;
const MOST_BUCKET_BITS = 22;

/**
 * All dictionaries together, from hash to dictionary: a column is looked up once, however many there are. The upper bits of a hash
 * are the number of its bucket, of which there are about as many as hashes; an entry is its lower bits and the dictionary. 10
 * million hashes take 40 MB for their entries and 32 MB for the buckets, and nothing else once it is built.
 */
export class InvertedIndex {
  readonly dictionaries: number;
  readonly entries: number;
  readonly #starts: Uint32Array;
  readonly #entries: Uint32Array;
  readonly #span: number;
  readonly #counts: Uint32Array;
  #scratch = scratchOf(4_096);

  /** Use {@link buildInvertedIndex}. `starts` has one more than there are buckets. */
  constructor(dictionaries: number, starts: Uint32Array, entries: Uint32Array) {
    this.dictionaries = dictionaries;
    this.entries = entries.length;
    this.#starts = starts;
    this.#entries = entries;
    this.#span = 2 ** HASH_BITS / (starts.length - 1);
    this.#counts = new Uint32Array(dictionaries);
  }

  /**
   * The dictionaries that hold any of the hashes, most first and equals in the order of their numbers. Costs a look for each hash
   * and one for each place it is found in; nothing for the other dictionaries.
   *
   * @param hashes of one value set (`HASH_KINDS.choosingCanonicalText`), each once; ascending is fastest
   * @param least leaves out dictionaries in which fewer are found
   */
  lookUp(hashes: ArrayLike<number>, least = 1): Found[] {
    const [starts, entries, counts, n] = [this.#starts, this.#entries, this.#counts, hashes.length];
    const [span, perSpan] = [this.#span, 1 / this.#span];
    const { own, rests, from, to } = this.#take(hashes);
    const touched: number[] = [];
    // First all buckets, then all entries: no look waits for the one before, and memory answers several at once.
    for (let i = 0; i < n; i++) {
      const hash = own[i] as number;
      const bucket = (hash * perSpan) | 0;
      rests[i] = hash - bucket * span;
      from[i] = starts[bucket] as number;
      to[i] = starts[bucket + 1] as number;
    }
    for (let i = 0; i < n; i++) {
      const [rest, end] = [rests[i] as number, to[i] as number];
      for (let at = from[i] as number; at < end; at++) {
        const entry = entries[at] as number;
        if (entry >>> NUMBER_BITS !== rest) continue;
        const dictionary = entry & (MOST_DICTIONARIES - 1);
        const count = counts[dictionary] as number;
        counts[dictionary] = count + 1;
        if (count === 0) touched.push(dictionary);
      }
    }
    // Most first, and equals by their number, as numbers: comparing objects took a sixth of the time.
    const keys = new Float64Array(touched.length);
    for (const [i, dictionary] of touched.entries()) {
      keys[i] = MOST_DICTIONARIES * (counts[dictionary] as number) + (MOST_DICTIONARIES - 1 - dictionary);
      counts[dictionary] = 0;
    }
    keys.sort();
    const found: Found[] = [];
    for (let i = keys.length - 1; i >= 0; i--) {
      const key = keys[i] as number;
      const count = Math.floor(key / MOST_DICTIONARIES);
      if (count < least) break;
      found.push({ dictionary: MOST_DICTIONARIES - 1 - (key - count * MOST_DICTIONARIES), found: count });
    }
    return found;
  }

  /** Those of the hashes that one dictionary holds, in their order. */
  foundIn(dictionary: number, hashes: ArrayLike<number>): number[] {
    return Array.from(hashes).filter((hash) => this.has(dictionary, hash));
  }

  has(dictionary: number, hash: number): boolean {
    const bucket = Math.floor(hash / this.#span);
    const wanted = (((hash - bucket * this.#span) << NUMBER_BITS) | dictionary) >>> 0;
    for (let at = this.#starts[bucket] ?? 0; at < (this.#starts[bucket + 1] ?? 0); at++)
      if (this.#entries[at] === wanted) return true;
    return false;
  }

  #take(hashes: ArrayLike<number>): Scratch {
    if (this.#scratch.own.length < hashes.length) this.#scratch = scratchOf(hashes.length * 2);
    this.#scratch.own.set(hashes);
    return this.#scratch;
  }
}

/** The hashes of the column that is looked up, whatever form they came in, and where they would be. */
interface Scratch {
  own: Float64Array;
  rests: Uint32Array;
  from: Uint32Array;
  to: Uint32Array;
}
const scratchOf = (length: number): Scratch => ({
  own: new Float64Array(length),
  rests: new Uint32Array(length),
  from: new Uint32Array(length),
  to: new Uint32Array(length),
});

/**
 * Puts the hashes of dictionaries in order. While it is built all of them are held at 8 bytes each, besides what the index takes.
 *
 * @param dictionaries how many there are, those without terms among them
 * @throws RangeError for more than 65,536 dictionaries, and for runs that are not ascending
 */
export async function buildInvertedIndex(
  runs: AsyncIterable<HashRun> | Iterable<HashRun>,
  dictionaries: number,
): Promise<InvertedIndex> {
  if (dictionaries > MOST_DICTIONARIES)
    throw new RangeError(`received ${dictionaries} dictionaries, expected ${MOST_DICTIONARIES} at most in one index`);
  const held: { dictionary: number; hashes: Float64Array }[] = [];
  const last = new Float64Array(dictionaries).fill(-1);
  let total = 0;
  for await (const { dictionary, hashes } of runs) {
    if (!(dictionary >= 0 && dictionary < dictionaries))
      throw new RangeError(`received hashes of dictionary ${dictionary}, expected one below ${dictionaries}`);
    const own = hashes instanceof Float64Array ? hashes : Float64Array.from(hashes);
    last[dictionary] = mustAscend(own, dictionary, last[dictionary] as number);
    total += own.length;
    held.push({ dictionary, hashes: own });
  }
  const bits = Math.min(Math.max(Math.ceil(Math.log2(total + 1)), LEAST_BUCKET_BITS), MOST_BUCKET_BITS);
  const span = 2 ** (HASH_BITS - bits);
  const starts = new Uint32Array(2 ** bits + 1);
  for (const { hashes } of held)
    for (let i = 0; i < hashes.length; i++) add(starts, ((hashes[i] as number) / span + 1) | 0, 1);
  for (let bucket = 1; bucket < starts.length; bucket++) add(starts, bucket, starts[bucket - 1] as number);
  const entries = new Uint32Array(total);
  // Filled from its end down, so that each start ends up where it belongs.
  const next = starts.subarray(1);
  const ends = Uint32Array.from(next);
  for (const { dictionary, hashes } of held) {
    for (let i = 0; i < hashes.length; i++) {
      const hash = hashes[i] as number;
      const bucket = (hash / span) | 0;
      entries[add(ends, bucket, -1)] = (hash - bucket * span) * MOST_DICTIONARIES + dictionary;
    }
  }
  return new InvertedIndex(dictionaries, starts, entries);
}

function add(numbers: Uint32Array, at: number, by: number): number {
  const sum = (numbers[at] as number) + by;
  numbers[at] = sum;
  return sum;
}

/** The last of the hashes. */
function mustAscend(hashes: Float64Array, dictionary: number, before: number): number {
  let last = before;
  for (let i = 0; i < hashes.length; i++) {
    const hash = hashes[i] as number;
    if (!(hash > last && hash < 2 ** HASH_BITS && Number.isInteger(hash)))
      throw new RangeError(
        `dictionary ${dictionary}: received the hash ${hash} behind ${last}, expected whole numbers that ascend below 2^${HASH_BITS}`,
      );
    last = hash;
  }
  return last;
}
