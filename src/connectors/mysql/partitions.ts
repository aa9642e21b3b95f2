import { AssayError } from '../../errors/assay-error.ts';
import type { Partition } from '../connector.ts';
import { columnsOfTable, toColumnRow } from './catalog.ts';
import { quoteName, quotePath, quoteText, tablePath } from './dialect.ts';
import type { Session } from './session.ts';

const INTEGER = /^(tiny|small|medium|big)?int(eger)?$/;

/** Ranges of the primary key when it is one integer column; else one part. First and last are open, so that a growing table is read whole. */
export async function planKeyRanges(
  session: Session,
  path: readonly string[],
  targetRows: number,
  signal: AbortSignal,
): Promise<Partition[]> {
  const [schema, table] = tablePath(path);
  const key = await findKey(session, schema, table, signal);
  const [estimate] = await session.query(
    `SELECT TABLE_ROWS AS n FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${quoteText(schema)} AND TABLE_NAME = ${quoteText(table)}`,
    signal,
  );
  const rows = Number(estimate?.n ?? 0);
  if (rows <= targetRows) return cutRange('', 0n, 0n, rows, targetRows);
  if (key === undefined)
    return cutRange('', 0n, 0n, rows, targetRows).map((whole) => ({
      ...whole,
      uncut: 'its primary key is not a single column of whole numbers',
    }));
  const [range] = await session.query(
    `SELECT MIN(${quoteName(key)}) AS low, MAX(${quoteName(key)}) AS high FROM ${quotePath(path)}`,
    signal,
  );
  if (typeof range?.low !== 'string' || typeof range.high !== 'string') return cutRange('', 0n, 0n, rows, targetRows);
  return cutRange(key, BigInt(range.low), BigInt(range.high), rows, targetRows);
}

async function findKey(
  session: Session,
  schema: string,
  table: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const types = new Map<string, string>();
  for await (const row of session.rows(columnsOfTable(schema, table), signal)) {
    const column = toColumnRow(row);
    types.set(column.name, column.dataType);
  }
  if (types.size === 0)
    throw new AssayError('SOURCE_NO_OBJECT', `there is no table or view "${table}" in database "${schema}" (any more)`);
  const parts = await session.query(
    `SELECT COLUMN_NAME AS name FROM information_schema.STATISTICS
     WHERE TABLE_SCHEMA = ${quoteText(schema)} AND TABLE_NAME = ${quoteText(table)} AND INDEX_NAME = 'PRIMARY'`,
    signal,
  );
  const [only] = parts;
  if (parts.length !== 1 || typeof only?.name !== 'string') return undefined;
  return INTEGER.test(types.get(only.name) ?? '') ? only.name : undefined;
}

/** Even cuts of the range of a key. Pure: the same table gives the same cuts. */
export function cutRange(key: string, low: bigint, high: bigint, rows: number, targetRows: number): Partition[] {
  const span = high - low + 1n;
  const wanted = Math.max(1, Math.ceil(rows / Math.max(1, targetRows)));
  const parts = key === '' ? 1 : Number(span < BigInt(wanted) ? span : BigInt(wanted));
  const cutAt = (index: number): string => String(low + (span * BigInt(index)) / BigInt(parts));
  return Array.from({ length: parts }, (_, index) => {
    const spec: Record<string, unknown> = key === '' ? {} : { key };
    if (index > 0) spec.from = cutAt(index);
    if (index + 1 < parts) spec.to = cutAt(index + 1);
    return { key: String(index).padStart(6, '0'), spec, rows: Math.round(rows / parts) };
  });
}

/** Conditions that select a part. Cuts are whole numbers, whatever a stored partition says. */
export function partitionCondition(partition: Partition | undefined): string[] {
  const { key, from, to } = (partition?.spec ?? {}) as { key?: string; from?: string; to?: string };
  if (!key) return [];
  const conditions: string[] = [];
  if (from !== undefined) conditions.push(`${quoteName(key)} >= ${BigInt(from)}`);
  if (to !== undefined) conditions.push(`${quoteName(key)} < ${BigInt(to)}`);
  return conditions;
}
