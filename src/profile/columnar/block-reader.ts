import { type ColumnCode, KINDS } from './column-code.ts';
import { COLUMNS_MODULE } from './columns-module.ts';
import { type Chunk, dictionaryHeader, pageHeader, type RowGroup } from './parquet.ts';
import { Instance, Module, type WasmGlobal, type WasmMemory, type WasmModule } from './webassembly.ts';

/** How records are written: RFC 4180 with any delimiter and quote, fields in quotes never null. */
export interface BlockFormat {
  delimiter: string;
  quote: string;
  /** What an unquoted null looks like; up to 8 bytes. */
  nullText: string;
  /** What a carriage return outside of quotes is: nothing that may be there, part of every line end, or part of a value. */
  returns: keyof typeof RETURNS;
}

const RETURNS = { none: 0, 'line ends': 1, data: 2 } as const;

/** Rows as they are to be written: bytes with one page after another, and where they lie in it. */
export interface ReadRows {
  bytes: Uint8Array;
  /** The columns, then the fields of each that do not fit its type, then what else there is; offsets count from the begin of the bytes. */
  group: RowGroup;
  /** Column → its fields that do not fit, for each column. */
  odd: number[];
  /** Column → what its texts are, bits of `TEXT_BITS`, for each column; 0 for others. */
  texts: number[];
}

/** Some text of a column has bytes beyond ASCII, or capitals of ASCII, or is empty or begins or ends with white space. */
export const TEXT_BITS = { beyondAscii: 1, capitals: 2, ends: 4 } as const;

/** The rows of a block, and some of them once more, with their numbers in the table as one more column. */
export interface ReadBlock extends ReadRows {
  sample?: ReadRows;
}

/** Which rows are to be written once more: those whose hash begins with so many zeros (`rowHash`). */
export interface ChosenRows {
  /** Rows of the table before this block. */
  before: number;
  seed: number;
  level: number;
}

/** What was found that is not written so; another reader has to look at the rows. */
export type Oddity = 'fields' | 'quotes' | 'line ends' | 'bytes';

const ODDITIES: Record<number, Oddity> = { [-1]: 'fields', [-2]: 'quotes', [-3]: 'line ends', [-4]: 'bytes' };

/** What the module exports: `assembly/index.ts`. Addresses and lengths are bytes; of the last column that was written the globals tell. */
interface Exports {
  memory: WasmMemory;
  firstByte: WasmGlobal;
  quotes: WasmGlobal;
  textsAt: WasmGlobal;
  textsEnd: WasmGlobal;
  texts: WasmGlobal;
  levelsAt: WasmGlobal;
  valuesEnd: WasmGlobal;
  nulls: WasmGlobal;
  odd: WasmGlobal;
  least: WasmGlobal;
  most: WasmGlobal;
  scan(
    ...[from, bytes, delimiter, quote, columns, returns, ends]: [number, number, number, number, number, number, number]
  ): number;
  openBlock(from: number, ends: number, fields: number, quote: number, nullBytes: number, nullText: bigint): void;
  writeDictionary(column: number, rows: number, crlf: number, to: number, gap: number, codes: number): number;
  writeColumn(
    ...[column, rows, crlf, kind, a, b, to, odd]: [number, number, number, number, number, number, number, number]
  ): void;
  textBits(): number;
  writeOdd(column: number, rows: number, crlf: number, to: number, odd: number): void;
  chooseRows(
    ...[ends, rows, columns, before, seed, zeros, to, numbers]: [
      ...[number, number, number],
      ...[bigint, bigint, number, number, number],
    ]
  ): number;
  writeNumbers(from: number, rows: number, to: number): void;
}

const PAGE_BYTES = 65_536;
/** What is read and written beyond an end: 64 bytes are looked at, and 16 copied, at once. */
const BEYOND = 128;
/** Texts of a column that did not repeat are tried again after so many blocks. */
const TRY_AGAIN = 16;
/** A page header takes less. */
const HEADER_BYTES = 64;

let compiled: WasmModule | undefined;

/** Reads blocks of delimited text into columns of a Parquet file: WebAssembly that is compiled from `assembly/`. */
export class BlockReader {
  readonly #wasm: Exports;
  readonly #columns: readonly ColumnCode[];
  readonly #format: BlockFormat;
  readonly #null: { bytes: number; text: bigint };
  readonly #crlf: number;
  /** Column → blocks for which its texts are taken not to repeat. */
  readonly #plain: number[];

  constructor(columns: readonly ColumnCode[], format: BlockFormat) {
    compiled ??= new Module(Buffer.from(COLUMNS_MODULE, 'base64'));
    this.#wasm = new Instance(compiled).exports as unknown as Exports;
    this.#columns = columns;
    this.#format = format;
    this.#plain = columns.map(() => 0);
    this.#crlf = format.returns === 'line ends' ? 1 : 0;
    const text = Buffer.alloc(8);
    this.#null = { bytes: text.write(format.nullText), text: text.readBigUInt64LE() };
  }

  /**
   * @param block whole records, the last one ended
   * @param choose given the number of rows, or 0 where they cannot be read; called once
   * @returns its columns, in memory that the next call writes anew
   */
  read(block: Uint8Array, choose: (rows: number) => ChosenRows | undefined): ReadBlock | Oddity {
    const wasm = this.#wasm;
    const columns = this.#columns.length;
    const { returns, delimiter, quote } = this.#format;
    const from = align(wasm.firstByte.value as number);
    const ends = from + align(block.length + BEYOND);
    // Every field ends with a byte.
    this.#provide(ends + 4 * (block.length + 1));
    new Uint8Array(wasm.memory.buffer).set(block, from);
    const [comma, mark] = [delimiter.charCodeAt(0), quote.charCodeAt(0)];
    const rows = wasm.scan(from, block.length, comma, mark, columns, RETURNS[returns], ends);
    const chosen = choose(Math.max(rows, 0));
    if (rows < 0) return ODDITIES[rows] ?? 'bytes';
    const all = { from, ends, fields: columns, rows, mark: wasm.quotes.value > 0 ? mark : 0, bytes: block.length };
    const to = align(ends + 4 * (rows * columns + 1));
    if (chosen === undefined) return this.#write(all, to);
    const numbers = align(to + 4 * rows * (columns + 1));
    const next = align(numbers + 8 * rows);
    this.#provide(next);
    const { before, seed, level } = chosen;
    const some = wasm.chooseRows(ends, rows, columns, BigInt(before), BigInt(seed), level, to, numbers);
    const read = this.#write(all, next);
    if (some === 0) return read;
    const sampled = { ...all, ends: to, fields: columns + 1, rows: some };
    const { byteOffset, length } = read.bytes;
    const sample = this.#write(sampled, align(byteOffset + length), numbers);
    // More memory may have been asked for since, which takes all views of it away.
    return { ...read, bytes: new Uint8Array(wasm.memory.buffer, byteOffset, length), sample };
  }

  /**
   * Writes columns of rows from `scratch` on.
   *
   * @param numbers address of their numbers in the table, which are one more column
   */
  #write({ from, ends, fields, rows, mark, bytes: most }: FoundRows, scratch: number, numbers?: number): ReadRows {
    const wasm = this.#wasm;
    const columns = this.#columns.length;
    const oddRows = scratch;
    const first = align(oddRows + 4 * rows + BEYOND);
    // Texts take four bytes more than they have, other values up to eight for one; a level takes a bit. All fields may be odd, and are written once more.
    this.#provide(
      first + 2 * most + rows * (columns + 1) * 13 + (columns + 1) * (rows / 4 + 4 * HEADER_BYTES) + BEYOND,
    );
    wasm.openBlock(from, ends, fields, mark, this.#null.bytes, this.#null.text);
    const chunks: Chunk[] = [];
    const oddChunks: Chunk[] = [];
    const odd: number[] = [];
    const texts: number[] = [];
    let to = first;
    const close = (): Chunk => {
      const page = this.#page(rows, 'plain');
      to = page.end;
      return { at: page.at - first, bytes: page.end - page.at, nulls: wasm.nulls.value as number };
    };
    for (const [i, { kind, a, b }] of this.#columns.entries()) {
      const at = to + HEADER_BYTES;
      if (kind === 'text' && this.#repeats(i, rows, at, oddRows)) {
        const pages = this.#dictionary(rows);
        chunks.push({
          at: pages.at - first,
          dataAt: pages.dataAt - first,
          bytes: pages.end - pages.at,
          nulls: wasm.nulls.value as number,
        });
        odd.push(0);
        texts.push(wasm.textBits());
        oddChunks.push({ at: 0, bytes: 0, nulls: rows });
        to = pages.end;
        continue;
      }
      wasm.writeColumn(i, rows, this.#crlf, KINDS[kind], a, b, at, oddRows);
      texts.push(kind === 'text' ? wasm.textBits() : 0);
      const [least, most] = [wasm.least.value as bigint, wasm.most.value as bigint];
      const chunk = close();
      chunks.push(least <= most ? { ...chunk, range: { least, most } } : chunk);
      const misfits = wasm.odd.value as number;
      odd.push(misfits);
      if (misfits === 0) oddChunks.push({ at: 0, bytes: 0, nulls: rows });
      else {
        wasm.writeOdd(i, rows, this.#crlf, to + HEADER_BYTES, oddRows);
        oddChunks.push(close());
      }
    }
    chunks.push(...oddChunks);
    if (numbers !== undefined) {
      wasm.writeNumbers(numbers, rows, to + HEADER_BYTES);
      chunks.push(close());
    }
    return { bytes: new Uint8Array(wasm.memory.buffer, first, to - first), group: { rows, chunks }, odd, texts };
  }

  /** Writes a column of texts by a dictionary, if they are known to repeat or it is time to look. */
  #repeats(column: number, rows: number, to: number, codes: number): boolean {
    const plain = this.#plain[column] ?? 0;
    if (plain > 0) {
      this.#plain[column] = plain - 1;
      return false;
    }
    if (this.#wasm.writeDictionary(column, rows, this.#crlf, to, HEADER_BYTES, codes)) return true;
    this.#plain[column] = TRY_AGAIN;
    return false;
  }

  /** Puts the header before the page that was written last. */
  #page(rows: number, encoding: 'plain' | 'dictionary'): { at: number; end: number } {
    const { levelsAt, valuesEnd, memory } = this.#wasm;
    const [levels, end] = [levelsAt.value as number, valuesEnd.value as number];
    const header = pageHeader(rows, end - levels, encoding);
    new Uint8Array(memory.buffer).set(header, levels - header.length);
    return { at: levels - header.length, end };
  }

  /** The same of a dictionary and the page behind it, which have to lie together. */
  #dictionary(rows: number): { at: number; dataAt: number; end: number } {
    const { textsAt, textsEnd, texts, memory } = this.#wasm;
    const [from, to] = [textsAt.value as number, textsEnd.value as number];
    const header = dictionaryHeader(texts.value as number, to - from);
    const page = this.#page(rows, 'dictionary');
    const bytes = new Uint8Array(memory.buffer);
    bytes.set(header, from - header.length);
    bytes.copyWithin(to, page.at, page.end);
    return { at: from - header.length, dataAt: to, end: to + page.end - page.at };
  }

  #provide(bytes: number): void {
    const missing = bytes - this.#wasm.memory.buffer.byteLength;
    if (missing > 0) this.#wasm.memory.grow(Math.ceil(missing / PAGE_BYTES));
  }
}

/** Rows whose fields were found: addresses in the memory of the module. */
interface FoundRows {
  from: number;
  ends: number;
  /** Positions a row. */
  fields: number;
  rows: number;
  /** The quote, 0 where there is none. */
  mark: number;
  /** Of their text, at most. */
  bytes: number;
}

const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;
