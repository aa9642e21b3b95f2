import { canonicalText } from './canonical-text.ts';
import { choosingTop, digest, md5, put, putCanonical } from './hash-block.ts';
import { HASH_BITS } from './value-set.ts';
import { valueSetHash } from './value-set-codec.ts';

/**
 * The hash of a term in a value set: `valueSetHash(canonicalText(term))`, to the bit. Of short ASCII texts, which nearly all terms are,
 * it is computed here in one go: 0.2 µs where those take 1 and more.
 *
 * @param high the upper 32 bits of the value hash of the term as it is, where they are known: nearly all are canonical as they are
 */
export function termHash(term: string, high?: number): number {
  const length = putCanonical(term);
  if (length < 0) return valueSetHash(canonicalText(term));
  const choosing = choosingTop(length) >>> SHIFT;
  if (high !== undefined && put.isSame) return choosing * 2 ** HALF + (high >>> SHIFT);
  md5(length);
  return choosing * 2 ** HALF + (digest.high >>> SHIFT);
}

const HALF = HASH_BITS / 2;
const SHIFT = 32 - HALF;
