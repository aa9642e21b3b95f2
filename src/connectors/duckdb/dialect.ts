/** `"` doubled, as the SQL standard and DuckDB want it. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text literal: `'` doubled. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A table or view of the attached file. */
export const tableName = (schema: string, table: string): string => `src.${quoteName(schema)}.${quoteName(table)}`;

/** DuckDB shows where in our statement it stumbled. */
export const withoutStatement = (message: string): string => message.split(/\s+LINE \d+:/)[0] ?? '';
