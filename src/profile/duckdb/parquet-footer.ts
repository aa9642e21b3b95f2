import { parquetError } from './files.ts';
import { literally, quotePath } from './paths.ts';
import { openSession, type SessionOptions } from './session.ts';

/**
 * Rows of each row group of a Parquet file, from its footer alone, for its connector. Empty where a column of the file hides the
 * position of its rows (`file_row_number`), so that no range of them can be asked for.
 *
 * @throws SOURCE_BAD_DATA for a footer that cannot be read, SOURCE_NO_OBJECT, CANCELLED
 */
export async function readRowGroups(path: string, options: SessionOptions): Promise<number[]> {
  await using session = await openSession(options);
  await session.lock([...new Set([path, literally(path)])]);
  try {
    const [[hidden] = []] = await session.query(
      `SELECT count(*)::VARCHAR FROM parquet_schema(${quotePath(path)}) WHERE lower(name) = 'file_row_number'`,
      'reading the footer',
    );
    if (hidden !== '0') return [];
    const groups = await session.query(
      `SELECT any_value(row_group_num_rows)::VARCHAR FROM parquet_metadata(${quotePath(path)}) GROUP BY row_group_id ORDER BY row_group_id`,
      'reading the footer',
    );
    return groups.map(([rows]) => Number(rows));
  } catch (error) {
    throw parquetError(error);
  }
}
