const NEWLINE = 0x0a;
const END = Buffer.from('\\.\n');
const END_AFTER_ROW = Buffer.from('\n\\.\n');
/** A header lists every table and column: some KB. A longer first line is no backup. */
const LONGEST_LINE = 1_000_000;

/** Reads a stream of bytes as lines and as runs of rows that end with a line `\.`. */
export class LineSource {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** The next line without its end; `undefined` when the stream ends first. */
  async readLine(): Promise<string | undefined> {
    for (;;) {
      const at = this.#rest.indexOf(NEWLINE);
      if (at >= 0) {
        const line = this.#rest.toString('utf8', 0, at);
        this.#rest = this.#rest.subarray(at + 1);
        return line;
      }
      if (this.#rest.length > LONGEST_LINE || !(await this.#more())) return undefined;
    }
  }

  /** The rows up to the next line `\.`, which is consumed. Throws RangeError when the stream ends before it. */
  async *readRows(): AsyncGenerator<Buffer> {
    while (this.#rest.length < END.length) if (!(await this.#more())) throw new RangeError('no end of rows');
    if (this.#rest.subarray(0, END.length).equals(END)) {
      this.#rest = this.#rest.subarray(END.length);
      return;
    }
    for (;;) {
      const at = this.#rest.indexOf(END_AFTER_ROW);
      if (at >= 0) {
        const rows = this.#rest.subarray(0, at + 1);
        this.#rest = this.#rest.subarray(at + END_AFTER_ROW.length);
        yield rows;
        return;
      }
      // The end mark may be cut in two by the border of chunks.
      const kept = END_AFTER_ROW.length - 1;
      if (this.#rest.length > kept) {
        const rows = this.#rest.subarray(0, this.#rest.length - kept);
        this.#rest = this.#rest.subarray(rows.length);
        yield rows;
      }
      if (!(await this.#more())) throw new RangeError('no end of rows');
    }
  }

  /** Whether nothing is left. Reading to the end also lets gzip verify its checksum. */
  async isAtEnd(): Promise<boolean> {
    while (this.#rest.length === 0) if (!(await this.#more())) return true;
    return false;
  }

  async #more(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done) return false;
    this.#rest = this.#rest.length === 0 ? next.value : Buffer.concat([this.#rest, next.value]);
    return true;
  }
}
