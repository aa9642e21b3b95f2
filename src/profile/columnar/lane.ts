import { writeSync } from 'node:fs';
import { type BlockFormat, BlockReader, type Oddity } from './block-reader.ts';
import type { ColumnCode } from './column-code.ts';
import type { Chunk, RowGroup } from './parquet.ts';

/** What every thread that reads blocks of one source is told. */
export interface LaneSetup {
  columns: ColumnCode[];
  format: BlockFormat;
  /** The open file that all of them write to. */
  file: number;
  /** One number of 64 bits: where the next of them may write. */
  end: SharedArrayBuffer;
}

/** The rows of a block as they lie in the file; or what is odd about it. */
export type LaneAnswer = { group: RowGroup; odd: number[] } | { oddity: Oddity };

/** Reads blocks and writes each where it has reserved room, so that threads need not wait for each other. */
export class Lane {
  readonly #reader: BlockReader;
  readonly #file: number;
  readonly #end: BigInt64Array;

  constructor({ columns, format, file, end }: LaneSetup) {
    this.#reader = new BlockReader(columns, format);
    this.#file = file;
    this.#end = new BigInt64Array(end);
  }

  take(block: Uint8Array): LaneAnswer {
    const read = this.#reader.read(block);
    if (typeof read === 'string') return { oddity: read };
    const { bytes, group, odd } = read;
    const at = Number(Atomics.add(this.#end, 0, BigInt(bytes.length)));
    for (let done = 0; done < bytes.length; )
      done += writeSync(this.#file, bytes, done, bytes.length - done, at + done);
    const chunks = group.chunks.map((chunk) => (chunk.bytes === 0 ? chunk : moved(chunk, at)));
    return { group: { rows: group.rows, chunks }, odd };
  }
}

const moved = (chunk: Chunk, by: number): Chunk => ({
  ...chunk,
  at: chunk.at + by,
  ...(chunk.dataAt === undefined ? {} : { dataAt: chunk.dataAt + by }),
});
