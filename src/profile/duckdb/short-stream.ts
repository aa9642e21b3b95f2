import type { Readable } from 'node:stream';

/** A stream or a file of no more bytes is short: copying it takes 0.1 ms, which is less than a pipe or a DuckDB of its own. */
export const SHORT_BYTES = 2 ** 20;

const ENDS = ['readable', 'end', 'error', 'close'] as const;

/**
 * All bytes of a stream where they are no more than `most`; else undefined, and the stream is as if it had not been touched.
 * Fails as the stream does, and with the reason of the signal when that aborts.
 */
export async function takeShort(stream: Readable, most: number, signal: AbortSignal): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // What goes wrong is thrown from here, before or after the stream says so; not every stream that says so is destroyed.
  let wrong: Error | undefined;
  let given = false;
  const hear = (error: Error): void => {
    wrong ??= error;
    // Whoever reads on may not listen yet: the stream keeps its error then, which nobody would hear otherwise and ends the process.
    if (given) stream.destroy(error);
  };
  stream.on('error', hear);
  for (;;) {
    signal.throwIfAborted();
    const chunk = stream.read() as Buffer | null;
    if (chunk !== null) {
      chunks.push(Buffer.from(chunk));
      bytes += chunk.length;
      if (bytes <= most) continue;
      stream.unshift(Buffer.concat(chunks));
      given = true;
      return undefined;
    }
    const error = wrong ?? stream.errored;
    if (error) throw error;
    if (stream.readableEnded) return Buffer.concat(chunks);
    if (stream.destroyed) throw new Error('the stream was closed before its end');
    await somethingHappens(stream, signal);
  }
}

const somethingHappens = (stream: Readable, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      for (const event of ENDS) stream.off(event, done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    for (const event of ENDS) stream.on(event, done);
    signal.addEventListener('abort', done);
  });
