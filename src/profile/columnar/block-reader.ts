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

/** The rows of a block as they are to be written: bytes with one page after another, and where they lie in it. */
export interface ReadBlock {
  bytes: Uint8Array;
  /** The columns, then the fields of each that do not fit its type; offsets count from the begin of the bytes. */
  group: RowGroup;
  /** Column → its fields that do not fit, for each column. */
  odd: number[];
}

/** What was found that is not written so; another reader has to look at the rows. */
export type Oddity = 'fields' | 'quotes' | 'line ends' | 'bytes';

const ODDITIES: Record<number, Oddity> = { [-1]: 'fields', [-2]: 'quotes', [-3]: 'line ends', [-4]: 'bytes' };

interface Exports {
  memory: WasmMemory;
  scan(
    from: number,
    bytes: number,
    delimiter: number,
    quote: number,
    columns: number,
    returns: number,
    ends: number,
  ): number;
  writeDictionary(column: number, rows: number, crlf: number, to: number, gap: number, codes: number): number;
  firstByte: WasmGlobal;
  textsAt: WasmGlobal;
  textsEnd: WasmGlobal;
  texts: WasmGlobal;
  openBlock(from: number, ends: number, columns: number, quote: number, nullBytes: number, nullText: bigint): void;
  writeColumn(
    column: number,
    rows: number,
    crlf: number,
    kind: number,
    a: number,
    b: number,
    to: number,
    odd: number,
  ): void;
  writeOdd(column: number, rows: number, crlf: number, to: number, odd: number): void;
  quotes: WasmGlobal;
  valuesEnd: WasmGlobal;
  levelsAt: WasmGlobal;
  nulls: WasmGlobal;
  odd: WasmGlobal;
  least: WasmGlobal;
  most: WasmGlobal;
}

const PAGE_BYTES = 65_536;
/** What is read and written beyond an end: 64 bytes are looked at, and 16 copied, at once. */
const BEYOND = 128;
/** A page header takes less. */
const HEADER_BYTES = 64;

let compiled: WasmModule | undefined;

/** Reads blocks of delimited text into columns of a Parquet file: WebAssembly that is compiled from `assembly/`. */
export class BlockReader {
  readonly #wasm: Exports;
  readonly #columns: readonly ColumnCode[];
  readonly #format: BlockFormat;
  readonly #null: { bytes: number; text: bigint };

  constructor(columns: readonly ColumnCode[], format: BlockFormat) {
    compiled ??= new Module(Buffer.from(COLUMNS_MODULE, 'base64'));
    this.#wasm = new Instance(compiled).exports as unknown as Exports;
    this.#columns = columns;
    this.#format = format;
    const text = Buffer.alloc(8);
    this.#null = { bytes: text.write(format.nullText), text: text.readBigUInt64LE() };
  }

  /**
   * @param block whole records, the last one ended
   * @returns its columns, in memory that the next call writes anew
   */
  read(block: Uint8Array): ReadBlock | Oddity {
    const wasm = this.#wasm;
    const columns = this.#columns.length;
    const { returns, delimiter, quote } = this.#format;
    const from = align(wasm.firstByte.value as number);
    const ends = from + align(block.length + BEYOND);
    // Every field ends with a byte.
    this.#provide(ends + 4 * (block.length + 1));
    new Uint8Array(wasm.memory.buffer).set(block, from);
    const lineEnds = returns === 'line ends' ? 1 : 0;
    const mark = quote.charCodeAt(0);
    const rows = wasm.scan(from, block.length, delimiter.charCodeAt(0), mark, columns, RETURNS[returns], ends);
    if (rows < 0) return ODDITIES[rows] ?? 'bytes';
    const oddRows = ends + 4 * (rows * columns + 1);
    const first = align(oddRows + 4 * rows + BEYOND);
    // Texts take four bytes more than they have, other values up to eight for one; a level takes a bit. All fields may be odd, and are written once more.
    this.#provide(first + 2 * block.length + rows * columns * 13 + columns * (rows / 4 + 4 * HEADER_BYTES) + BEYOND);
    wasm.openBlock(from, ends, columns, wasm.quotes.value > 0 ? mark : 0, this.#null.bytes, this.#null.text);
    const group: RowGroup = { rows, chunks: [] };
    const oddChunks: Chunk[] = [];
    const odd: number[] = [];
    let to = first;
    const close = (): Chunk => {
      const page = this.#page(rows, 'plain');
      to = page.end;
      return { at: page.at - first, bytes: page.end - page.at, nulls: wasm.nulls.value as number };
    };
    for (const [i, { kind, a, b }] of this.#columns.entries()) {
      if (kind === 'text' && wasm.writeDictionary(i, rows, lineEnds, to + HEADER_BYTES, HEADER_BYTES, oddRows)) {
        const [at, dataAt, end] = this.#dictionary(rows);
        group.chunks.push({
          at: at - first,
          dataAt: dataAt - first,
          bytes: end - at,
          nulls: wasm.nulls.value as number,
        });
        oddChunks.push({ at: 0, bytes: 0, nulls: rows });
        odd.push(0);
        to = end;
        continue;
      }
      wasm.writeColumn(i, rows, lineEnds, KINDS[kind], a, b, to + HEADER_BYTES, oddRows);
      const [least, most] = [wasm.least.value as bigint, wasm.most.value as bigint];
      const chunk = close();
      group.chunks.push(least <= most ? { ...chunk, range: { least, most } } : chunk);
      const misfits = wasm.odd.value as number;
      odd.push(misfits);
      if (misfits === 0) oddChunks.push({ at: 0, bytes: 0, nulls: rows });
      else {
        wasm.writeOdd(i, rows, lineEnds, to + HEADER_BYTES, oddRows);
        oddChunks.push(close());
      }
    }
    group.chunks.push(...oddChunks);
    return { bytes: new Uint8Array(wasm.memory.buffer, first, to - first), group, odd };
  }

  /** Puts the header before the page that was written last. */
  #page(rows: number, encoding: 'plain' | 'dictionary'): { at: number; end: number } {
    const { levelsAt, valuesEnd, memory } = this.#wasm;
    const [levels, end] = [levelsAt.value as number, valuesEnd.value as number];
    const header = pageHeader(rows, end - levels, encoding);
    new Uint8Array(memory.buffer).set(header, levels - header.length);
    return { at: levels - header.length, end };
  }

  /** The same of a dictionary and the page behind it: they lie together. @returns where the first and the second begin, and the second ends */
  #dictionary(rows: number): [at: number, dataAt: number, end: number] {
    const { textsAt, textsEnd, texts, memory } = this.#wasm;
    const [from, to] = [textsAt.value as number, textsEnd.value as number];
    const header = dictionaryHeader(texts.value as number, to - from);
    const page = this.#page(rows, 'dictionary');
    const bytes = new Uint8Array(memory.buffer);
    bytes.set(header, from - header.length);
    bytes.copyWithin(to, page.at, page.end);
    return [from - header.length, to, to + page.end - page.at];
  }

  #provide(bytes: number): void {
    const missing = bytes - this.#wasm.memory.buffer.byteLength;
    if (missing > 0) this.#wasm.memory.grow(Math.ceil(missing / PAGE_BYTES));
  }
}

const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;
