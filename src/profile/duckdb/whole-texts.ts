import accessors from '@duckdb/node-api/lib/vectors/dataAccessors.js';

/**
 * The driver decodes texts as those of a file, whose first U+FEFF is a byte order mark: a value that begins with one came without it, and was
 * shown as another value that the column may hold, too. So it gets a decoder that leaves all of them. A test holds it to that; of its own it has
 * no setting.
 */
export function keepWholeTexts(): void {
  Object.assign(accessors, { textDecoder: new TextDecoder('utf-8', { ignoreBOM: true }) });
}
