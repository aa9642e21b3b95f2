import type { ColumnCode } from './column-code.ts';
import { ThriftWriter, varint } from './thrift.ts';

/** A column of the rows of one block as it lies in the file: one data page, and the dictionary of its texts before it where they repeat. */
export interface Chunk {
  /** Offset and length of the pages with their headers, bytes. */
  at: number;
  bytes: number;
  /** Offset of the data page, where a dictionary comes first. */
  dataAt?: number;
  nulls: number;
  /** The smallest and the largest value as they are stored; absent where none are kept. */
  range?: { least: bigint; most: bigint };
}

export interface RowGroup {
  rows: number;
  chunks: Chunk[];
}

export interface FileColumn {
  name: string;
  code: ColumnCode;
}

const PLAIN = 0;
const RLE = 3;
const RLE_DICTIONARY = 8;
const [DATA_PAGE, DICTIONARY_PAGE] = [0, 2];
const UNCOMPRESSED = 0;
const OPTIONAL = 1;
const TYPES = { boolean: 0, int32: 1, int64: 2, double: 5, bytes: 6 } as const;
const CONVERTED = { utf8: 0, decimal: 5, date: 6, timestampMicros: 10 } as const;

const TYPE_OF: Record<ColumnCode['kind'], keyof typeof TYPES> = {
  text: 'bytes',
  int64: 'int64',
  int32: 'int32',
  double: 'double',
  decimal: 'int64',
  date: 'int32',
  timestamp: 'int64',
  boolean: 'boolean',
};

export const MAGIC = new TextEncoder().encode('PAR1');

/** The header of a data page of version 1. @param bytes of its levels and values */
export function pageHeader(rows: number, bytes: number, encoding: 'plain' | 'dictionary' = 'plain'): Uint8Array {
  const thrift = new ThriftWriter();
  thrift.item(() => {
    thrift.i32(1, DATA_PAGE);
    thrift.i32(2, bytes);
    thrift.i32(3, bytes);
    thrift.struct(5, () => {
      thrift.i32(1, rows);
      thrift.i32(2, encoding === 'plain' ? PLAIN : RLE_DICTIONARY);
      thrift.i32(3, RLE);
      thrift.i32(4, RLE);
    });
  });
  return thrift.bytes;
}

/** The header of a dictionary page. @param bytes of its texts with their lengths */
export function dictionaryHeader(texts: number, bytes: number): Uint8Array {
  const thrift = new ThriftWriter();
  thrift.item(() => {
    thrift.i32(1, DICTIONARY_PAGE);
    thrift.i32(2, bytes);
    thrift.i32(3, bytes);
    thrift.struct(7, () => {
      thrift.i32(1, texts);
      thrift.i32(2, PLAIN);
    });
  });
  return thrift.bytes;
}

/** The page of a column that is null in all rows: one run of zeros as its levels, no value. */
export function emptyPage(rows: number): Uint8Array {
  const levels = [...varint(rows * 2), 0];
  const body = Uint8Array.of(levels.length, 0, 0, 0, ...levels);
  return Buffer.concat([pageHeader(rows, body.length), body]);
}

/** What ends a Parquet file: its metadata, their length, the magic bytes (parquet-format 2.11, "parquet.thrift"). */
export function footer(columns: readonly FileColumn[], groups: readonly RowGroup[]): Uint8Array {
  const thrift = new ThriftWriter();
  thrift.item(() => {
    thrift.i32(1, 1);
    thrift.list(2, 'struct', [undefined, ...columns], (column) =>
      thrift.item(() => writeSchema(thrift, column, columns.length)),
    );
    thrift.i64(
      3,
      groups.reduce((rows, group) => rows + group.rows, 0),
    );
    thrift.list(4, 'struct', groups, (group) => thrift.item(() => writeGroup(thrift, columns, group)));
  });
  const length = Buffer.alloc(4);
  length.writeUInt32LE(thrift.bytes.length);
  return Buffer.concat([thrift.bytes, length, MAGIC]);
}

/** @param column undefined for the root */
function writeSchema(thrift: ThriftWriter, column: FileColumn | undefined, children: number): void {
  if (column === undefined) {
    thrift.binary(4, 'rows');
    thrift.i32(5, children);
    return;
  }
  const { kind, a, b } = column.code;
  thrift.i32(1, TYPES[TYPE_OF[kind]]);
  thrift.i32(3, OPTIONAL);
  thrift.binary(4, column.name);
  if (kind === 'text') thrift.i32(6, CONVERTED.utf8);
  if (kind === 'date') thrift.i32(6, CONVERTED.date);
  if (kind === 'decimal') {
    thrift.i32(6, CONVERTED.decimal);
    thrift.i32(7, a);
    thrift.i32(8, b);
  }
  if (kind === 'timestamp') {
    thrift.i32(6, CONVERTED.timestampMicros);
    thrift.struct(10, () =>
      thrift.struct(8, () => {
        thrift.bool(1, b === 1);
        thrift.struct(2, () => thrift.struct(2, () => undefined));
      }),
    );
  }
}

function writeGroup(thrift: ThriftWriter, columns: readonly FileColumn[], { rows, chunks }: RowGroup): void {
  const pairs = columns.map((column, i) => ({ column, chunk: chunks[i] as Chunk }));
  thrift.list(1, 'struct', pairs, ({ column, chunk }) =>
    thrift.item(() => {
      thrift.i64(2, chunk.at);
      thrift.struct(3, () => writeChunk(thrift, column, chunk, rows));
    }),
  );
  thrift.i64(
    2,
    chunks.reduce((bytes, chunk) => bytes + chunk.bytes, 0),
  );
  thrift.i64(3, rows);
}

function writeChunk(thrift: ThriftWriter, { name, code }: FileColumn, chunk: Chunk, rows: number): void {
  const type = TYPE_OF[code.kind];
  thrift.i32(1, TYPES[type]);
  thrift.list(2, 'i32', chunk.dataAt === undefined ? [PLAIN, RLE] : [PLAIN, RLE, RLE_DICTIONARY], (encoding) =>
    thrift.i32Item(encoding),
  );
  thrift.list(3, 'binary', [name], (part) => thrift.binaryItem(part));
  thrift.i32(4, UNCOMPRESSED);
  thrift.i64(5, rows);
  thrift.i64(6, chunk.bytes);
  thrift.i64(7, chunk.bytes);
  thrift.i64(9, chunk.dataAt ?? chunk.at);
  if (chunk.dataAt !== undefined) thrift.i64(11, chunk.at);
  thrift.struct(12, () => {
    thrift.i64(3, chunk.nulls);
    const { range } = chunk;
    if (range === undefined) return;
    thrift.binary(5, littleEndian(range.most, type));
    thrift.binary(6, littleEndian(range.least, type));
  });
}

function littleEndian(value: bigint, type: keyof typeof TYPES): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return type === 'int32' ? bytes.subarray(0, 4) : bytes;
}
