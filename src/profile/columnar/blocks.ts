import type { ByteSource } from './byte-source.ts';
import { firstRecord, wholeRecords } from './record-ends.ts';

export interface BlockOptions {
  quote: string;
  crlf: boolean;
  /** A byte order mark at the beginning is none of a value. */
  mark: 'no value' | 'part of a value';
  /** The first record names the columns. */
  header: boolean;
  /** Bytes of a block that is not longer for a long record; bytes of the longest. */
  blockBytes: number;
  mostBytes: number;
}

const MARK = [0xef, 0xbb, 0xbf];

/** A record that is longer than a block may be. */
export class LongRecord extends Error {}

/**
 * Cuts bytes into blocks of whole records: without the byte order mark, without the header; the last record is ended if it is not.
 * Empty lines at the end are left out.
 *
 * @param memory gives memory of so many bytes for a block, which is whoever's the block is then
 */
export async function* cutBlocks(
  source: ByteSource,
  { quote, crlf, mark: byteOrderMark, header, blockBytes, mostBytes }: BlockOptions,
  memory: (bytes: number) => Uint8Array<ArrayBuffer>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const quoteByte = quote.charCodeAt(0);
  let held = memory(blockBytes);
  let length = 0;
  let first = true;
  /** What comes before the first row. */
  const skip = (end: number): number => {
    const skipped = first ? startOf(held.subarray(0, end), header, quoteByte, byteOrderMark) : 0;
    first = false;
    return skipped;
  };
  for (;;) {
    const read = await source.read(held.subarray(length));
    if (read === 0) break;
    length += read;
    if (length < held.length) continue;
    const end = wholeRecords(held, quoteByte);
    if (end === 0) {
      if (held.length >= mostBytes) throw new LongRecord(`a record is longer than ${mostBytes} bytes`);
      const longer = memory(Math.min(held.length * 2, mostBytes));
      longer.set(held);
      held = longer;
      continue;
    }
    const skipped = skip(end);
    const [block, rest] = [held.subarray(skipped, end), held.subarray(end)];
    held = memory(Math.max(blockBytes, rest.length + 1));
    held.set(rest);
    length = rest.length;
    if (block.length > 0) yield block;
  }
  const lineEnd = crlf ? '\r\n' : '\n';
  const empty = lineEnd.repeat(2);
  while (Buffer.from(held.buffer, 0, length).subarray(-empty.length).toString('latin1') === empty)
    length -= lineEnd.length;
  if (length > 0 && held[length - 1] !== 10) {
    const ended = memory(length + lineEnd.length);
    ended.set(held.subarray(0, length));
    ended.set(Buffer.from(lineEnd), length);
    held = ended;
    length += lineEnd.length;
  }
  const block = held.subarray(skip(length), length);
  if (block.length > 0) yield block;
}

/** The bytes before the first row. */
function startOf(block: Uint8Array, header: boolean, quote: number, mark: BlockOptions['mark']): number {
  const marked = mark === 'no value' && MARK.every((byte, i) => block[i] === byte) ? MARK.length : 0;
  return header ? marked + firstRecord(block.subarray(marked), quote) : marked;
}
