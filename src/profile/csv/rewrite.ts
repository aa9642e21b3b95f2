import type { Dialect } from './dialect.ts';
import { isBlank, RecordReader, type TextRecord } from './records.ts';

/** What became of the records of a text. */
export interface RowCounts {
  /** Rows written, padded ones among them. */
  rows: number;
  /** Rows that had fewer fields than there are columns: the missing ones are null. */
  padded: number;
  /** Records left out: more fields than columns, and something in them. */
  tooLong: number;
  /** Lines left out, for a quote that opens in them is never closed. */
  unclosed: number;
  blank: number;
  comments: number;
  footer: number;
}

/** A record beyond this is one whose quote was never closed: characters. */
const LONGEST_RECORD = 2 ** 26;

/**
 * Writes a delimited text anew as strict CSV without a header (RFC 4180: comma, `"` doubled, LF): what stands before the table and
 * behind it, comments and blank lines are left out, short rows padded, and every record is accounted for in `counts`. Text is
 * pushed in pieces of any size, and the same text gives the same rows however it is cut. Pure, but for what it waits for.
 */
export class CsvRewriter {
  readonly counts: RowCounts = { rows: 0, padded: 0, tooLong: 0, unclosed: 0, blank: 0, comments: 0, footer: 0 };
  readonly #dialect: Dialect;
  readonly #longest: number;
  #rest = '';
  #skip: number;
  #headerSeen: boolean;
  /** The last records, as many as the footer has. */
  readonly #held: TextRecord[] = [];

  constructor(dialect: Dialect, longest = LONGEST_RECORD) {
    this.#dialect = dialect;
    this.#longest = longest;
    this.#skip = dialect.start;
    this.#headerSeen = !dialect.header;
  }

  push(piece: string): string {
    return this.#read(piece, false);
  }

  end(): string {
    const written = this.#read('', true);
    this.counts.footer = this.#held.length;
    return written;
  }

  #read(piece: string, final: boolean): string {
    let text = this.#rest + piece;
    if (this.#skip > 0) {
      const cut = Math.min(this.#skip, text.length);
      this.#skip -= cut;
      text = text.slice(cut);
    }
    const reader = new RecordReader(text, this.#dialect, { final });
    const lines: string[] = [];
    for (;;) {
      let record = reader.next();
      if (!record && text.length - reader.at > this.#longest) record = reader.skipLine();
      if (!record) break;
      const line = this.#take(record, text);
      if (line !== undefined) lines.push(line);
    }
    this.#rest = text.slice(reader.at);
    return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
  }

  #take(record: TextRecord, text: string): string | undefined {
    const { columns, comment, footer } = this.#dialect;
    if (record.broken) {
      this.counts.unclosed++;
      return undefined;
    }
    if (comment !== '' && text.startsWith(comment, record.from) && this.#headerSeen) {
      this.counts.comments++;
      return undefined;
    }
    if (isBlank(record) && (columns > 1 || record.to === record.from)) {
      this.counts.blank++;
      return undefined;
    }
    if (!this.#headerSeen) {
      this.#headerSeen = true;
      return undefined;
    }
    if (footer === 0) return this.#write(record);
    this.#held.push(record);
    return this.#held.length > footer ? this.#write(this.#held.shift() as TextRecord) : undefined;
  }

  #write({ fields, quoted }: TextRecord): string | undefined {
    const { columns, nullText } = this.#dialect;
    if (fields.length > columns && fields.some((field, i) => i >= columns && field.trim() !== '')) {
      this.counts.tooLong++;
      return undefined;
    }
    this.counts.rows++;
    if (fields.length < columns) this.counts.padded++;
    let line = '';
    for (let i = 0; i < columns; i++) {
      if (i > 0) line += ',';
      const field = fields[i];
      if (field === undefined) continue;
      if (field === nullText && !quoted?.[i]) continue;
      if (quoted?.[i]) line += quote(field);
      else {
        const value = this.#dialect.trims ? field.trim() : field;
        line += /[",\n\r]/.test(value) ? quote(value) : value;
      }
    }
    return line;
  }
}

const quote = (value: string): string => `"${value.includes('"') ? value.replaceAll('"', '""') : value}"`;
