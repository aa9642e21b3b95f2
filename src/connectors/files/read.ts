import { AssayError } from '../../errors/assay-error.ts';
import { formatOfName, TABLE_FILES, type TableFormat } from '../../model/file-formats.ts';
import type { ReadRequest, ReadRest, ReadResult, RelationSpec } from '../connector.ts';
import { fileError } from '../readable-path.ts';
import type { FileSource } from './connect.ts';
import { type Head, readHead } from './head.ts';
import { locate } from './locate.ts';
import { contentOf, formatOfText } from './recognise.ts';
import { describePart, isRange } from './row-groups.ts';
import { sniffText } from './sniff.ts';

/**
 * Names the file for DuckDB to read in place. The columns are found when it is read.
 *
 * @throws SOURCE_NO_OBJECT, SOURCE_NOT_ALLOWED, NOT_SUPPORTED for a file that is no table by its name, SOURCE_BAD_DATA for one that
 * is none by its content
 */
export async function readTableFile(source: FileSource, request: ReadRequest): Promise<ReadResult> {
  const shown = request.path.join('/');
  request.signal.throwIfAborted();
  const { where, above, sample } = request;
  const rest: ReadRest = {
    ...(where === undefined ? {} : { where }),
    ...(above ? { above } : {}),
    ...(sample ? { sample } : {}),
  };
  const isChosen = Object.keys(rest).length > 0;
  const { real, found } = await locate(source, request.path);
  const promised = formatOfName(shown) ?? formatOfName(real);
  if (promised === undefined)
    throw new AssayError('NOT_SUPPORTED', `"${shown}" cannot be read as a table; expected one of ${TABLE_FILES}`);
  if (isRange(request.partition?.spec)) {
    const part = await describePart(real, shown, found, request.partition.spec);
    return isChosen ? { ...part, rest } : part;
  }
  const head = await readHead(real, shown).catch((cause) => {
    throw fileError(shown, cause);
  });
  const read = describeRead(real, shown, promised, head, request.headerExists);
  return isChosen ? { ...read, rest } : read;
}

/** What the file is to be read as: what its first bytes tell goes before what its name promises. */
function describeRead(
  real: string,
  shown: string,
  promised: TableFormat,
  head: Head,
  headerExists: boolean | undefined,
): ReadResult {
  const content = contentOf(head.bytes);
  if (content.is === 'other')
    throw new AssayError(
      'SOURCE_BAD_DATA',
      `"${shown}" is ${content.what}, not ${WORDS[promised.kind]}; ${content.remedy}`,
    );
  const format = content.is === 'parquet' ? ({ kind: 'parquet' } as const) : formatOfText(head, promised);
  if (format === undefined && promised.kind === 'parquet')
    throw new AssayError(
      'SOURCE_BAD_DATA',
      `"${shown}" does not begin as a Parquet file does${head.bytes.length === 0 ? ', for it is empty' : ''}; copy it again, or give it the ending of what it is`,
    );
  const chosen = format ?? promised;
  const warnings =
    chosen.kind === promised.kind
      ? []
      : [`its name promises ${WORDS[promised.kind]}, and its content is ${WORDS[chosen.kind]}; it was read as that`];
  const relation = (spec: RelationSpec): ReadResult => ({
    kind: 'relation',
    spec,
    ...(warnings.length > 0 ? { warnings } : {}),
  });
  if (chosen.kind !== 'csv') return relation({ kind: chosen.kind, paths: [real] });
  // Half of Europe writes its .csv with semicolons.
  const sniffed = sniffText(head.bytes.toString('utf8'), head.complete, chosen.delimiter);
  const header = headerExists ?? sniffed.header;
  const spec = { kind: 'csv' as const, paths: [real], delimiter: sniffed.delimiter ?? chosen.delimiter };
  return relation(header === undefined ? spec : { ...spec, header });
}

const WORDS = { csv: 'delimited text', json: 'JSON', parquet: 'Parquet' } as const;
