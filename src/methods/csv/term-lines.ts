import { isBlank } from '../../profile/text/alphabet.ts';
import { RowNotes } from './row-notes.ts';
import { Separators } from './separators.ts';

/** Characters of a term at most. */
export const LONGEST_TERM = 4_096;
/** A line that goes on for longer is not kept to its end. */
const LONGEST_LINE = 1 << 20;
/** A quote that is not closed within so many characters never is: that of a term, its quotes doubled, and a line end. */
const LONGEST_RECORD = 2 * LONGEST_TERM + 4;

/**
 * Reads the terms of a CSV of one column, piece by piece: RFC 4180, with or without a header `Term`, lines ended by LF, CR LF or CR.
 * What is no term is noted by its line, and hinders no other:
 *
 * - blank lines are left out;
 * - a quote within an unquoted term is a letter: `5" disk`;
 * - a comma without quotes is part of the term where a space follows it (`Korea, Republic of`), which is noted; where fields without
 *   anything in them follow (`Korea,,`) the term is the first one; else the line has several fields and is left out.
 */
export class TermLines {
  readonly notes = new RowNotes();
  readonly separators = new Separators();
  /** Lines read so far. */
  lines = 0;
  /** Terms given out. */
  taken = 0;
  blank = 0;
  /** The header as it stood there; undefined where there is none. */
  header: string | undefined;
  readonly #encoding: string;
  #rest = '';
  #begun = false;
  /** Within a line that is too long to be kept. */
  #passing = false;

  /** @param encoding what the text was decoded from, for messages */
  constructor(encoding = 'UTF-8') {
    this.#encoding = encoding;
  }

  /** Terms of the lines that are complete. @param final nothing follows */
  push(given: string, final = false): string[] {
    const piece = this.#passing ? this.#pass(given) : given;
    const text = this.#rest === '' ? piece : this.#rest + piece;
    const terms: string[] = [];
    // Where the next one of each is, looked for anew only when passed: most texts have none.
    let comma = text.indexOf(',');
    let quote = text.indexOf('"');
    let cr = text.indexOf('\r');
    let lf = text.indexOf('\n');
    let at = 0;
    while (at < text.length) {
      if (lf >= 0 && lf < at) lf = text.indexOf('\n', at);
      if (cr >= 0 && cr < at) cr = text.indexOf('\r', at);
      let end = lf;
      let next = lf + 1;
      if (cr >= 0 && (lf < 0 || cr < lf)) {
        if (cr + 1 === text.length && !final) break;
        end = cr;
        next = text[cr + 1] === '\n' ? cr + 2 : cr + 1;
      } else if (lf < 0) {
        if (!final) break;
        end = text.length;
        next = end;
      }
      if (comma >= 0 && comma < at) comma = text.indexOf(',', at);
      if (quote >= 0 && quote < at) quote = text.indexOf('"', at);
      if ((comma < 0 || comma >= end) && (quote < 0 || quote >= end)) {
        this.lines++;
        this.#take(text.slice(at, end), this.lines, terms, true);
        at = next;
        continue;
      }
      if (text[at] !== '"') {
        this.lines++;
        this.#takeUnquoted(text.slice(at, end), terms);
        at = next;
        continue;
      }
      const close = closingQuote(text, at);
      const isOpen = close < 0 || (close + 1 >= text.length && !final);
      if (isOpen && !final && text.length - at < LONGEST_RECORD) break;
      if (close < 0 || close - at > LONGEST_RECORD) {
        this.lines++;
        this.notes.reject(this.lines, 'a quote opens that is never closed');
        at = next;
        continue;
      }
      at = this.#takeQuoted(text, at, close, terms);
    }
    this.#rest = text.slice(at);
    if (this.#rest.length > LONGEST_LINE) {
      this.notes.reject(++this.lines, `has more than ${LONGEST_LINE} characters, at most ${LONGEST_TERM} are allowed`);
      this.#rest = '';
      this.#passing = true;
    }
    return terms;
  }

  /** What follows the line that is passed over. */
  #pass(piece: string): string {
    const end = /[\r\n]/.exec(piece)?.index;
    this.#passing = end === undefined;
    return end === undefined ? '' : piece.slice(end + 1);
  }

  /** @returns where the next line begins */
  #takeQuoted(text: string, at: number, close: number, terms: string[]): number {
    const line = this.lines + 1;
    const value = text.slice(at + 1, close).replaceAll('""', '"');
    this.lines = line + (value.match(/\r\n|\n|\r/g)?.length ?? 0);
    const [, behind = '', lineEnd = ''] =
      /([^\r\n]*)(\r\n|\r|\n|$)/y.exec(text.slice(close + 1, endOfLine(text, close + 1))) ?? [];
    if (/^[\s,]*$/.test(behind)) this.#take(value, line, terms);
    else if (/^\s*,/.test(behind)) this.#rejectFields(line, fieldsOf(text.slice(at, close + 1 + behind.length)));
    else this.notes.reject(line, 'has text behind the closing quote; double the quotes within a term');
    return close + 1 + behind.length + lineEnd.length;
  }

  #takeUnquoted(text: string, terms: string[]): void {
    const fields = text.split(',');
    const filled = fields.filter((field) => !isBlank(field));
    if (filled.length === 0) this.#take('', this.lines, terms);
    else if (fields.length === 1) this.#take(text, this.lines, terms, true);
    else if (filled.length === 1 && filled[0] === fields[0]) this.#take(fields[0] as string, this.lines, terms, true);
    else if (this.#begun && fields.every((field, i) => i === 0 || field.startsWith(' '))) {
      const before = terms.length;
      this.#take(text, this.lines, terms, true);
      if (terms.length > before) this.notes.mention(this.lines, 'has a comma and no quotes; it was taken for one term');
    } else this.#rejectFields(this.lines, fields.length);
  }

  #rejectFields(line: number, fields: number): void {
    this.#begun = true;
    this.notes.reject(line, `has ${fields} fields, expected one; put a term that has a comma into double quotes`);
  }

  #take(term: string, line: number, terms: string[], unquoted = false): void {
    if (isBlank(term)) {
      this.blank++;
      return;
    }
    if (!this.#begun) {
      this.#begun = true;
      if (/^\s*terms?\s*$/i.test(term)) {
        this.header = term;
        return;
      }
      if (/^\s*terms?\s*[;|\t]/i.test(term)) this.notes.severalColumns = term.slice(0, 100);
    }
    if (term.length > LONGEST_TERM)
      this.notes.reject(line, `has a term of ${term.length} characters, at most ${LONGEST_TERM} are allowed`);
    else if (term.includes('\u0000')) this.notes.reject(line, 'contains U+0000, which cannot be stored');
    else if (term.includes('\ufffd')) this.notes.reject(line, `has bytes that are not ${this.#encoding}`);
    else {
      this.taken++;
      if (unquoted) this.separators.count(term);
      terms.push(term);
    }
  }
}

/** Where the quote stands that closes the one at `from`; −1 if none does. */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 2))
    if (text[at + 1] !== '"') return at;
  return -1;
}

/** Behind the end of the line. */
function endOfLine(text: string, from: number): number {
  const found = /\r\n|\r|\n/g;
  found.lastIndex = from;
  const end = found.exec(text);
  return end ? end.index + end[0].length : text.length;
}

/** Fields of a line that begins with a quoted one. */
const fieldsOf = (line: string): number => line.replace(/"(?:[^"]|"")*"/g, '').split(',').length;
