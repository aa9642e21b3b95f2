import type { ReadResult } from '../../connectors/connector.ts';
import { loadBatches } from './batches.ts';
import { loadCsvStream } from './csv-stream.ts';
import { openFile } from './files.ts';
import type { Session } from './session.ts';
import type { Relation } from './staging.ts';

/**
 * Turns what a connector read into a relation. Streams and batches are loaded into a table (which spills); files in a
 * columnar format are measured in place. Afterwards the session opens nothing else. Ends at once when the session's signal aborts.
 *
 * @param limit at most so many rows of a file; streams and batches are limited by their connector
 */
export async function toRelation(session: Session, read: ReadResult, limit?: number): Promise<Relation> {
  if (read.kind === 'relation') {
    const relation = await openFile(session, read.spec, limit);
    return { ...relation, warnings: [...(read.warnings ?? []), ...relation.warnings] };
  }
  await session.lock([]);
  return read.kind === 'bytes' ? loadCsvStream(session, read) : loadBatches(session, read.columns, read.batches);
}
