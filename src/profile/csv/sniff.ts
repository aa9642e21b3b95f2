import type { ToldText } from '../../connectors/connector.ts';
import type { Dialect } from './dialect.ts';
import { footerOf } from './footer.ts';
import { hasHeader, isValue, nameColumns } from './header.ts';
import { firstOfTable, namesInComment } from './preamble.ts';
import { isBlank, type Marks, splitRecords, type TextRecord } from './records.ts';
import { lengthOfLines, sayTold } from './told.ts';

export interface SniffOptions {
  /** The text is the whole file. */
  complete: boolean;
  /** The delimiter that the file's name promises: it wins when others do as well. */
  expected?: string;
  /** What somebody said of it: that is not looked for. */
  told?: ToldText;
  /** The end of the file, where the text is its beginning only. */
  tail?: string;
}

const DELIMITERS = [',', ';', '\t', '|', '^', '~', '\x01', '\x1f', '¦', '::', '||', ':'] as const;
/** Characters and records that are looked at for each candidate. */
const SAMPLE_CHARS = 2 ** 16;
const SAMPLE_RECORDS = 300;
/**
 * Finds out how a delimited text is to be read. Each pair of delimiter and quote splits the beginning; the best is that whose
 * records have the same number of fields and whose fields look like something (after G. van den Burg, A. Nazábal, C. Sutton:
 * Wrangling messy CSV files by detecting row and type patterns, 2019). Pure.
 */
export function sniffCsv(text: string, options: SniffOptions): Dialect {
  const { told = {} } = options;
  const skipped = lengthOfLines(text, told.skipLines ?? 0);
  const dialect = sniffFrom(text.slice(skipped), options);
  return {
    ...dialect,
    start: dialect.start + skipped,
    preambleLines: dialect.preambleLines + (told.skipLines ?? 0),
    remarks: [...sayTold(told), ...dialect.remarks],
  };
}

function sniffFrom(text: string, options: SniffOptions): Dialect {
  const { told = {} } = options;
  const remarks: string[] = [];
  const excel = /^sep=(\S|\t|\|)\r?\n/i.exec(text);
  const comment = commentOf(text);
  const marks = excel
    ? bestMarks(text.slice(excel[0].length), comment, options, [excel[1] ?? ','])
    : bestMarks(text, comment, options, DELIMITERS);
  const sample = text.slice(0, Math.max(SAMPLE_CHARS, text.indexOf('\n') * 4));
  const complete = options.complete && sample.length === text.length;
  const all = splitRecords(sample, marks, complete, SAMPLE_RECORDS * 4);
  const isComment = (record: TextRecord): boolean => comment !== '' && sample.startsWith(comment, record.from);
  const rows = all.filter((record) => !isBlank(record) && !isComment(record));
  const common = commonCount(rows.slice(excel ? 1 : 0));
  const first = firstOfTable(all, told.skipLines ? 1 : common, isComment, excel ? 1 : 0);
  const commented = comment !== '' && told.header !== false ? namesInComment(all, first, common, isComment) : undefined;
  const start = all[commented ?? first];
  const body = all.slice(first).filter((record) => !isBlank(record) && !isComment(record));
  const table = body.filter(({ broken }) => !broken).map(({ fields }) => fields);
  const header = commented !== undefined ? true : (told.header ?? hasHeader(table.slice(0, 100)));
  const headFields =
    (commented === undefined
      ? table[0]
      : all[commented]?.fields.map((one, i) => (i === 0 ? one.slice(comment.length).trimStart() || one : one))) ?? [];
  const widths = columnsOf(
    header ? headFields : undefined,
    header && commented === undefined ? table.slice(1) : table,
    common,
  );
  if (widths.remark) remarks.push(widths.remark);
  const footer = footerOf(options, text, marks, widths.columns, comment);
  const preambleLines = start ? lineCount(text.slice(0, start.from)) : 0;
  if (preambleLines > 0)
    remarks.push(
      `${preambleLines} ${preambleLines === 1 ? 'line before the table was' : 'lines before the table were'} left out`,
    );
  if (told.delimiter && !sample.includes(told.delimiter))
    remarks.push(`the delimiter that the job said does not stand in its beginning: each line was read as one value`);
  const nullText = widths.columns > 1 && body.some(hasDatabaseNull) ? DATABASE_NULL : '';
  if (nullText !== '') remarks.push(`${nullText} was read as no value, which it is where databases write it`);
  const usesComment = comment !== '' && all.slice(first).some(isComment);
  return {
    ...marks,
    start: start?.from ?? 0,
    preambleLines,
    header,
    names: nameColumns(header ? widths.names : undefined, widths.columns),
    columns: widths.columns,
    comment: usesComment || commented !== undefined ? comment : '',
    footer,
    trims: marks.delimiter !== '' && marks.delimiter !== '\t' && hasSpaces(table),
    nullText,
    lineEnds: lineEndsOf(sample, marks),
    isTable: common > 1 && rows.filter(({ fields }) => fields.length === common).length >= rows.length * 0.8,
    remarks,
  };
}

function bestMarks(text: string, comment: string, options: SniffOptions, usual: readonly string[]): Marks {
  const { told = {} } = options;
  const candidates = told.delimiter === undefined ? usual : [told.delimiter];
  const sample = text.slice(0, SAMPLE_CHARS);
  const complete = options.complete && sample.length === text.length;
  let best: { marks: Marks; score: number } | undefined;
  for (const delimiter of candidates) {
    if (delimiter === '' || !sample.includes(delimiter)) continue;
    if (told.delimiter === undefined && delimiter === ':' && isOfTimes(sample)) continue;
    for (const quote of told.quote === undefined ? quotesOf(sample, delimiter) : [told.quote]) {
      const marks = { delimiter, quote, escape: escapeOf(sample, quote) };
      const records = splitRecords(sample, marks, complete, SAMPLE_RECORDS).filter(
        (record) => !isBlank(record) && !(comment !== '' && sample.startsWith(comment, record.from)),
      );
      const score =
        scoreOf(records) *
        (delimiter === options.expected ? 1.1 : 1) *
        (quote === '"' ? 1.01 : 1) *
        weightOf(delimiter);
      if (score > (best?.score ?? 0)) best = { marks, score };
    }
  }
  const quote = told.quote ?? usualQuote(sample);
  // One column: split by what the name promises, where the text does not have it, or else not at all.
  const only = options.expected && !sample.includes(options.expected) ? options.expected : '';
  return best?.marks ?? { delimiter: told.delimiter ?? only, quote, escape: escapeOf(sample, quote) };
}

const usualQuote = (sample: string): string =>
  sample.trimStart().startsWith("'") && !sample.includes('"') ? "'" : '"';

/** A colon stands in times and addresses; what is two characters long is no accident. */
const weightOf = (delimiter: string): number => (delimiter === ':' ? 0.5 : delimiter.length > 1 ? 1.3 : 1);

/** Most colons of a text with times in it, as logs have them, stand within these: `23:59:59`. */
const isOfTimes = (sample: string): boolean => {
  const within = sample.match(/(?<=\d):(?=\d\d)/g)?.length ?? 0;
  return within * 2 > sample.split(':').length - 1;
};

/** Quotes are told by where they stand: beside a delimiter or a line end. */
function quotesOf(sample: string, delimiter: string): string[] {
  const stands = (quote: string): boolean =>
    sample.startsWith(quote) || sample.includes(delimiter + quote) || sample.includes(`\n${quote}`);
  return stands("'") && !stands('"') ? ['"', "'"] : ['"'];
}

const escapeOf = (sample: string, quote: string): string =>
  sample.includes(`\\${quote}`) &&
  !sample.includes(quote + quote + quote) &&
  quote !== '' &&
  !new RegExp(`[^\\n,;\\t|]${literal(quote).repeat(2)}[^\\n\\r,;\\t|]`).test(sample)
    ? '\\'
    : quote;

/** 0 for one column; near 1 and above when all records have the same number of fields that look like something. */
function scoreOf(records: readonly TextRecord[]): number {
  if (records.length === 0) return 0;
  const counts = new Map<number, number>();
  let known = 0;
  let cells = 0;
  let broken = 0;
  for (const record of records) {
    if (record.broken) broken++;
    counts.set(record.fields.length, (counts.get(record.fields.length) ?? 0) + 1);
    for (const field of record.fields.slice(0, 50)) {
      cells++;
      if (LOOKS.test(field) || isValue(field)) known++;
    }
  }
  const [common, times] = [...counts].reduce((a, b) => (b[1] > a[1] || (b[1] === a[1] && b[0] > a[0]) ? b : a), [1, 0]);
  if (common < 2) return 0;
  const share = times / records.length;
  if (share < 0.5 && times < 3) return 0;
  // More fields are more of a coincidence, were it one; but not much more.
  return share ** 2 * (0.3 + (0.7 * known) / cells) * (1 - 1 / (common + 1)) * (1 - broken / records.length);
}

/** Words, codes and sentences without what separates fields elsewhere. */
const LOOKS = /^[ \p{L}\p{N}\p{M}_.'’"()\-/&+#*!?%:,@]*$/u;

function commonCount(rows: readonly TextRecord[]): number {
  const counts = new Map<number, number>();
  for (const { fields } of rows) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1);
  let [best, times] = [1, 0];
  for (const [count, n] of counts) if (n > times || (n === times && count > best)) [best, times] = [count, n];
  return best;
}

/** `#` or `//` at the beginning of lines before the table, or of few lines within it. */
function commentOf(text: string): string {
  const lines = text.slice(0, SAMPLE_CHARS).split(/\r\n|\n|\r/, 1_000);
  for (const mark of ['#', '//', '%']) {
    const marked = lines.filter((line) => line.startsWith(mark)).length;
    if (marked === 0 || marked * 2 > lines.length) {
      if (!(marked > 0 && lines[0]?.startsWith(mark) && lines.some((line) => line !== '' && !line.startsWith(mark))))
        continue;
    }
    // A table whose first column holds such signs has delimiters in those lines as in all others.
    const delimiters = (line: string): number => line.match(/[,;\t|]/g)?.length ?? 0;
    const others = lines.filter((line) => line !== '' && !line.startsWith(mark));
    const usual = delimiters(others[Math.floor(others.length / 2)] ?? '');
    const alike = lines.filter(
      (line, i) => i > 0 && line.startsWith(mark) && delimiters(line) === usual && usual > 0,
    ).length;
    if (lines[0]?.startsWith(mark) || alike * 2 < marked) return mark;
  }
  return '';
}

/** Trailing delimiters make a column too many, the row names of R one that has no name. */
function columnsOf(
  header: readonly string[] | undefined,
  rows: readonly (readonly string[])[],
  common: number,
): { columns: number; names: readonly string[]; remark?: string } {
  const usual = commonCount(rows.map((fields) => ({ fields: [...fields], from: 0, to: 0 })));
  const columns = rows.length > 0 ? usual : (header?.length ?? common);
  const isEmpty = (column: number): boolean => rows.every((row) => (row[column]?.trim() ?? '') === '');
  if (header && rows.length > 0) {
    if (header.length === columns - 1) {
      if (isEmpty(columns - 1)) return { columns: header.length, names: header };
      return {
        columns,
        names: ['', ...header],
        remark:
          'the header has one name less than the rows have fields; the first column was taken for the one without a name',
      };
    }
    if (header.length === columns && header.at(-1)?.trim() === '' && columns > 1 && isEmpty(columns - 1))
      return { columns: columns - 1, names: header.slice(0, -1) };
    if (header.length > columns) {
      const named = header.findLastIndex((name) => name.trim() !== '') + 1;
      return { columns: Math.max(named, columns), names: header };
    }
    return { columns, names: header };
  }
  if (!header && columns > 2 && rows.length > 1 && isEmpty(columns - 1)) return { columns: columns - 1, names: [] };
  return { columns, names: header ?? [] };
}

/** White space around nearly all fields, as in `1 | Ann`: then it is no part of the values. */
function hasSpaces(rows: readonly (readonly string[])[]): boolean {
  let padded = 0;
  let all = 0;
  for (const row of rows.slice(0, 100))
    for (const field of row.slice(1)) {
      all++;
      if (/^ \S/.test(field)) padded++;
    }
  return all > 0 && padded > all * 0.8;
}

function lineEndsOf(sample: string, marks: Marks): Dialect['lineEnds'] {
  const outside = marks.quote === '' ? sample : sample.replaceAll(quotedText(marks.quote), '');
  const crlf = outside.includes('\r\n');
  const lone = outside.replaceAll('\r\n', '');
  const kinds = [crlf, lone.includes('\n'), /\r./.test(lone)];
  if (kinds.filter(Boolean).length > 1) return 'mixed';
  return crlf ? 'CRLF' : kinds[2] || /\r$/.test(lone) ? 'CR' : 'LF';
}

/** What MySQL, PostgreSQL and Hive write in text files where there is no value. */
const DATABASE_NULL = '\\N';
const hasDatabaseNull = ({ fields, quoted }: TextRecord): boolean =>
  fields.some((field, i) => field === DATABASE_NULL && !quoted?.[i]);

const literal = (char: string): string => char.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

const quotedText = (quote: string): RegExp => {
  const mark = literal(quote);
  return new RegExp(`${mark}[^${mark}]*${mark}`, 'g');
};

const lineCount = (text: string): number => text.match(/\r\n|\n|\r/g)?.length ?? 0;
