import { closeSync, openSync, writeSync } from 'node:fs';
import type { ReadRows } from './block-reader.ts';
import { type Chunk, type FileColumn, footer, MAGIC, type RowGroup } from './parquet.ts';

/** A file that several threads write to, each where it has reserved room. It can be handed to them. */
export interface FileRoom {
  file: number;
  /** One number of 64 bits: where the next may write. */
  end: SharedArrayBuffer;
}

/** Opens a new Parquet file, which `finish` completes and `files` closes. */
export function createFile(path: string, files: DisposableStack): FileRoom {
  const file = openSync(path, 'wx', 0o600);
  files.defer(() => closeSync(file));
  const room = { file, end: new SharedArrayBuffer(8) };
  append(room, MAGIC);
  return room;
}

/** @returns where the bytes lie in the file */
export function append({ file, end }: FileRoom, bytes: Uint8Array): number {
  const at = Number(Atomics.add(new BigInt64Array(end), 0, BigInt(bytes.length)));
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, at + done);
  return at;
}

/** Writes rows. @returns where their columns lie in the file */
export function appendRows(room: FileRoom, { bytes, group }: ReadRows): RowGroup {
  const at = append(room, bytes);
  return { rows: group.rows, chunks: group.chunks.map((chunk) => (chunk.bytes === 0 ? chunk : moved(chunk, at))) };
}

/** Writes what ends the file. */
export function finish(room: FileRoom, columns: readonly FileColumn[], groups: readonly RowGroup[]): void {
  append(room, footer(columns, groups));
}

const moved = (chunk: Chunk, by: number): Chunk => ({
  ...chunk,
  at: chunk.at + by,
  ...(chunk.dataAt === undefined ? {} : { dataAt: chunk.dataAt + by }),
});
