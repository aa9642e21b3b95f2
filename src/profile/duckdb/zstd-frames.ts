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
 * Frames that a file may have, besides so many for each megabyte: each costs an unpacker of its own, 0.4 ms. Programs that append
 * write frames of some hundred bytes; smaller ones are made to keep a task busy.
 */
const ALWAYS_FRAMES = 1_000;
const FRAMES_PER_MB = 4_000;

/** Holds over 1,000 headers of empty blocks, and costs little more than one header where blocks are large. */
const WINDOW_BYTES = 4_096;

/**
 * Walks the frames of a zstd file by their headers (RFC 8878, section 3.1), without unpacking anything. Node's own stream stops
 * in silence behind the first frame, and at an end that comes too soon. Frames without content are left out.
 *
 * @param goOn called for each frame, and before each read; throws to end the walk
 * @throws SOURCE_BAD_DATA when the file ends within a frame, something else follows a frame, or the frames are too many
 */
export async function* zstdFrames(file: FileHandle, size: number, goOn: () => void): AsyncIterable<Frame> {
  const window = Buffer.alloc(WINDOW_BYTES);
  let held = { at: 0, bytes: 0 };
  const read = async (at: number, length: number): Promise<Buffer> => {
    if (at < held.at || at + length > held.at + held.bytes) {
      goOn();
      const { bytesRead } = await file.read(window, 0, WINDOW_BYTES, at);
      if (bytesRead < length)
        throw new AssayError('SOURCE_BAD_DATA', `it is cut off: the zstd frame at byte ${from} has no end`);
      held = { at, bytes: bytesRead };
    }
    return window.subarray(at - held.at, at - held.at + length);
  };
  const most = ALWAYS_FRAMES + Math.ceil((size / 2 ** 20) * FRAMES_PER_MB);
  let frames = 0;
  let from = 0;
  while (from < size) {
    goOn();
    const magic = (await read(from, 4)).readUInt32LE();
    if (isSkippable(magic)) {
      from += 8 + (await read(from + 4, 4)).readUInt32LE();
      if (from > size) throw new AssayError('SOURCE_BAD_DATA', 'it is cut off within a zstd frame');
      continue;
    }
    if (magic !== MAGIC) throw new AssayError('SOURCE_BAD_DATA', `what follows at byte ${from} is no zstd frame`);
    const { end, isEmpty } = await walkFrame(from, read);
    if (!isEmpty) {
      if (++frames > most)
        throw new AssayError(
          'SOURCE_BAD_DATA',
          `it is made of more than ${most.toLocaleString('en-US')} zstd frames, too small to be worth it; unpack it and pack it in one`,
        );
      yield { from, end };
    }
    from = end;
  }
}

async function walkFrame(
  from: number,
  read: (at: number, length: number) => Promise<Buffer>,
): Promise<{ end: number; isEmpty: boolean }> {
  const descriptor = (await read(from + 4, 1))[0] ?? 0;
  const singleSegment = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeFlag = descriptor >>> 6;
  const sizeBytes = sizeFlag === 0 ? (singleSegment ? 1 : 0) : 1 << sizeFlag;
  let at = from + 5 + (singleSegment ? 0 : 1) + dictionaryBytes + sizeBytes;
  let isEmpty = true;
  for (;;) {
    const header = (await read(at, 3)).readUIntLE(0, 3);
    const isLast = (header & 1) === 1;
    // Plain or repeated bytes, none of them; of other types no block is that short.
    isEmpty &&= header < 4;
    // A block of repeated bytes (type 1) holds one byte, however long it unpacks.
    at += 3 + (((header >>> 1) & 3) === 1 ? 1 : header >>> 3);
    if (isLast) break;
  }
  at += (descriptor & 4) !== 0 ? 4 : 0;
  // The last byte must be there.
  await read(at - 1, 1);
  return { end: at, isEmpty };
}
