/** `weird "name` → `"weird ""name"`. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
/** `it's` → `'it''s'`. A statement ends at U+0000, so that character is made by the statement. */
export const quoteText = (text: string): string => {
  const [first = '', ...rest] = text.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`);
  return rest.length === 0 ? first : `concat(${[first, ...rest].join(', chr(0), ')})`;
};
/** A power of two as an exact DOUBLE; JavaScript prints the shortest text that reads back to the same double. */
export const powerOfTwo = (exponent: number): string => `'${2 ** exponent}'::DOUBLE`;
