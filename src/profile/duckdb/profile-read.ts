import type { ReadResult } from '../../connectors/connector.ts';
import type { TablePart } from '../part.ts';
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
    return await measureRelation(duckdb, await toRelation(duckdb, read, options.limit), options);
  } finally {
    // What was called off before its first byte was taken holds a statement open in the source.
    if (read.kind === 'bytes') read.stream.destroy();
  }
}
