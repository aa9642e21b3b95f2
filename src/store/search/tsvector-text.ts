/**
 * Text of a tsvector of these words. A weight marks where they come from: A tags, B terms, C description, D name.
 *
 * @param room bytes that these words may take in the tsvector, of which PostgreSQL stores 1,048,575; what comes after is left out
 */
export function toVectorText(words: Iterable<string>, weight?: 'A' | 'B' | 'C' | 'D', room = Infinity): string {
  // Without a position there is no weight, and a position has but one.
  const suffix = weight === undefined ? '' : `:${'ABCD'.indexOf(weight) + 1}${weight}`;
  const taken: string[] = [];
  let left = room;
  for (const word of words) {
    left -= Buffer.byteLength(word) + WORD_OVERHEAD;
    if (left < 0) break;
    taken.push(quoteWord(word) + suffix);
  }
  return taken.join(' ');
}

/** Alignment, the number of positions, and up to four of them. */
const WORD_OVERHEAD = 12;

/** A word as tsvector and tsquery read it. */
export function quoteWord(word: string): string {
  return `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
