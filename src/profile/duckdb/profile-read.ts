import type { ReadResult } from '../../connectors/connector.ts';
import { AssayError } from '../../errors/assay-error.ts';
import { isUnknown, type TablePart } from '../part.ts';
import { type MeasureOptions, measureRelation } from './measure-relation.ts';
import { toRelation } from './relation.ts';
import { openSession, type SessionOptions } from './session.ts';

/** Measures what a connector read: opens a DuckDB of its own and removes everything of it, whatever happens. */
export async function profileRead(
  read: ReadResult,
  session: SessionOptions,
  options: MeasureOptions,
): Promise<TablePart> {
  try {
    await using duckdb = await openSession(session);
    // Awaited here: the session must stay open until the measuring is done.
    const part = await measureRelation(duckdb, await toRelation(duckdb, read, options.limit), options);
    if (read.kind !== 'relation') return part;
    if (read.spec.kind === 'parquet') requireWhole(part, read.spec.rows);
    return read.oneState ? { ...part, oneState: true } : part;
  } finally {
    // What was called off before its first byte was taken holds a statement open in the source.
    if (read.kind === 'bytes') read.stream.destroy();
  }
}

/** Values of a Parquet file can always be counted, unless the pages that hold them are damaged: then nothing of the part is to be trusted. */
function requireWhole(part: TablePart, rows: { from: number; to: number } | undefined): void {
  const damaged = part.columns.find(({ measures }) => isUnknown(measures.counts));
  if (!damaged) return;
  const where = rows ? ` of the rows ${rows.from + 1} to ${rows.to}` : '';
  throw new AssayError(
    'SOURCE_BAD_DATA',
    `column "${damaged.column.name}" cannot be read: its pages${where} are damaged; copy the file again from where it came`,
  );
}
