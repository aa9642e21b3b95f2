import { canonicalText } from '../sketch/canonical-text.ts';
import type { Db } from '../store/database.ts';
import type { StoredMethod } from '../store/methods/read-methods.ts';
import { streamChunks } from '../store/methods/read-terms.ts';
import { unpackTerms } from './pack-terms.ts';

/** So many chunks are looked through at once: 2 million terms, half a second. */
const CHUNKS_LOOKED_AT = 512;

/** A place among the terms: a chunk, and how many of its terms come before. */
export type TermPlace = readonly [chunk: number, term: number];

/**
 * Terms that begin with a text, without regard to case, in the order they came.
 *
 * @returns `next`: where to go on; undefined at the end. There may be others behind a page that is not full
 */
export async function findByPrefix(
  db: Db,
  { termSet }: Pick<StoredMethod, 'termSet'>,
  prefix: string,
  [from, skipped]: TermPlace,
  size: number,
): Promise<{ terms: string[]; next?: TermPlace }> {
  const terms: string[] = [];
  if (termSet === null) return { terms };
  const wanted = prefix.trimStart().toLowerCase().normalize('NFC');
  let looked = 0;
  for await (const { place, bytes } of streamChunks(db, termSet, from)) {
    if (looked++ === CHUNKS_LOOKED_AT) return { terms, next: [place, 0] };
    for (const [i, term] of (await unpackTerms(bytes)).entries()) {
      if (place === from && i < skipped) continue;
      if (wanted !== '' && !canonicalText(term).startsWith(wanted)) continue;
      if (terms.length === size) return { terms, next: [place, i] };
      terms.push(term);
    }
  }
  return { terms };
}
