/** `weird "name` → `"weird ""name"`. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
/** `it's` → `'it''s'`. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
/** A power of two as an exact DOUBLE; JavaScript prints the shortest text that reads back to the same double. */
export const powerOfTwo = (exponent: number): string => `'${2 ** exponent}'::DOUBLE`;
