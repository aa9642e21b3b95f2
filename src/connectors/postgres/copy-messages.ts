/** Letters of messages that come while COPY sends rows; any other ends it. */
const DATA = 0x64;
const BESIDE = new Set([
  0x48 /* H: it begins */, 0x4e /* N: notice */, 0x53 /* S: parameter */, 0x41 /* A: notification */,
]);
const LENGTH = 4;
const HEADER = 1 + LENGTH;

/**
 * Takes the rows out of the messages of COPY … TO STDOUT and puts them together into blocks. A message is its letter, four bytes of
 * length that count themselves, and its content; the server sends one for each row and cuts its packets anywhere. Does no I/O.
 */
export class CopyMessages {
  /** What is still to come of the message that was begun. */
  #left = 0;
  #isData = false;
  /** The beginning of a header that was cut. */
  #header = Buffer.alloc(HEADER);
  #headerBytes = 0;
  #block: Buffer;
  #filled = 0;
  readonly #blockBytes: number;
  readonly #give: (block: Buffer) => void;

  /** @param give called with each full block, which is not written to again */
  constructor(blockBytes: number, give: (block: Buffer) => void) {
    this.#blockBytes = blockBytes;
    this.#block = Buffer.allocUnsafeSlow(blockBytes);
    this.#give = give;
  }

  /** @returns where COPY ended: the place of the first message that is none of its own. Absent when all of the packet was. */
  take(packet: Buffer): number | undefined {
    let at = 0;
    for (;;) {
      if (this.#left > 0) {
        const to = Math.min(at + this.#left, packet.length);
        if (this.#isData) this.#add(packet, at, to);
        this.#left -= to - at;
        at = to;
      }
      if (at === packet.length) return undefined;
      if (this.#headerBytes === 0) {
        const letter = packet[at] as number;
        this.#isData = letter === DATA;
        if (!this.#isData && !BESIDE.has(letter)) return at;
      }
      if (this.#headerBytes === 0 && at + HEADER <= packet.length) {
        this.#left = packet.readUInt32BE(at + 1) - LENGTH;
        at += HEADER;
        continue;
      }
      const from = at;
      at = Math.min(from + HEADER - this.#headerBytes, packet.length);
      packet.copy(this.#header, this.#headerBytes, from, at);
      this.#headerBytes += at - from;
      if (this.#headerBytes < HEADER) return undefined;
      this.#left = this.#header.readUInt32BE(1) - LENGTH;
      this.#headerBytes = 0;
    }
  }

  /** The block that is not full yet, as far as it is filled. */
  rest(): Buffer {
    return this.#block.subarray(0, this.#filled);
  }

  #add(packet: Buffer, from: number, to: number): void {
    for (let at = from; at < to; ) {
      const bytes = Math.min(to - at, this.#blockBytes - this.#filled);
      packet.copy(this.#block, this.#filled, at, at + bytes);
      this.#filled += bytes;
      at += bytes;
      if (this.#filled < this.#blockBytes) continue;
      this.#give(this.#block);
      this.#block = Buffer.allocUnsafeSlow(this.#blockBytes);
      this.#filled = 0;
    }
  }
}
