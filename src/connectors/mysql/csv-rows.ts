import { isUtf8 } from 'node:buffer';
import type { CsvFormat } from '../connector.ts';

/** `\N` marks null and every text is quoted, so that no line is ever empty and no text is taken for a null. */
export const CSV: CsvFormat = { delimiter: ',', quote: '"', escape: '"', header: false, nullText: '\\N' };

export interface CsvColumn {
  name: string;
  form: 'plain' | 'text' | 'hex';
  suffix?: string;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;
const HEX = Buffer.from('0123456789abcdef');

/**
 * Rows of raw values → lines of CSV, without making texts of them (1 M rows of 7 columns: about a second). Text that is no
 * valid UTF-8 becomes U+FFFD where it is not, and is counted by column.
 */
export class CsvRows {
  readonly #columns: readonly CsvColumn[];
  readonly #suffixes: readonly (Buffer | undefined)[];
  readonly #broken: number[];
  readonly #chunkBytes: number;
  #bytes: Buffer;
  #at = 0;

  constructor(columns: readonly CsvColumn[], chunkBytes = 64 * 1024) {
    this.#columns = columns;
    this.#suffixes = columns.map((column) => (column.suffix ? Buffer.from(column.suffix) : undefined));
    this.#broken = columns.map(() => 0);
    this.#chunkBytes = chunkBytes;
    this.#bytes = Buffer.allocUnsafe(chunkBytes);
  }

  /** Bytes waiting to be taken. */
  get size(): number {
    return this.#at;
  }

  add(row: readonly (Buffer | null)[]): void {
    const start = this.#at;
    this.#write(row);
    if (isUtf8(this.#bytes.subarray(start, this.#at))) return;
    this.#at = start;
    this.#write(row.map((value, index) => this.#mend(value, index)));
  }

  /** Whole lines; the next ones go elsewhere, and no longer into as much as one large value needed. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#at);
    this.#bytes = Buffer.allocUnsafe(this.#chunkBytes);
    this.#at = 0;
    return taken;
  }

  /** Sentences about what could not be given as it is. */
  warnings(): string[] {
    return this.#columns.flatMap(({ name }, index) => {
      const count = this.#broken[index] ?? 0;
      if (count === 0) return [];
      return [
        `column "${name}": ${count} ${count === 1 ? 'value is' : 'values are'} no valid UTF-8; what could not be read is shown as U+FFFD`,
      ];
    });
  }

  #mend(value: Buffer | null, index: number): Buffer | null {
    if (value === null || this.#columns[index]?.form === 'hex' || isUtf8(value)) return value;
    this.#broken[index] = (this.#broken[index] ?? 0) + 1;
    return Buffer.from(value.toString('utf8'));
  }

  #write(row: readonly (Buffer | null)[]): void {
    for (let i = 0; i < row.length; i++) {
      const value = row[i] as Buffer | null;
      // The worst that a value can become: all of it doubled, marks around it, a suffix.
      this.#reserve(value === null ? 4 : value.length * 2 + 20);
      if (i > 0) this.#bytes[this.#at++] = COMMA;
      if (value === null) this.#null();
      else this.#value(value, i);
    }
    this.#bytes[this.#at++] = NEWLINE;
  }

  #null(): void {
    this.#bytes[this.#at++] = BACKSLASH;
    this.#bytes[this.#at++] = 0x4e;
  }

  #value(value: Buffer, index: number): void {
    const { form } = this.#columns[index] as CsvColumn;
    if (form === 'text') this.#text(value);
    else if (form === 'hex') this.#hex(value);
    else {
      this.#copy(value);
      const suffix = this.#suffixes[index];
      if (suffix) this.#copy(suffix);
    }
  }

  #text(value: Buffer): void {
    this.#bytes[this.#at++] = QUOTE;
    if (value.indexOf(QUOTE) < 0) this.#copy(value);
    else {
      for (const byte of value) {
        if (byte === QUOTE) this.#bytes[this.#at++] = QUOTE;
        this.#bytes[this.#at++] = byte;
      }
    }
    this.#bytes[this.#at++] = QUOTE;
  }

  #hex(value: Buffer): void {
    this.#bytes[this.#at++] = BACKSLASH;
    this.#bytes[this.#at++] = 0x78;
    for (const byte of value) {
      this.#bytes[this.#at++] = HEX[byte >> 4] as number;
      this.#bytes[this.#at++] = HEX[byte & 15] as number;
    }
  }

  /** For a few bytes a loop is faster than the call. */
  #copy(value: Buffer): void {
    const { length } = value;
    if (length > 24) {
      value.copy(this.#bytes, this.#at);
      this.#at += length;
      return;
    }
    for (let i = 0; i < length; i++) this.#bytes[this.#at++] = value[i] as number;
  }

  #reserve(more: number): void {
    const needed = this.#at + more + 2;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}
