import type { BlockFormat, Oddity } from './block-reader.ts';
import { type BlockOptions, cutBlocks, LongRecord } from './blocks.ts';
import type { ByteSource } from './byte-source.ts';
import { type ColumnCode, TEXT } from './column-code.ts';
import { append, createFile, type FileRoom, finish } from './column-file.ts';
import type { LaneAnswer, LaneSample } from './lane.ts';
import { Lanes } from './lanes.ts';
import { emptyPage, type FileColumn, type RowGroup } from './parquet.ts';

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
  /** Some of the rows are written to a file of their own as well, each with the chance 2^−level by its hash and this seed: so many or up to twice as many. */
  sample?: { path: string; seed: number; sampleRows: number };
  signal: AbortSignal;
}

/** What was written: columns `x0`, `x1`, … and for each with fields that do not fit its type `b<i>`, which holds their texts; null in x. */
export interface WrittenColumns {
  rows: number;
  /** Column → its fields that do not fit, for each column. */
  odd: number[];
  /** Column → bits of `TEXT_BITS`, for each column. */
  texts: number[];
  /** The level at which the sample holds all rows that are chosen. */
  level: number;
}

const SAID: Record<OddRows['oddity'], string> = {
  fields: 'a row has more or fewer fields than there are columns',
  quotes: 'quotes stand where none may, or are not closed',
  'line ends': 'lines end in different ways',
  bytes: 'some bytes are not UTF-8',
  'long record': 'a row is longer than the memory allows',
};

/** Nothing is read of rows that are not written as was said. */
export class OddRows extends Error {
  readonly oddity: Oddity | 'long record';

  constructor(oddity: Oddity | 'long record') {
    super(SAID[oddity]);
    this.oddity = oddity;
  }
}

/** So many bytes at once keep a block within the caches while each of its columns is read from it: 8 MB took a tenth more, 1 MB makes DuckDB slower. */
const BLOCK_BYTES = 4 * 2 ** 20;

/**
 * Reads delimited text into a Parquet file of its columns, in the order of its rows, whatever the threads: the rows of a block are a row group.
 * Memory is that of a few blocks.
 *
 * @throws OddRows, and what the source and the file system throw
 */
export async function writeColumns(
  source: ByteSource,
  { path, columns, format, header, mark, threads, mostBytes, blockBytes = BLOCK_BYTES, sample, signal }: WriteOptions,
): Promise<WrittenColumns> {
  using files = new DisposableStack();
  const rows = createFile(path, files);
  const some = sample && { ...createFile(sample.path, files), ...sample, counted: new SharedArrayBuffer(16) };
  const crlf = format.returns === 'line ends';
  const options: BlockOptions = { quote: format.quote, crlf, mark, header, blockBytes, mostBytes };
  const answers: Promise<LaneAnswer>[] = [];
  // Ends before the files are closed: their numbers may be those of others then.
  await using lanes = new Lanes({ columns: [...columns], format, rows, sample: some }, threads);
  try {
    for await (const block of cutBlocks(source, options, (bytes) => lanes.memory(bytes))) {
      signal.throwIfAborted();
      if (lanes.isOver) break;
      const { answer } = await lanes.take(block);
      answers.push(answer);
    }
  } catch (error) {
    throw error instanceof LongRecord ? new OddRows('long record') : error;
  }
  return finishFiles(await Promise.all(answers), columns, rows, some);
}

function finishFiles(
  answers: readonly LaneAnswer[],
  columns: readonly ColumnCode[],
  rows: FileRoom,
  sample: LaneSample | undefined,
): WrittenColumns {
  const odd = columns.map(() => 0);
  const texts = columns.map(() => 0);
  const groups: RowGroup[] = [];
  const samples: RowGroup[] = [];
  let level = 0;
  for (const read of answers) {
    if ('oddity' in read) throw new OddRows(read.oddity);
    groups.push(read.group);
    if (read.sample) samples.push(read.sample);
    level = Math.max(level, read.level);
    for (const [i, count] of read.odd.entries()) odd[i] = (odd[i] ?? 0) + count;
    for (const [i, bits] of read.texts.entries()) texts[i] = (texts[i] ?? 0) | bits;
  }
  const kept = columns.map((_, i) => i).filter((i) => (odd[i] ?? 0) > 0);
  const names: FileColumn[] = [
    ...columns.map((code, i) => ({ name: `x${i}`, code })),
    ...kept.map((i) => ({ name: `b${i}`, code: TEXT })),
  ];
  const choose = (room: FileRoom, group: RowGroup): RowGroup => withoutUnused(room, group, columns.length, kept);
  finish(
    rows,
    names,
    groups.map((group) => choose(rows, group)),
  );
  if (sample)
    finish(
      sample,
      [...names, NUMBER],
      samples.map((group) => choose(sample, group)),
    );
  return { rows: groups.reduce((count, group) => count + group.rows, 0), odd, texts, level };
}

/** What the rows of a sample have besides: their number in the table, from 0. */
const NUMBER: FileColumn = { name: 'pos', code: { kind: 'int64', a: 0, b: 0 } };

/** Chunks of the columns and of the odd fields that are kept; all null where a block has none. */
function withoutUnused(room: FileRoom, { rows, chunks }: RowGroup, columns: number, kept: readonly number[]): RowGroup {
  const odd = kept.map((i) => {
    const chunk = chunks[columns + i];
    if (chunk !== undefined && chunk.bytes > 0) return chunk;
    const empty = emptyPage(rows);
    return { at: append(room, empty), bytes: empty.length, nulls: rows };
  });
  return { rows, chunks: [...chunks.slice(0, columns), ...odd, ...chunks.slice(2 * columns)] };
}
