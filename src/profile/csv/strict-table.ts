import { GrowingColumn, type HeldColumn } from '../in-hand.ts';

export interface StrictFormat {
  /** One character each; a quote within quotes is doubled. */
  delimiter: string;
  quote: string;
  /** Outside of quotes it stands for no value. */
  nullText: string;
  /** The first record is left out. */
  header: boolean;
}

/**
 * The columns of delimited text that leaves no doubt of how it is to be read: every record has so many fields, quotes stand around whole
 * fields, lines all end alike and none is empty. Undefined for any other text, and for one of more records than `most`. Pure.
 */
export function readStrict(
  text: string,
  format: StrictFormat,
  columns: number,
  most: number,
): HeldColumn[] | undefined {
  const isCrlf = text.includes('\r\n');
  if (text.includes('\0') || (!isCrlf && text.includes('\r'))) return undefined;
  const reader = new StrictReader(text, format, isCrlf);
  const growing = Array.from({ length: columns }, () => new GrowingColumn(most));
  if (format.header && reader.next(columns) === undefined) return undefined;
  let rows = 0;
  for (; !reader.atEnd; rows += 1) {
    const fields = rows < most ? reader.next(columns) : undefined;
    if (fields === undefined) return undefined;
    for (let i = 0; i < columns; i += 1) growing[i]?.add(fields[i] ?? null);
  }
  return growing.map((column) => column.held());
}

class StrictReader {
  readonly #text: string;
  readonly #format: StrictFormat;
  readonly #isCrlf: boolean;
  #at = 0;
  #nextQuote: number;

  constructor(text: string, format: StrictFormat, isCrlf: boolean) {
    this.#text = text;
    this.#format = format;
    this.#isCrlf = isCrlf;
    this.#nextQuote = text.indexOf(format.quote);
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The fields of the next record; undefined where it is not strict. */
  next(columns: number): (string | null)[] | undefined {
    const { quote } = this.#format;
    if (this.#nextQuote >= 0 && this.#nextQuote < this.#at) this.#nextQuote = this.#text.indexOf(quote, this.#at);
    const end = this.#lineEnd(this.#at);
    const fields = this.#nextQuote >= 0 && this.#nextQuote < end ? this.#quoted() : this.#plain(end);
    return fields?.length === columns ? fields : undefined;
  }

  #lineEnd(from: number): number {
    const end = this.#text.indexOf('\n', from);
    return end < 0 ? this.#text.length : end;
  }

  #plain(end: number): (string | null)[] | undefined {
    const line = this.#withoutCr(this.#at, end);
    if (line === undefined || line === '') return undefined;
    this.#at = end + 1;
    const { delimiter, nullText } = this.#format;
    const fields: (string | null)[] = line.split(delimiter);
    for (let i = 0; i < fields.length; i += 1) if (fields[i] === nullText) fields[i] = null;
    return fields;
  }

  /** What stands up to the end of a line; undefined where that ends otherwise than the others do. */
  #withoutCr(from: number, end: number): string | undefined {
    if (!this.#isCrlf) return this.#text.slice(from, end);
    const cr = this.#text.indexOf('\r', from);
    if (end === this.#text.length) return cr < 0 ? this.#text.slice(from, end) : undefined;
    return cr === end - 1 ? this.#text.slice(from, cr) : undefined;
  }

  #quoted(): (string | null)[] | undefined {
    const text = this.#text;
    const { delimiter, quote, nullText } = this.#format;
    const fields: (string | null)[] = [];
    for (;;) {
      let field: string | null | undefined;
      if (text[this.#at] === quote) field = this.#quotedField();
      else {
        const end = this.#lineEnd(this.#at);
        const cut = text.indexOf(delimiter, this.#at);
        const isLast = cut < 0 || cut > end;
        field = isLast ? this.#withoutCr(this.#at, end) : text.slice(this.#at, cut);
        if (field?.includes(quote) || field?.includes('\r')) return undefined;
        this.#at = isLast ? end - (this.#isCrlf && end < text.length ? 1 : 0) : cut;
        if (field === nullText) field = null;
      }
      if (field === undefined) return undefined;
      fields.push(field);
      if (text[this.#at] === delimiter) {
        this.#at += 1;
        continue;
      }
      const lineEnd = this.#isCrlf ? '\r\n' : '\n';
      if (this.#at < text.length && !text.startsWith(lineEnd, this.#at)) return undefined;
      this.#at += lineEnd.length;
      return fields;
    }
  }

  /** Up to behind the closing quote. */
  #quotedField(): string | undefined {
    const { quote } = this.#format;
    let value = '';
    for (let at = this.#at + 1; ; ) {
      const close = this.#text.indexOf(quote, at);
      if (close < 0) return undefined;
      value += this.#text.slice(at, close);
      if (this.#text[close + 1] !== quote) {
        this.#at = close + 1;
        return value;
      }
      value += quote;
      at = close + 2;
    }
  }
}
