/** How fields and records of a delimited text are told apart. */
export interface Marks {
  /** One or more characters; '' where a line is one field. */
  delimiter: string;
  /** '"', "'" or '' for none. */
  quote: string;
  /** '\\', or the quote itself where it is doubled. */
  escape: string;
}

export interface TextRecord {
  fields: string[];
  /** Fields that stood in quotes: an empty one is an empty text, not a null. Absent: none. */
  quoted?: boolean[];
  /** Where it begins, and where the next one does. */
  from: number;
  to: number;
  /** A quote that opens here is never closed: the line was taken for itself. */
  broken?: true;
}

/**
 * Where a mark comes next, in a text that is read from its beginning to its end. It is looked for once for all places before it: of a mark that is
 * not there, each record would look through all of the text.
 */
class NextPlace {
  readonly #text: string;
  readonly #mark: string;
  /** Between the two there is none; before it nobody has looked. */
  #since: number | undefined;
  #next = -1;

  constructor(text: string, mark: string) {
    this.#text = text;
    this.#mark = mark;
  }

  /** The first place at or behind `at`; -1 where there is none. */
  from(at: number): number {
    const since = this.#since;
    if (since !== undefined && at >= since && (this.#next < 0 || at <= this.#next)) return this.#next;
    if (since !== undefined && at < since && this.#next < 0) {
      // Going back over a little does not look through all of the rest again.
      const before = this.#text.slice(at, since).indexOf(this.#mark);
      if (before >= 0) return at + before;
    } else this.#next = this.#text.indexOf(this.#mark, at);
    this.#since = at;
    return this.#next;
  }
}

/**
 * Reads records from a text, one after the other. Lines end with LF, CR LF or CR. Quotes that stand where none belong are
 * letters: `5" disk`, `"He said "no" twice"`. Pure, but for its own place in the text.
 */
export class RecordReader {
  readonly #text: string;
  readonly #marks: Marks;
  /** No more text follows. */
  readonly #final: boolean;
  #at: number;
  readonly #nextCr: NextPlace;
  readonly #nextQuote: NextPlace;
  readonly #nextSlash: NextPlace;
  /** A quote was seen that the rest of the text never closes: others are not looked for beyond their line. */
  #unclosed = false;

  constructor(text: string, marks: Marks, { final, at = 0 }: { final: boolean; at?: number }) {
    this.#text = text;
    this.#marks = marks;
    this.#final = final;
    this.#at = at;
    this.#nextCr = new NextPlace(text, '\r');
    this.#nextQuote = new NextPlace(text, marks.quote);
    this.#nextSlash = new NextPlace(text, '\\');
  }

  /** Where the next record begins. */
  get at(): number {
    return this.#at;
  }

  /** Undefined when no whole record is left. A blank line is a record of one empty field. */
  next(): TextRecord | undefined {
    const from = this.#at;
    if (from >= this.#text.length) return undefined;
    const end = this.#lineEnd(from);
    if (end === undefined) return undefined;
    const { quote, delimiter } = this.#marks;
    const first = quote === '' ? -1 : this.#nextQuote.from(from);
    if (first < 0 || first >= end.at) {
      const line = this.#text.slice(from, end.at);
      this.#at = end.next;
      return { fields: delimiter === '' ? [line] : line.split(delimiter), from, to: end.next };
    }
    const record = this.#quoted(from);
    if (record) this.#at = record.to;
    return record;
  }

  /** Takes the line for a record of its own that cannot be read: for one that never ends. */
  skipLine(): TextRecord {
    const from = this.#at;
    const end = this.#lineEnd(from) ?? { at: this.#text.length, next: this.#text.length };
    this.#at = end.next;
    return { fields: [], from, to: end.next, broken: true };
  }

  #lineEnd(from: number): { at: number; next: number } | undefined {
    const lf = this.#text.indexOf('\n', from);
    const cr = this.#nextCr.from(from);
    if (cr >= 0 && (lf < 0 || cr < lf)) {
      if (cr + 1 === this.#text.length && !this.#final) return undefined;
      return { at: cr, next: cr + (this.#text[cr + 1] === '\n' ? 2 : 1) };
    }
    if (lf >= 0) return { at: lf, next: lf + 1 };
    return this.#final ? { at: this.#text.length, next: this.#text.length } : undefined;
  }

  #quoted(from: number): TextRecord | undefined {
    const text = this.#text;
    const { delimiter, quote } = this.#marks;
    const fields: string[] = [];
    const quoted: boolean[] = [];
    let at = from;
    for (;;) {
      if (text[at] === quote) {
        const field = this.#quotedField(at);
        if (field === 'open') {
          if (!this.#final) return undefined;
          this.#unclosed = true;
          return this.skipLine();
        }
        fields.push(field.value);
        quoted.push(true);
        at = field.to;
      } else {
        const end = this.#lineEnd(at);
        if (end === undefined) return undefined;
        const cut = delimiter === '' ? -1 : text.indexOf(delimiter, at);
        const to = cut < 0 || cut > end.at ? end.at : cut;
        fields.push(text.slice(at, to));
        quoted.push(false);
        at = to;
      }
      if (delimiter !== '' && text.startsWith(delimiter, at)) {
        at += delimiter.length;
        continue;
      }
      const end = this.#lineEnd(at);
      if (end === undefined) return undefined;
      return { fields, quoted, from, to: end.next };
    }
  }

  /** From the opening quote to the delimiter or line end behind the closing one. */
  #quotedField(from: number): { value: string; to: number } | 'open' {
    const text = this.#text;
    const { quote, escape: escapedBy } = this.#marks;
    let value = '';
    let at = from + 1;
    const stop = this.#unclosed ? (this.#lineEnd(from)?.at ?? text.length) : text.length;
    for (;;) {
      const close = this.#nextQuote.from(at);
      const slash = escapedBy === '\\' ? this.#nextSlash.from(at) : -1;
      if (slash >= 0 && (close < 0 || slash < close)) {
        if (slash + 1 >= stop) return 'open';
        value += text.slice(at, slash) + (text[slash + 1] ?? '');
        at = slash + 2;
        continue;
      }
      if (close < 0 || close >= stop) return 'open';
      value += text.slice(at, close);
      if (text[close + 1] === quote) {
        value += quote;
        at = close + 2;
        continue;
      }
      if (close + 1 >= text.length && !this.#final) return 'open';
      if (this.#isEnd(close + 1)) return { value, to: close + 1 };
      // A quote in the midst of the field: a letter, when one that can close it follows in the line.
      const end = this.#lineEnd(close)?.at ?? text.length;
      if (this.#closesBefore(close + 1, end)) {
        value += quote;
        at = close + 1;
        continue;
      }
      const { delimiter } = this.#marks;
      const cut = delimiter === '' ? -1 : text.indexOf(delimiter, close);
      const to = cut < 0 || cut > end ? end : cut;
      return { value: value + text.slice(close + 1, to), to };
    }
  }

  #isEnd(at: number): boolean {
    const char = this.#text[at];
    const { delimiter } = this.#marks;
    return (
      char === undefined || char === '\n' || char === '\r' || (delimiter !== '' && this.#text.startsWith(delimiter, at))
    );
  }

  #closesBefore(from: number, end: number): boolean {
    for (
      let at = this.#text.indexOf(this.#marks.quote, from);
      at >= 0 && at < end;
      at = this.#text.indexOf(this.#marks.quote, at + 1)
    )
      if (this.#isEnd(at + 1)) return true;
    return false;
  }
}

/** The first records of a text. A last line that is cut off counts only when nothing else is there. Pure. */
export function splitRecords(
  text: string,
  marks: Marks,
  complete: boolean,
  most = Number.POSITIVE_INFINITY,
): TextRecord[] {
  const records: TextRecord[] = [];
  const reader = new RecordReader(text, marks, { final: complete });
  for (let record = reader.next(); record && records.length < most; record = reader.next()) records.push(record);
  if (records.length === 0 && !complete) return splitRecords(text, marks, true, most);
  return records;
}

export const isBlank = ({ fields, quoted }: TextRecord): boolean =>
  fields.length === 1 && fields[0]?.trim() === '' && !quoted?.[0];
