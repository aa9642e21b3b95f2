import type { ReadRest, ReadResult } from '../../connectors/connector.ts';
import { loadBatches } from './batches.ts';
import { chooseRows } from './choose-rows.ts';
import type { RowSampling } from './columnar.ts';
import { loadCsvStream } from './csv-stream.ts';
import { openFile } from './files.ts';
import type { Session } from './session.ts';
import type { Relation } from './staging.ts';

/**
 * Turns what a connector read into a relation. Streams and batches are loaded into a table (which spills); files in a
 * columnar format are measured in place. Afterwards the session opens nothing else. Ends at once when the session's signal aborts.
 *
 * @param sampling how rows are to be sampled later, if any are; some readers put them aside on the way
 * @param rest which of the rows are wanted, as far as the connector left that to us. A limit alone is put upon the reading of a file
 */
export async function toRelation(
  session: Session,
  read: ReadResult,
  rest: ReadRest = {},
  sampling?: RowSampling,
): Promise<Relation> {
  const { where, sample, limit } = rest;
  if (read.kind === 'relation') {
    const firstRows = where === undefined && sample === undefined;
    const relation = await openFile(session, read.spec, firstRows ? limit : undefined, sampling);
    const chosen = firstRows ? relation : await chooseRows(session, relation, rest);
    return { ...chosen, warnings: [...(read.warnings ?? []), ...chosen.warnings] };
  }
  await session.lock([]);
  const loaded =
    read.kind === 'bytes' ? loadCsvStream(session, read, sampling) : loadBatches(session, read.columns, read.batches);
  return chooseRows(session, await loaded, rest);
}
