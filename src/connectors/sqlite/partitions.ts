import { setImmediate as nextTurn } from 'node:timers/promises';
import { AssayError } from '../../errors/assay-error.ts';
import type { ObjectPath, Partition } from '../connector.ts';
import { declaredColumns } from './columns.ts';
import { cutPieces, findPieces, type Piece, rowsOf } from './cut-row-ids.ts';
import { quoteName } from './dialect.ts';
import { endsOf, findRowId, rowIdsOf } from './row-ids.ts';
import { findClasses } from './storage-classes.ts';
import { readType, type StorageClasses } from './types.ts';

type Database = import('node:sqlite').DatabaseSync;

/**
 * Rows whose number is `from` or more and below `to`; the first part has no beginning, the last no end. `types`, by the name of the column,
 * is what all parts give its values as: a column that held texts in one part and numbers in another would have no smallest value.
 */
type RowIdSpec = { from?: string; to?: string; types: Record<string, string> } & Record<string, unknown>;

/** Pieces are looked for until none has more ids than this share of a part has rows. */
const PIECES_OF_PART = 16;

/** Rows that are looked at for their types at a time: 0.2 s, in which nothing else of the process has its turn. */
const ROWS_AT_A_TIME = 200_000;

/**
 * Cuts a table between its row ids into parts of about `targetRows` rows at most. The rows of one that is cut are looked at for their types, as
 * they are of one that is read whole.
 *
 * @throws SOURCE_NO_OBJECT; what SQLite throws
 */
export async function planRowIds(
  database: Database,
  file: string,
  [, table = '']: ObjectPath,
  targetRows: number,
  signal: AbortSignal,
): Promise<Partition[]> {
  const declared = declaredColumns(database, file, table);
  const rowId = findRowId(database, table);
  if ('none' in rowId) return [{ key: '0', spec: {}, uncut: rowId.none }];
  database.exec('BEGIN');
  try {
    const pieces = findRows(database, table, rowId.name, Math.ceil(targetRows / PIECES_OF_PART));
    const cuts = cutPieces(pieces, targetRows).map(String);
    if (cuts.length === 0) return [{ key: '0', spec: {} }];
    const classes = await findClasses(
      database,
      declared.map(({ name }) => name),
      rangesOf(cutPieces(pieces, ROWS_AT_A_TIME)).map((range) => rowsWithin(table, rowId.name, range)),
      async () => {
        await nextTurn();
        signal.throwIfAborted();
      },
    );
    const types = Object.fromEntries(
      declared.map(({ name, type }, i) => [name, readType(type, classes[i] as StorageClasses).duckdbType]),
    );
    const digits = String(cuts.length).length;
    return rangesOf(cuts).map((range, i) => ({
      key: String(i).padStart(digits, '0'),
      spec: { ...range, types } satisfies RowIdSpec,
      rows: Math.round(rowsOf(pieces) / (cuts.length + 1)),
    }));
  } finally {
    if (database.isOpen && database.isTransaction) database.exec('ROLLBACK');
  }
}

/** About how many rows a table has; undefined where they have no numbers to look at. */
export function estimateRows(database: Database, table: string): number | undefined {
  const rowId = findRowId(database, table);
  return 'none' in rowId ? undefined : rowsOf(findRows(database, table, rowId.name, ROWS_AT_A_TIME));
}

function findRows(database: Database, table: string, rowId: string, narrow: number): Piece[] {
  const ends = endsOf(database, table, rowId);
  return ends ? findPieces(rowIdsOf(database, table, rowId), ends.low, ends.high, BigInt(narrow)) : [];
}

interface Range {
  from?: string;
  to?: string;
}

const rangesOf = (cuts: readonly (string | bigint)[]): Range[] =>
  Array.from({ length: cuts.length + 1 }, (_, i) => ({
    ...(i > 0 ? { from: String(cuts[i - 1]) } : {}),
    ...(i < cuts.length ? { to: String(cuts[i]) } : {}),
  }));

/** Numbers, whatever a stored part says. */
const conditionsOf = (rowId: string, { from, to }: Range): string[] => [
  ...(from === undefined ? [] : [`${rowId} >= ${BigInt(from)}`]),
  ...(to === undefined ? [] : [`${rowId} < ${BigInt(to)}`]),
];

function rowsWithin(table: string, rowId: string, range: Range): string {
  const conditions = conditionsOf(rowId, range).join(' AND ');
  return `(SELECT * FROM ${quoteName(table)} NOT INDEXED${conditions === '' ? '' : ` WHERE ${conditions}`})`;
}

/** Conditions that select the rows of a part; none for a table that was not cut. */
export function partConditions(database: Database, table: string, partition: Partition | undefined): string[] {
  if (typesOfPart(partition) === undefined) return [];
  const rowId = findRowId(database, table);
  if ('none' in rowId)
    throw new AssayError('SOURCE_NO_OBJECT', `the columns of "${table}" changed while it was read; profile it again`);
  return conditionsOf(rowId.name, partition?.spec as RowIdSpec);
}

/** DuckDB types by the name of the column; undefined for a table that was not cut. */
export const typesOfPart = (partition: Partition | undefined): RowIdSpec['types'] | undefined =>
  (partition?.spec as RowIdSpec | undefined)?.types;
