import type { Marks } from './records.ts';

/** How a delimited text is to be read. */
export interface Dialect extends Marks {
  /** Characters before the table: titles, blank lines, comments, `sep=;`. The header, or the first row, begins there. */
  start: number;
  /** Lines among them. */
  preambleLines: number;
  header: boolean;
  /** One for each column: from the header, made different, `column-0` where there is none. */
  names: string[];
  columns: number;
  /** Lines that begin so are no rows; '' for none. */
  comment: string;
  /** Records at the end that are totals or notes. */
  footer: number;
  /** Fields have white space around them that is no part of the value: `a , b`. */
  trims: boolean;
  /** Fields of just this, not in quotes, have no value, as empty ones have none; '' for no such text. */
  nullText: string;
  lineEnds: 'LF' | 'CRLF' | 'CR' | 'mixed';
  /** The text shows a table: the same number of fields, two and more, in nearly all records. */
  isTable: boolean;
  /** Sentences on what is unusual, for the profile. */
  remarks: string[];
}

/** Whether a strict reader that is told delimiter, quote, escape and header reads it right. */
export const isPlain = (dialect: Dialect): boolean =>
  dialect.start === 0 &&
  dialect.comment === '' &&
  dialect.footer === 0 &&
  !dialect.trims &&
  dialect.nullText === '' &&
  dialect.delimiter.length === 1 &&
  dialect.lineEnds !== 'mixed' &&
  dialect.quote === '"';
