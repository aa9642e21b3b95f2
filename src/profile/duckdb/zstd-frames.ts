import type { FileHandle } from 'node:fs/promises';
import { AssayError } from '../../errors/assay-error.ts';

/** Bytes of a file that hold one frame: `end` is not among them. */
export interface Frame {
  from: number;
  end: number;
}

const MAGIC = 0xfd2fb528;
/** 0x184D2A50 to 0x184D2A5F: frames that hold no data. */
const isSkippable = (magic: number): boolean => magic >>> 4 === 0x184d2a5;

/**
 * Walks the frames of a zstd file by their headers (RFC 8878, section 3.1), without unpacking anything. Node's own stream stops
 * in silence behind the first frame, and at an end that comes too soon.
 *
 * @throws SOURCE_BAD_DATA when the file ends within a frame, or something else follows a frame
 */
export async function* zstdFrames(file: FileHandle, size: number): AsyncIterable<Frame> {
  const read = async (at: number, length: number): Promise<Buffer> => {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await file.read(buffer, 0, length, at);
    if (bytesRead < length)
      throw new AssayError('SOURCE_BAD_DATA', `it is cut off: the zstd frame at byte ${from} has no end`);
    return buffer;
  };
  let from = 0;
  while (from < size) {
    const magic = (await read(from, 4)).readUInt32LE();
    if (isSkippable(magic)) {
      from += 8 + (await read(from + 4, 4)).readUInt32LE();
      if (from > size) throw new AssayError('SOURCE_BAD_DATA', 'it is cut off within a zstd frame');
      continue;
    }
    if (magic !== MAGIC) throw new AssayError('SOURCE_BAD_DATA', `what follows at byte ${from} is no zstd frame`);
    const end = await endOfFrame(from, read);
    yield { from, end };
    from = end;
  }
}

async function endOfFrame(from: number, read: (at: number, length: number) => Promise<Buffer>): Promise<number> {
  const descriptor = (await read(from + 4, 1))[0] ?? 0;
  const singleSegment = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeFlag = descriptor >>> 6;
  const sizeBytes = sizeFlag === 0 ? (singleSegment ? 1 : 0) : 1 << sizeFlag;
  let at = from + 5 + (singleSegment ? 0 : 1) + dictionaryBytes + sizeBytes;
  for (;;) {
    const header = (await read(at, 3)).readUIntLE(0, 3);
    const isLast = (header & 1) === 1;
    // A block of repeated bytes (type 1) holds one byte, however long it unpacks.
    at += 3 + (((header >>> 1) & 3) === 1 ? 1 : header >>> 3);
    if (isLast) break;
  }
  at += (descriptor & 4) !== 0 ? 4 : 0;
  // The last byte must be there.
  await read(at - 1, 1);
  return at;
}
