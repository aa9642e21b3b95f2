import type { RelationSpec } from '../../connectors/connector.ts';
import { AssayError } from '../../errors/assay-error.ts';
import { toStorable } from '../../model/storable-text.ts';
import type { TimeFormats } from '../cast.ts';
import { quoteText } from '../sql.ts';
import { csvLimits } from './csv-limits.ts';
import { pathList, quotePath } from './paths.ts';
import type { Session } from './session.ts';
import { loadTexts, type Relation, type StagedColumn } from './staging.ts';

/** Loads delimited text into a table, for each pass would parse it again. */
export async function loadCsvFile(
  session: Session,
  spec: Extract<RelationSpec, { kind: 'csv' }>,
  limited: string,
): Promise<Relation> {
  const warnings: string[] = [];
  let encoding = 'utf-8';
  const sniff = async (): Promise<Sniffed> => {
    const first = await sniffCsv(session, spec, encoding);
    if (first.columns.length > 1 || spec.delimiter === undefined) return first;
    // The delimiter follows from the name of the file, which lies often enough: many a .csv is cut by semicolons.
    const free = await sniffCsv(session, { ...spec, delimiter: undefined }, encoding).catch(() => first);
    return free.columns.length > 1 && [';', '\t', '|', ','].includes(free.delimiter) ? free : first;
  };
  const dialect = await sniff().catch((error: unknown) => {
    if (!/utf-?8|unicode|encoding/i.test(String(error))) throw error;
    encoding = 'latin-1';
    warnings.push('the file is not UTF-8; it was read as Latin-1');
    return sniff();
  });
  const names = dialect.columns.map((column, i) => (dialect.header ? toStorable(column.name) : `column-${i}`));
  const columns: StagedColumn[] = dialect.columns.map((column, i) => ({
    name: names[i] ?? '',
    nativeType: column.duckdbType,
    duckdbType: column.duckdbType,
    typeBasis: 'inferred',
  }));
  const load = (tolerant: boolean, table: string, list: string): Promise<void> =>
    session.run(
      `CREATE OR REPLACE TABLE ${table} AS SELECT
  ${list}
FROM ${csvSql(spec, dialect, columns.length, encoding, tolerant, session.memoryMb)}${limited}`,
      'reading the file',
    );
  let rejectedRows = 0;
  const loadTolerant = async (table: string, list: string): Promise<void> => {
    try {
      await load(false, table, list);
    } catch (error) {
      if (!(error instanceof AssayError) || error.code !== 'SOURCE_BAD_DATA') throw error;
      if (encoding === 'utf-8' && /utf-?8|unicode|encoding/i.test(error.message)) {
        encoding = 'latin-1';
        warnings.push('the file is not UTF-8; it was read as Latin-1');
      }
      await load(true, table, list);
      rejectedRows = await countRejects(session);
      if (rejectedRows > 0)
        warnings.push(`${rejectedRows} lines have another number of fields than the first ones and were left out`);
    }
  };
  const relation = await loadTexts(session, columns, loadTolerant, dialect.formats);
  return { ...relation, warnings: [...warnings, ...relation.warnings], rejectedRows };
}

async function countRejects(session: Session): Promise<number> {
  const sql = 'SELECT count(DISTINCT line)::VARCHAR FROM reject_errors';
  const [[count] = []] = await session.query(sql, 'counting rejected lines');
  return Number(count ?? 0);
}

interface Sniffed {
  delimiter: string;
  quote: string;
  escape: string;
  header: boolean;
  skip: number;
  formats: TimeFormats;
  columns: { name: string; duckdbType: string }[];
}

/** Finds the dialect and the types from the first 20,480 rows. Values further on that do not fit make the column text. */
async function sniffCsv(
  session: Session,
  spec: Extract<RelationSpec, { kind: 'csv' }>,
  encoding: string,
): Promise<Sniffed> {
  const options = [`encoding = ${quoteText(encoding)}`, 'null_padding = false'];
  if (spec.delimiter !== undefined) options.push(`delim = ${quoteText(spec.delimiter)}`);
  if (spec.header !== undefined) options.push(`header = ${spec.header}`);
  const [row] = await session.query(
    `SELECT Delimiter, Quote, Escape, HasHeader, SkipRows, DateFormat, TimestampFormat, to_json(Columns) FROM sniff_csv(${quotePath(spec.paths[0] ?? '')}, ${options.join(', ')})`,
    'finding out the format',
  );
  const [delimiter, quote, escapedBy, header, skip, date, timestamp, columns] = (row ?? []) as unknown as [
    string,
    string,
    string,
    boolean,
    number,
    string | null,
    string | null,
    string,
  ];
  const none = (text: string): string => (text === '(empty)' ? '' : text);
  const parsed = JSON.parse(columns) as { name: string; type: string }[];
  return {
    delimiter: none(delimiter),
    quote: none(quote),
    escape: none(escapedBy),
    header,
    skip: Number(skip),
    formats: { date: date || undefined, timestamp: timestamp || undefined },
    columns: parsed.map(({ name, type }) => ({ name, duckdbType: type })),
  };
}

/** Unquoted empty fields are null; quoted ones are empty texts. */
function csvSql(
  spec: Extract<RelationSpec, { kind: 'csv' }>,
  dialect: Sniffed,
  columns: number,
  encoding: string,
  tolerant: boolean,
  memoryMb: number,
): string {
  const names = Array.from({ length: columns }, (_, i) => `'x${i}': 'VARCHAR'`).join(', ');
  const options = [
    pathList(spec.paths),
    'auto_detect = false',
    `columns = {${names}}`,
    `header = ${dialect.header}`,
    `skip = ${dialect.skip}`,
    `delim = ${quoteText(dialect.delimiter)}`,
    `quote = ${quoteText(dialect.quote)}`,
    `escape = ${quoteText(dialect.escape)}`,
    "nullstr = ''",
    'allow_quoted_nulls = false',
    `encoding = ${quoteText(encoding)}`,
    csvLimits(memoryMb),
  ];
  if (tolerant) options.push('store_rejects = true');
  return `read_csv(${options.join(', ')})`;
}
