import { AssayError, toAssayError } from '../../errors/assay-error.ts';
import { conditionTest } from '../../model/condition-test.ts';
import type { EntityType } from '../../model/entity.ts';
import { brokenViewError } from '../broken-view.ts';
import type { DuckDbCatalog, ObjectPath, Partition, ReadRequest, ReadResult } from '../connector.ts';
import type { DuckDbFile } from './connect.ts';
import { quoteText, tableName, withoutStatement } from './dialect.ts';

/**
 * Describes what is to be read; whoever measures it reads the file in place.
 *
 * @throws SOURCE_NO_OBJECT for a table or column that is not there (any more), BAD_REQUEST for a condition that is none
 */
export async function readTable(file: DuckDbFile, request: ReadRequest): Promise<ReadResult> {
  request.signal.throwIfAborted();
  const { schema, table } = await findTable(file, request.path);
  const { columns, where, partition } = request;
  if (columns || request.type === 'VIEW') await checkColumns(file.catalog, schema, table, request);
  if (where !== undefined) await checkWhere(file.catalog, schema, table, where);
  const rows = partition?.spec as { from: number; to?: number } | undefined;
  const isPart = rows !== undefined && (rows.from > 0 || rows.to !== undefined);
  if (isPart && !(await hasPositions(file.catalog, schema, table)))
    throw new AssayError('SOURCE_NO_OBJECT', `the columns of "${table}" changed while it was read; profile it again`);
  const spec = {
    kind: 'duckdb' as const,
    path: file.path,
    schema,
    table,
    ...(columns ? { columns } : {}),
    ...(where === undefined ? {} : { where }),
    ...(rows ? { rows } : {}),
  };
  const { sample } = request;
  return { kind: 'relation', spec, ...(sample ? { rest: { sample } } : {}) };
}

async function findTable(file: DuckDbFile, path: ObjectPath): Promise<{ schema: string; table: string }> {
  const [schema, table] = path;
  if (path.length === 2 && schema !== undefined && table !== undefined) {
    const at = `database_name = 'src' AND schema_name = ${quoteText(schema)}`;
    const [found] = await file.catalog.query(
      `SELECT 1 FROM duckdb_tables() WHERE ${at} AND table_name = ${quoteText(table)}
       UNION ALL SELECT 1 FROM duckdb_views() WHERE ${at} AND view_name = ${quoteText(table)}`,
      'looking for the table',
    );
    if (found) return { schema, table };
  }
  throw new AssayError(
    'SOURCE_NO_OBJECT',
    `"${file.path}" has no table or view "${path.join('.')}"; ingest its metadata again`,
  );
}

async function checkColumns(
  catalog: DuckDbCatalog,
  schema: string,
  table: string,
  { type, path, columns = [] }: ReadRequest,
): Promise<void> {
  const describing = catalog.query(
    `SELECT column_name FROM (DESCRIBE SELECT * FROM ${tableName(schema, table)})`,
    `reading the columns of "${table}"`,
  );
  const rows = await describing.catch((cause) => {
    const { code, message } = toAssayError(cause);
    // The view itself was found.
    if (type !== 'VIEW' || code !== 'SOURCE_NO_OBJECT') throw cause;
    throw brokenViewError(path, withoutStatement(message), cause);
  });
  const known = new Set(rows.map((row) => String(row[0])));
  const missing = columns.filter((name) => !known.has(name));
  if (missing.length > 0)
    throw new AssayError('SOURCE_NO_OBJECT', `table "${table}" no longer has the columns ${missing.join(', ')}`);
}

/** Finds a condition that is none before anything is read. */
async function checkWhere(catalog: DuckDbCatalog, schema: string, table: string, where: string): Promise<void> {
  try {
    await catalog.query(`EXPLAIN ${conditionTest(tableName(schema, table), where)}`, 'whereClause');
  } catch (cause) {
    const error = toAssayError(cause);
    if (error.code === 'CANCELLED') throw error;
    throw new AssayError('BAD_REQUEST', `whereClause: DuckDB says: ${error.message}`, { cause });
  }
}

/** False where a column of the table is called `rowid`, in any case of letters: then no position of a row can be asked for. */
async function hasPositions(catalog: DuckDbCatalog, schema: string, table: string): Promise<boolean> {
  const [found] = await catalog.query(
    `SELECT 1 FROM duckdb_columns() WHERE database_name = 'src' AND schema_name = ${quoteText(schema)}
       AND table_name = ${quoteText(table)} AND lower(column_name) = 'rowid'`,
    `reading the columns of "${table}"`,
  );
  return found === undefined;
}

/** DuckDB keeps rows in groups of this many, and skips whole groups. */
const ROW_GROUP = 122_880;

/**
 * Ranges of row positions, whole row groups each. The last is open: nothing is missed when the file has grown by then. One part
 * where rows have no position.
 */
export async function planRowRanges(
  file: DuckDbFile,
  type: EntityType,
  path: ObjectPath,
  targetRows: number,
): Promise<Partition[]> {
  const { schema, table } = await findTable(file, path);
  const uncut =
    type !== 'TABLE'
      ? 'rows of a view have no positions'
      : (await hasPositions(file.catalog, schema, table))
        ? undefined
        : 'one of its columns is called rowid, as the position of a row is';
  if (uncut !== undefined) return [{ key: '0', spec: { from: 0 }, uncut }];
  const [[last] = []] = await file.catalog.query(`SELECT max(rowid) FROM ${tableName(schema, table)}`, 'counting rows');
  const rows = last === null || last === undefined ? 0 : Number(last) + 1;
  const step = Math.max(1, Math.round(targetRows / ROW_GROUP)) * ROW_GROUP;
  const count = Math.max(1, Math.ceil(rows / step));
  const digits = String(count - 1).length;
  return Array.from({ length: count }, (_, i) => ({
    key: String(i).padStart(digits, '0'),
    spec: i === count - 1 ? { from: i * step } : { from: i * step, to: (i + 1) * step },
    rows: Math.min(step, rows - i * step),
  }));
}
