import type { RelationSpec } from '../../connectors/connector.ts';
import { AssayError } from '../../errors/assay-error.ts';
import { toStorable } from '../../model/storable-text.ts';
import type { TimeFormats } from '../cast.ts';
import { kindOf } from '../column.ts';
import { FileBytes } from '../columnar/byte-source.ts';
import { OddRows } from '../columnar/write-columns.ts';
import { type Dialect, isPlain } from '../csv/dialect.ts';
import type { RowCounts } from '../csv/rewrite.ts';
import { doubtOf, TOLD } from '../encoding/detect.ts';
import { quoteText } from '../sql.ts';
import { isColumnar, type RowSampling, readColumns } from './columnar.ts';
import { csvLimits } from './csv-limits.ts';
import { tellGrouped } from './grouped-columns.ts';
import { quotePath } from './paths.ts';
import type { Session } from './session.ts';
import type { StagedColumn } from './staged-column.ts';
import { loadFile, type Relation } from './staging.ts';
import { findForeignBytes, lookAtText, rewriteCsv, sniffFile, type TextFile } from './text-file.ts';

type CsvSpec = Pick<Extract<RelationSpec, { kind: 'csv' }>, 'delimiter' | 'told'>;

/** Smaller files are loaded by DuckDB, which takes as long for them and needs no file. */
const COLUMNAR_BYTES = 4 * 2 ** 20;

/** How DuckDB is to read a file, all of it said. */
interface Source {
  path: string;
  marks: Pick<Dialect, 'delimiter' | 'quote' | 'escape' | 'header'>;
  /** Bytes that are invalid in the encoding became U+FFFD. */
  hasReplaced: boolean;
  /** Known where the rows were written anew. */
  counts?: RowCounts;
}

/**
 * Reads delimited text into columns, or loads it into a table, for each pass would parse it again. A plain file is read in place; one that is not (other
 * encodings, lines before or behind the table, comments, rows of different lengths, odd quotes) is written anew first, by
 * our own rules, so that every line is accounted for.
 */
export async function loadCsvFile(
  session: Session,
  file: TextFile,
  spec: CsvSpec,
  limited: string,
  sampling?: RowSampling,
): Promise<Relation> {
  const dialect = sniffFile(file, spec);
  const isUtf8 = file.encoding.encoding === 'UTF-8' && !file.encoding.hasInvalid;
  if (isUtf8 && isPlain(dialect)) {
    const source = { path: file.path, marks: dialect, hasReplaced: false };
    try {
      return await loadRows(session, source, dialect, file, limited, sampling);
    } catch (error) {
      if (!(error instanceof AssayError) || error.code !== 'SOURCE_BAD_DATA') throw error;
      // Not what it seemed from its beginning: bytes that are no UTF-8, rows of other lengths, quotes that stand anywhere.
      if (/utf-?8|unicode|encoding/i.test(error.message)) {
        const again = await lookAtText(file.path, spec.told?.encoding, await findForeignBytes(session, file.path));
        return loadAnew(
          session,
          { ...again, encoding: { ...again.encoding, hasInvalid: true } },
          dialect,
          limited,
          sampling,
        );
      }
      return loadAnew(session, file, dialect, limited, sampling);
    }
  }
  return loadAnew(session, file, dialect, limited, sampling);
}

async function loadAnew(
  session: Session,
  file: TextFile,
  dialect: Dialect,
  limited: string,
  sampling?: RowSampling,
): Promise<Relation> {
  const { path, hasReplaced, counts } = await rewriteCsv(session, file, dialect);
  const marks = { delimiter: ',', quote: '"', escape: '"', header: false };
  return loadRows(session, { path, marks, hasReplaced, counts }, dialect, file, limited, sampling);
}

async function loadRows(
  session: Session,
  source: Source,
  dialect: Dialect,
  file: TextFile,
  limited: string,
  sampling: RowSampling | undefined,
): Promise<Relation> {
  const rows = source.counts?.rows;
  const types: Sniffed =
    rows === 0
      ? { formats: {}, types: dialect.names.map(() => 'VARCHAR') }
      : await sniffTypes(session, source, dialect.columns);
  const columns: StagedColumn[] = dialect.names.map((name, i) => {
    const type = types.types[i] ?? 'VARCHAR';
    return { name: toStorable(name), nativeType: type, duckdbType: type, typeBasis: 'inferred' };
  });
  const texts = `${csvSql(source, dialect.columns, session.memoryMb)}${limited}`;
  const large = limited === '' && rows !== 0 && file.bytes >= COLUMNAR_BYTES;
  const relation =
    (large && (await asColumns(session, columns, source, dialect, types.formats, sampling))) ||
    (await loadFile(session, columns, texts, types.formats));
  const doubt = doubtOf(file.encoding);
  const { encoding } = file.encoding;
  const warnings = [
    ...(encoding === 'UTF-8' || file.encoding.basis === TOLD
      ? []
      : [`the file is not UTF-8; it was read as ${encoding} (${file.encoding.basis})`]),
    ...(doubt === undefined ? [] : [doubt]),
    ...(source.hasReplaced ? [await invalidCells(session, relation, encoding)] : []),
    ...dialect.remarks,
    ...(source.counts ? sayCounts(source.counts) : []),
    ...(await tellGrouped(session, relation.columns, file, dialect, `(SELECT * FROM ${texts})`)),
    ...relation.warnings,
  ];
  return { ...relation, warnings, rejectedRows: source.counts ? source.counts.tooLong + source.counts.unclosed : 0 };
}

/** Undefined where the rows are written in another way than they seemed: then DuckDB's parser says what is odd about them. */
async function asColumns(
  session: Session,
  columns: readonly StagedColumn[],
  { path, marks, counts }: Source,
  { lineEnds }: Dialect,
  formats: TimeFormats,
  sampling: RowSampling | undefined,
): Promise<Relation | undefined> {
  // What is written anew ends its lines with a newline.
  const returns = counts === undefined && lineEnds === 'CRLF' ? 'line ends' : 'none';
  if (!isColumnar({ ...marks, nullText: '' }, columns.length) || (counts === undefined && lineEnds === 'CR'))
    return undefined;
  const { delimiter, quote, header } = marks;
  const format = { delimiter, quote, nullText: '', returns } as const;
  try {
    const open = (): Promise<FileBytes> => FileBytes.open(path);
    return await readColumns(session, columns, { open, format, header, mark: 'no value', formats, sampling });
  } catch (error) {
    if (!(error instanceof OddRows)) throw error;
    // Of a file that changed between its two readings there is one.
    await session.run('DROP VIEW IF EXISTS r', 'reading the file');
    return undefined;
  }
}

/** Sentences that, with the rows, account for every record of the file. */
function sayCounts(counts: RowCounts): string[] {
  const said: [number, string, string][] = [
    [
      counts.padded,
      'row has fewer fields than there are columns; the missing ones are null',
      'rows have fewer fields than there are columns; the missing ones are null',
    ],
    [
      counts.tooLong,
      'line has more fields than there are columns and was left out',
      'lines have more fields than there are columns and were left out',
    ],
    [
      counts.unclosed,
      'line opens a quote that is never closed and was left out',
      'lines open a quote that is never closed and were left out',
    ],
    [counts.comments, 'line is a comment and was left out', 'lines are comments and were left out'],
    [
      counts.footer,
      'line at the end is a total or a note and was left out',
      'lines at the end are totals or notes and were left out',
    ],
  ];
  return said.filter(([count]) => count > 0).map(([count, one, many]) => `${count} ${count === 1 ? one : many}`);
}

async function invalidCells(session: Session, relation: Relation, encoding: string): Promise<string> {
  const texts = relation.columns.filter(({ kind }) => kind === 'text');
  let cells = 0;
  for (let at = 0; at < texts.length; at += 100) {
    const views = Map.groupBy(texts.slice(at, at + 100), ({ ref }) => relation.views?.get(ref) ?? relation.name);
    for (const [view, group] of views) {
      const list = group.map(({ ref }) => `count(*) FILTER (contains(${ref}, chr(65533)))`).join(' + ');
      const [[count] = []] = await session.query(`SELECT (${list})::VARCHAR FROM ${view}`, 'counting invalid cells');
      cells += Number(count ?? 0);
    }
  }
  return `${cells} ${cells === 1 ? 'cell holds' : 'cells hold'} bytes that are invalid in ${encoding}; they were read as U+FFFD`;
}

interface Sniffed {
  formats: TimeFormats;
  types: string[];
}

/** Finds the types from the first 20,480 rows. Values further on that do not fit make the column text. */
async function sniffTypes(session: Session, { path, marks }: Source, expected: number): Promise<Sniffed> {
  const sniff = (limits: string): Promise<(string | null)[][]> =>
    session.query(
      `SELECT DateFormat, TimestampFormat, to_json(Columns) FROM sniff_csv(${quotePath(path)}, ${marksSql(marks)}, null_padding = false${limits})`,
      'finding out the types',
    );
  // Buffers for the longest lines take a quarter of a second to be made; few files have any.
  const [row] = await sniff('').catch((error: unknown) => {
    session.assertLive(error);
    return sniff(`, ${csvLimits(session.memoryMb)}`);
  });
  const [date, timestamp, columns] = (row ?? []) as [string | null, string | null, string];
  const types = (JSON.parse(columns) as { type: string }[]).map(({ type }) => type);
  if (types.length !== expected)
    throw new AssayError('SOURCE_BAD_DATA', `the file has ${types.length} columns here and ${expected} there`);
  return { formats: { date: date || undefined, timestamp: timestamp || undefined }, types: types.map(plainType) };
}

/** Types that DuckDB guesses and that say less than their text: a column of braces is no list yet. */
const plainType = (type: string): string => (kindOf(type) === 'other' ? 'VARCHAR' : type);

const marksSql = ({ delimiter, quote, escape: escapedBy, header }: Source['marks']): string =>
  `delim = ${quoteText(delimiter)}, quote = ${quoteText(quote)}, escape = ${quoteText(escapedBy)}, header = ${header}, skip = 0`;

/** Unquoted empty fields are null; quoted ones are empty texts. */
function csvSql({ path, marks }: Source, columns: number, memoryMb: number): string {
  const names = Array.from({ length: columns }, (_, i) => `'x${i}': 'VARCHAR'`).join(', ');
  return `read_csv([${quotePath(path)}], auto_detect = false, columns = {${names}}, ${marksSql(marks)}, nullstr = '', allow_quoted_nulls = false, ${csvLimits(memoryMb)})`;
}
