import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DOUBLE,
  DuckDBBlobValue,
  DuckDBDataChunk,
  type DuckDBType,
  type DuckDBValue,
  VARCHAR,
} from '@duckdb/node-api';
import type { ReadColumn } from '../../connectors/connector.ts';
import { kindOf } from '../column.ts';
import { translateDuckDbError } from './errors.ts';
import type { Session } from './session.ts';
import { castItem } from './staged-column.ts';
import { type Relation, settle } from './staging.ts';

/** Rows of a data chunk. */
const CHUNK_ROWS = 2048;

/**
 * Loads batches of column arrays (`batch[column][row]`). Values that JavaScript has as such go in as such; everything else
 * goes in as text and is cast by DuckDB. A value that does not fit its declared type is kept as text beside it.
 */
export async function loadBatches(
  session: Session,
  columns: ReadColumn[],
  batches: AsyncIterable<unknown[][]>,
): Promise<Relation> {
  if (columns.length === 0) return { name: 'r', columns: [], rows: 0, warnings: [], rejectedRows: 0 };
  const staged = columns.map((column) => stagingOf(column.duckdbType));
  const types = staged.flatMap(({ type, beside }) => (beside ? [type, VARCHAR] : [type]));
  const definitions = staged.flatMap(({ type, beside }, i) =>
    beside ? [`c${i} ${type}`, `b${i} VARCHAR`] : [`x${i} VARCHAR`],
  );
  await session.run(`CREATE TABLE s (${definitions.join(', ')})`, 'preparing the rows');
  const appender = await session.connection.createAppender('s');
  try {
    for await (const batch of batches) {
      session.assertLive();
      const rows = batch[0]?.length ?? 0;
      for (let from = 0; from < rows; from += CHUNK_ROWS) {
        const size = Math.min(CHUNK_ROWS, rows - from);
        const chunk = DuckDBDataChunk.create(types, size);
        chunk.setColumns(staged.flatMap((staging, i) => stageValues(batch[i] ?? [], from, size, staging)));
        appender.appendDataChunk(chunk);
      }
    }
    session.assertLive();
    appender.flushSync();
  } catch (error) {
    throw translateDuckDbError(error, 'loading the rows');
  } finally {
    appender.closeSync();
  }
  const mustCast = staged.some(({ beside }) => !beside);
  if (mustCast) await castStaged(session, columns, staged);
  return settle(
    session,
    mustCast ? 't' : 's',
    columns,
    (i) => staged[i]?.beside === true || columns[i]?.duckdbType.toUpperCase() !== 'VARCHAR',
  );
}

interface Staging {
  type: DuckDBType;
  /** The staging table holds the typed value and, beside it, the text of what does not fit. */
  beside: boolean;
  fits(value: unknown): DuckDBValue | undefined;
}

const SMALLEST = -(2n ** 63n);
const LARGEST = 2n ** 63n - 1n;

function toBigInt(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  return typeof value === 'bigint' && value >= SMALLEST && value <= LARGEST ? value : undefined;
}

function toDouble(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'bigint' && BigInt(Number(value)) === value ? Number(value) : undefined;
}

function stagingOf(duckdbType: string): Staging {
  const type = duckdbType.toUpperCase();
  if (type === 'BIGINT') return { type: BIGINT, beside: true, fits: toBigInt };
  if (type === 'DOUBLE') return { type: DOUBLE, beside: true, fits: toDouble };
  if (type === 'BOOLEAN')
    return { type: BOOLEAN, beside: true, fits: (value) => (typeof value === 'boolean' ? value : undefined) };
  if (kindOf(type) === 'blob') {
    return {
      type: BLOB,
      beside: true,
      fits: (value) => (value instanceof Uint8Array ? new DuckDBBlobValue(value) : undefined),
    };
  }
  return { type: VARCHAR, beside: false, fits: (value) => asText(value) };
}

function stageValues(values: readonly unknown[], from: number, size: number, staging: Staging): DuckDBValue[][] {
  const typed = new Array<DuckDBValue>(size).fill(null);
  const misfits = new Array<DuckDBValue>(size).fill(null);
  for (let i = 0; i < size; i++) {
    const value = values[from + i];
    if (value === null || value === undefined) continue;
    const fitting = staging.fits(value);
    if (fitting === undefined) misfits[i] = asText(value);
    else typed[i] = fitting;
  }
  return staging.beside ? [typed, misfits] : [typed];
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

async function castStaged(session: Session, columns: readonly ReadColumn[], staged: readonly Staging[]): Promise<void> {
  const list = columns.map((column, i) => (staged[i]?.beside ? `c${i}, b${i}` : castItem(column, i, `x${i}`)));
  await session.run(`CREATE TABLE t AS SELECT ${list.join(', ')} FROM s`, 'casting the rows');
  await session.run('DROP TABLE s', 'casting the rows');
}
