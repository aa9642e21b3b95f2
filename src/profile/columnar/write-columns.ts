import { closeSync, openSync, writeSync } from 'node:fs';
import type { BlockFormat, Oddity } from './block-reader.ts';
import { type BlockOptions, cutBlocks, LongRecord } from './blocks.ts';
import type { ByteSource } from './byte-source.ts';
import { type ColumnCode, TEXT } from './column-code.ts';
import type { LaneAnswer } from './lane.ts';
import { Lanes } from './lanes.ts';
import { emptyPage, footer, MAGIC, type RowGroup } from './parquet.ts';

export interface WriteOptions {
  /** The Parquet file to write. */
  path: string;
  columns: readonly ColumnCode[];
  format: BlockFormat;
  header: boolean;
  mark: BlockOptions['mark'];
  threads: number;
  /** Bytes of the longest record. */
  mostBytes: number;
  blockBytes?: number;
  signal: AbortSignal;
}

/** What was written: columns `x0`, `x1`, … and for each with fields that do not fit its type `b<i>`, which holds their texts; null in x. */
export interface WrittenColumns {
  rows: number;
  /** Column → its fields that do not fit, for each column. */
  odd: number[];
}

/** Nothing is read of rows that are not written as was said. */
export class OddRows extends Error {
  readonly oddity: Oddity | 'long record';

  constructor(oddity: Oddity | 'long record') {
    super(`the rows are not written as they seemed: ${oddity}`);
    this.oddity = oddity;
  }
}

/** So many bytes at once keep a block within the caches while each of its columns is read from it: 8 MB took a tenth more, 1 MB makes DuckDB slower. */
const BLOCK_BYTES = 4 * 2 ** 20;

/**
 * Reads delimited text into a Parquet file of its columns, in the order of its rows, whatever the threads: the rows of a block are a row group.
 * Memory is that of a few blocks.
 *
 * @throws OddRows, SOURCE_UNREACHABLE and others of the source, ASSAY_DISK_FULL
 */
export async function writeColumns(
  source: ByteSource,
  { path, columns, format, header, mark, threads, mostBytes, blockBytes = BLOCK_BYTES, signal }: WriteOptions,
): Promise<WrittenColumns> {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, MAGIC, 0, MAGIC.length, 0);
    const end = new SharedArrayBuffer(8);
    Atomics.store(new BigInt64Array(end), 0, BigInt(MAGIC.length));
    const options: BlockOptions = {
      quote: format.quote,
      crlf: format.returns === 'line ends',
      mark,
      header,
      blockBytes,
      mostBytes,
    };
    const answers: Promise<LaneAnswer>[] = [];
    await using lanes = new Lanes({ columns: [...columns], format, file, end }, threads);
    try {
      for await (const block of cutBlocks(source, options, (bytes) => lanes.memory(bytes))) {
        signal.throwIfAborted();
        const { answer } = await lanes.take(block);
        answers.push(answer);
      }
    } catch (error) {
      throw error instanceof LongRecord ? new OddRows('long record') : error;
    }
    const groups: RowGroup[] = [];
    const odd = columns.map(() => 0);
    for (const answer of answers) {
      const read = await answer;
      if ('oddity' in read) throw new OddRows(read.oddity);
      groups.push(read.group);
      for (const [i, count] of read.odd.entries()) odd[i] = (odd[i] ?? 0) + count;
    }
    writeEnd(file, Number(Atomics.load(new BigInt64Array(end), 0)), columns, groups, odd);
    return { rows: groups.reduce((rows, group) => rows + group.rows, 0), odd };
  } finally {
    closeSync(file);
  }
}

function writeEnd(
  file: number,
  end: number,
  columns: readonly ColumnCode[],
  groups: readonly RowGroup[],
  odd: readonly number[],
): void {
  let at = end;
  const write = (bytes: Uint8Array): number => {
    const from = at;
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, from + done);
    at += bytes.length;
    return from;
  };
  const kept = columns.map((_, i) => i).filter((i) => (odd[i] ?? 0) > 0);
  const written = groups.map(({ rows, chunks }) => {
    const empty = emptyPage(rows);
    const beside = kept.map((i) => {
      const chunk = chunks[columns.length + i];
      return chunk !== undefined && chunk.bytes > 0 ? chunk : { at: write(empty), bytes: empty.length, nulls: rows };
    });
    return { rows, chunks: [...chunks.slice(0, columns.length), ...beside] };
  });
  const names = columns.map((code, i) => ({ name: `x${i}`, code }));
  write(footer([...names, ...kept.map((i) => ({ name: `b${i}`, code: TEXT }))], written));
}
