import { HASH_BITS } from '../sketch/value-set.ts';
import type { Db } from '../store/database.ts';
import type { StoredMethod } from '../store/methods/read-methods.ts';
import type { TermIndex } from './judge.ts';
import { streamHashes } from './read-dictionaries.ts';

/** A hash and the place of its dictionary are one number of 53 bits, so that sorting numbers sorts both. */
const PLACES = 2 ** (53 - HASH_BITS);
/** Hash space in so many parts: of 10 million terms each has ten. */
const PARTS = 2 ** 20;
const PART = 2 ** HASH_BITS / PARTS;

/** All terms of these dictionaries in one index, by their places: 8 bytes a term, a second for 10 million. */
export async function readIndex(db: Db, dictionaries: readonly StoredMethod[]): Promise<TermIndex> {
  const entries = new Float64Array(dictionaries.reduce((sum, { cardinality }) => sum + cardinality, 0));
  let count = 0;
  for await (const { dictionary, hashes } of streamHashes(db, dictionaries))
    for (const hash of hashes) entries[count++] = hash * PLACES + dictionary;
  entries.sort();
  const begins = new Uint32Array(PARTS + 1);
  for (const entry of entries) {
    const part = Math.floor(entry / PLACES / PART) + 1;
    begins[part] = (begins[part] as number) + 1;
  }
  for (let part = 0; part < PARTS; part++) begins[part + 1] = (begins[part + 1] as number) + (begins[part] as number);

  /** The first entry of a hash or of one behind it. */
  const find = (hash: number): number => {
    let at = begins[Math.floor(hash / PART)] as number;
    while (at < entries.length && (entries[at] as number) < hash * PLACES) at++;
    return at;
  };
  return {
    count(hashes) {
      const found = new Map<number, number>();
      for (const hash of hashes) {
        const end = (hash + 1) * PLACES;
        for (let at = find(hash); at < entries.length && (entries[at] as number) < end; at++) {
          const place = (entries[at] as number) % PLACES;
          found.set(place, (found.get(place) ?? 0) + 1);
        }
      }
      return found;
    },
    has(place, hash) {
      const wanted = hash * PLACES + place;
      let at = find(hash);
      while (at < entries.length && (entries[at] as number) < wanted) at++;
      return entries[at] === wanted;
    },
  };
}
