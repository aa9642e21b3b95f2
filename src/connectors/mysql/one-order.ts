import type { ReadRequest } from '../connector.ts';
import { quoteText, tablePath } from './dialect.ts';
import type { Session } from './session.ts';

/**
 * What stands behind the name of a table, so that its rows come in its own order. An index that holds all columns that are read would be
 * read in its stead, in another order for each group of columns: the rows of one group would not be those of the next. '' for a view,
 * which takes no hint. Engines that keep the rows in the order of the primary key are read by it, so that its ranges stay cheap.
 */
export async function inOneOrder(
  session: Session,
  { path, signal }: Pick<ReadRequest, 'path' | 'signal'>,
): Promise<string> {
  const [schema, table] = tablePath(path).map(quoteText);
  const [row] = await session.query(
    `SELECT t.ENGINE AS engine, (SELECT COUNT(*) FROM information_schema.STATISTICS s
       WHERE s.TABLE_SCHEMA = ${schema} AND s.TABLE_NAME = ${table} AND s.INDEX_NAME = 'PRIMARY') AS keyed
     FROM information_schema.TABLES t
     WHERE t.TABLE_SCHEMA = ${schema} AND t.TABLE_NAME = ${table} AND t.TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')`,
    signal,
  );
  if (!row) return '';
  return row.engine === 'InnoDB' && Number(row.keyed) > 0 ? ' FORCE INDEX (PRIMARY)' : ' USE INDEX ()';
}
