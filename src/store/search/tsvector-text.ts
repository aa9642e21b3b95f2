/** Text of a tsvector of these words. A weight marks where they come from: A tags, B terms, C description, D name. */
export function toVectorText(words: readonly string[], weight?: 'A' | 'B' | 'C' | 'D'): string {
  // Without a position there is no weight; all of them may stand at the first.
  const suffix = weight === undefined ? '' : `:1${weight}`;
  return words.map((word) => quoteWord(word) + suffix).join(' ');
}

/** A word as tsvector and tsquery read it. */
export function quoteWord(word: string): string {
  return `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
