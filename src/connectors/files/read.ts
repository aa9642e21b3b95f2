import { AssayError } from '../../errors/assay-error.ts';
import { formatOfName, mayHoldTable, PACKED, TABLE_FILES, type TableFormat } from '../../model/file-formats.ts';
import type { ReadRequest, ReadRest, ReadResult, RelationSpec, ToldText } from '../connector.ts';
import { fileError } from '../readable-path.ts';
import type { FileSource } from './connect.ts';
import { type Head, readHead } from './head.ts';
import { locate } from './locate.ts';
import { contentOf } from './recognise.ts';
import { describePart, isRange } from './row-groups.ts';

/**
 * Names the file for DuckDB to read in place. The columns are found when it is read.
 *
 * @throws SOURCE_NO_OBJECT, SOURCE_NOT_ALLOWED, NOT_SUPPORTED for a file that is no table by its name, SOURCE_BAD_DATA for one that
 * is none by its content
 */
export async function readTableFile(source: FileSource, request: ReadRequest): Promise<ReadResult> {
  const shown = request.path.join('/');
  request.signal.throwIfAborted();
  const { where, sample } = request;
  const rest: ReadRest = {
    ...(where === undefined ? {} : { where }),
    ...(sample ? { sample } : {}),
  };
  const isChosen = Object.keys(rest).length > 0;
  const { real, found } = await locate(source, request.path);
  const promised = formatOfName(shown) ?? formatOfName(real);
  if (promised === undefined && !mayHoldTable(shown))
    throw new AssayError('NOT_SUPPORTED', `"${shown}" cannot be read as a table; expected one of ${TABLE_FILES}`);
  if (isRange(request.partition?.spec)) {
    const part = await describePart(real, shown, found, request.partition.spec);
    return isChosen ? { ...part, rest } : part;
  }
  const head = await readHead(real, shown).catch((cause) => {
    throw fileError(shown, cause);
  });
  const described = describeRead(real, shown, promised, head, request.text);
  const unsaid = head.packed && !PACKED.test(shown) && described.kind === 'relation';
  const read: ReadResult = unsaid
    ? {
        ...described,
        warnings: ['its name does not say that it is packed; it was unpacked', ...(described.warnings ?? [])],
      }
    : described;
  return isChosen ? { ...read, rest } : read;
}

/** What the file is to be read as: its first bytes go before its name. Which kind of text it is shows when it is read. */
function describeRead(
  real: string,
  shown: string,
  promised: TableFormat | undefined,
  head: Head,
  text: ToldText | undefined,
): ReadResult {
  const content = contentOf(head.bytes);
  const name = WORDS[promised?.kind ?? 'none'];
  if (content.is === 'other')
    throw new AssayError('SOURCE_BAD_DATA', `"${shown}" is ${content.what}, not ${name}; ${content.remedy}`);
  if (content.is === 'parquet') {
    const spec = { kind: 'parquet' as const, paths: [real] };
    if (promised === undefined || promised.kind === 'parquet') return { kind: 'relation', spec };
    const warning = `its name promises ${name}, and its content is ${WORDS.parquet}; it was read as that`;
    return { kind: 'relation', spec, warnings: [warning] };
  }
  const told = text ? { told: text } : {};
  if (promised?.kind === 'json') return { kind: 'relation', spec: { kind: 'json', paths: [real], ...told } };
  if (promised?.kind === 'parquet' && (head.bytes.length === 0 || head.bytes.includes(0)))
    throw new AssayError(
      'SOURCE_BAD_DATA',
      `"${shown}" does not begin as a Parquet file does${head.bytes.length === 0 ? ', for it is empty' : ''}; copy it again, or give it the ending of what it is`,
    );
  const spec: RelationSpec =
    promised?.kind === 'csv'
      ? { kind: 'csv', paths: [real], delimiter: promised.delimiter, ...told }
      : { kind: 'csv', paths: [real], ...told, promised: promised ? 'Parquet' : 'nothing' };
  return { kind: 'relation', spec };
}

const WORDS = { csv: 'delimited text', json: 'JSON', parquet: 'Parquet', none: 'a table' } as const;
