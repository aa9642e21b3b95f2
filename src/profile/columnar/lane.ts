import { levelOf } from '../sampling.ts';
import { type BlockFormat, BlockReader, type ChosenRows, type Oddity } from './block-reader.ts';
import type { ColumnCode } from './column-code.ts';
import { appendRows, type FileRoom } from './column-file.ts';
import type { RowGroup } from './parquet.ts';

/** What every thread that reads blocks of one source is told. */
export interface LaneSetup {
  columns: ColumnCode[];
  format: BlockFormat;
  rows: FileRoom;
  sample?: LaneSample;
}

/** Some of the rows are written to a file of their own as well. */
export interface LaneSample extends FileRoom {
  seed: number;
  /** So many rows are wanted, or up to twice as many. */
  sampleRows: number;
  /** Two numbers of 64 bits: the blocks whose rows are counted, and their rows. */
  counted: SharedArrayBuffer;
}

/** The rows of a block as they lie in the files; or what is odd about it. */
export type LaneAnswer = LaneRows | { oddity: Oddity };

interface LaneRows {
  group: RowGroup;
  odd: number[];
  texts: number[];
  sample?: RowGroup;
  level: number;
}

/** Reads blocks and writes each where it has reserved room, so that threads need not wait for each other. */
export class Lane {
  readonly #reader: BlockReader;
  readonly #setup: LaneSetup;

  constructor(setup: LaneSetup) {
    this.#reader = new BlockReader(setup.columns, setup.format);
    this.#setup = setup;
  }

  /** @param index of the block among all of the source, from 0; those before it are in some lane by then */
  take(block: Uint8Array, index: number): LaneAnswer {
    const { rows, sample } = this.#setup;
    let level = 0;
    const read = this.#reader.read(block, (count): ChosenRows | undefined => {
      if (sample === undefined) return undefined;
      const before = rowsBefore(sample.counted, index, count);
      level = levelOf(before + count, sample.sampleRows);
      return { before, seed: sample.seed, level };
    });
    if (typeof read === 'string') return { oddity: read };
    const group = appendRows(rows, read);
    return {
      ...{ group, odd: read.odd, texts: read.texts, level },
      ...(read.sample && sample ? { sample: appendRows(sample, read.sample) } : {}),
    };
  }
}

/** Waits for the rows of all blocks before one to be counted, and adds its own. */
function rowsBefore(counted: SharedArrayBuffer, index: number, rows: number): number {
  const state = new BigInt64Array(counted);
  for (let seen = Atomics.load(state, 0); seen < BigInt(index); seen = Atomics.load(state, 0))
    Atomics.wait(state, 0, seen);
  const before = Number(Atomics.add(state, 1, BigInt(rows)));
  Atomics.add(state, 0, 1n);
  Atomics.notify(state, 0);
  return before;
}
