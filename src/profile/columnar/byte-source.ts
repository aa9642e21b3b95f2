import { type FileHandle, open } from 'node:fs/promises';

/** Bytes one after the other, into memory that is there already. */
export interface ByteSource extends AsyncDisposable {
  /** @returns how many bytes were written to the begin of `into`; 0 at the end only */
  read(into: Uint8Array): Promise<number>;
}

export class FileBytes implements ByteSource {
  readonly #file: FileHandle;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(path: string): Promise<FileBytes> {
    return new FileBytes(await open(path));
  }

  async read(into: Uint8Array): Promise<number> {
    const { bytesRead } = await this.#file.read(into, 0, into.length, null);
    return bytesRead;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}

export class StreamBytes implements ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  async read(into: Uint8Array): Promise<number> {
    while (this.#chunk.length === 0) {
      const next = await this.#chunks.next();
      if (next.done) return 0;
      this.#chunk = next.value;
    }
    const some = this.#chunk.subarray(0, into.length);
    into.set(some);
    this.#chunk = this.#chunk.subarray(some.length);
    return some.length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#chunks.return?.();
  }
}
