export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
/** A text as SQL spells it, whatever `standard_conforming_strings` says. */
export const quoteText = (text: string): string =>
  text.includes('\\') ? `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'` : `'${text.replaceAll("'", "''")}'`;
export const quotePath = (path: readonly string[]): string => path.map(quoteName).join('.');
