import type { ReadRequest, RowSample } from '../connector.ts';
import type { Session } from './connect.ts';
import { quoteName, quotePath, quoteText } from './dialect.ts';

/** How a statement chooses the rows of a table. */
export interface ChosenRows {
  /** What stands behind FROM, with its conditions. */
  from: string;
  /** More rows come than were asked for: so many of them are to be kept. */
  keep?: Extract<RowSample, { kind: 'rows' }>;
  /** Reading ends after so many rows. */
  most?: number;
  /** Blocks were asked for, of what has none. */
  took?: 'first rows';
}

/** So many standard deviations more rows than wanted are read: fewer than wanted come once in 30,000 times. */
const DEVIATIONS = 4;
/** Times the rows that were asked for: the size of a table is estimated. */
const MOST_OF_BLOCKS = 4;
/** Of a percentage that TABLESAMPLE takes; it is a float4. */
const SMALLEST_PERCENT = 1e-6;
/** Of a table that was never analysed: rows of about 80 bytes. */
export const ROWS_PER_PAGE = 100;
/** Kinds of relations that have pages to sample. */
const SAMPLED = ['r', 'm', 'p'];

/**
 * The rows of a request, chosen by the server. Tables are sampled by TABLESAMPLE with a seed: the same rows for as long as the
 * table stays as it is. Every n-th row, and samples of views, go by the number of the row in the order in which it is read, which
 * the session keeps (no parallel plan, no scan that begins in the middle).
 */
export async function chooseRows(
  session: Session,
  request: ReadRequest,
  conditions: readonly string[],
): Promise<ChosenRows> {
  const { sample, path, signal } = request;
  const table = quotePath(path);
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
  if (!sample) return { from: `${table}${where}` };
  if (sample.kind === 'nth') return { from: numbered(table, where, `% ${Math.trunc(sample.n)} = 0`) };
  const [row] = await session.query<{ kind: string }>(
    `SELECT c.relkind AS kind FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2`,
    [path[0], path[1]],
    signal,
  );
  const isTable = SAMPLED.includes(row?.kind ?? '');
  const by = (method: 'BERNOULLI' | 'SYSTEM', share: number): string => {
    if (share >= 1) return `${table}${where}`;
    const percent = Math.max(SMALLEST_PERCENT, share * 100);
    if (isTable) return `${table} TABLESAMPLE ${method} (${percent}) REPEATABLE (${sample.seed})${where}`;
    return hashed(table, where, share, sample.seed);
  };
  if (sample.kind === 'share') return { from: by('BERNOULLI', sample.percent / 100) };
  if (sample.kind === 'blocks') {
    if (!isTable) return { from: `${table}${where}`, most: sample.rows, took: 'first rows' };
    const share = shareFor(sample.rows, await estimate(session, request));
    return { from: by('SYSTEM', share), most: sample.rows * MOST_OF_BLOCKS };
  }
  const [counted] = await session.query<{ n: string }>(`SELECT count(*)::text AS n FROM ${table}${where}`, [], signal);
  return { from: by('BERNOULLI', shareFor(sample.rows, Number(counted?.n))), keep: sample };
}

const ROW = '"assay row"';

const numbered = (table: string, where: string, test: string): string =>
  `(SELECT *, row_number() OVER () AS ${ROW} FROM ${table}${where}) AS data WHERE ${ROW} ${test}`;

/** Of 2^31 − 1. */
const hashed = (table: string, where: string, share: number, seed: number): string =>
  `(SELECT *, row_number() OVER () AS ${ROW} FROM ${table}${where}) AS data WHERE (pg_catalog.hashint8extended(${ROW}, ${seed}) & 2147483647) < ${Math.round(share * 2147483648)}`;

const shareFor = (rows: number, of: number): number =>
  of <= rows ? 1 : Math.min(1, (rows + DEVIATIONS * Math.sqrt(rows) + 10) / of);

/**
 * Rows by the statistics of the server, by the size of its files where it has none: a table that is sampled by blocks is too large
 * to be counted.
 */
async function estimate(session: Session, { path, signal }: ReadRequest): Promise<number> {
  const [row] = await session.query<{ tuples: number }>(
    `WITH RECURSIVE tree AS (
       SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2
       UNION ALL SELECT i.inhrelid FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid)
     SELECT coalesce(sum(CASE WHEN c.reltuples > 0 THEN c.reltuples
       ELSE pg_relation_size(c.oid) / current_setting('block_size')::int * ${ROWS_PER_PAGE} END) FILTER (WHERE c.relkind IN ('r', 'm')), 0)::float8 AS tuples
     FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.oid`,
    [path[0], path[1]],
    signal,
  );
  return row?.tuples ?? 0;
}

/** Only rows from the mark of an earlier profile on. The text takes the type of the column. */
export const fromCondition = ({ from }: ReadRequest): string[] =>
  from ? [`${quoteName(from.column)} >= ${quoteText(from.value)}`] : [];
