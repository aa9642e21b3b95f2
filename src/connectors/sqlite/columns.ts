import { AssayError } from '../../errors/assay-error.ts';

type Database = import('node:sqlite').DatabaseSync;

/** A column and the type that it was declared with, in the words of the table. */
export interface Declared {
  name: string;
  type: string;
}

/**
 * In the order of `wanted`, or of the table.
 *
 * @throws SOURCE_NO_OBJECT for a table or column that is not there (any more)
 */
export function declaredColumns(
  database: Database,
  file: string,
  table: string,
  wanted?: readonly string[],
): Declared[] {
  const all = database
    .prepare('SELECT name, type FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid')
    .all(table) as unknown as Declared[];
  if (all.length === 0)
    throw new AssayError('SOURCE_NO_OBJECT', `"${file}" no longer has the table "${table}"; ingest its metadata again`);
  if (!wanted) return all;
  const missing = wanted.filter((name) => !all.some((column) => column.name === name));
  if (missing.length > 0)
    throw new AssayError('SOURCE_NO_OBJECT', `table "${table}" no longer has the columns ${missing.join(', ')}`);
  return wanted.map((name) => all.find((column) => column.name === name) as Declared);
}
