import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { takeShort } from './short-stream.ts';

const { signal } = new AbortController();
const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 20 });

it('takes a stream whole, or leaves all of it', async () => {
  await fc.assert(
    fc.asyncProperty(chunks, fc.nat(400), fc.boolean(), async (given, most, inMemory) => {
      const all = Buffer.concat(given);
      const stream = inMemory
        ? Readable.from(
            given.map((chunk) => Buffer.from(chunk)),
            { objectMode: false },
          )
        : trickle(given);
      const taken = await takeShort(stream, most, signal);
      expect(taken !== undefined).toBe(all.length <= most);
      expect(taken ?? (await buffer(stream))).toEqual(all);
    }),
  );
});

/** Gives a chunk each time it is asked, a turn later. */
function trickle(given: readonly Uint8Array[]): Readable {
  let at = 0;
  return new Readable({
    read() {
      setImmediate(() => this.push(at < given.length ? Buffer.from(given[at++] as Uint8Array) : null));
    },
  });
}

it('fails as the stream does', async () => {
  const broken = new Readable({
    read() {
      this.destroy(new Error('the source is gone'));
    },
  });
  await expect(takeShort(broken, 10, signal)).rejects.toThrow('the source is gone');
  // As drivers do that write events of their own.
  const told = new Readable({ read() {} });
  const reading = takeShort(told, 10, signal);
  told.emit('error', new Error('said, and no more'));
  await expect(reading).rejects.toThrow('said, and no more');
  const closed = trickle([]);
  closed.destroy();
  await expect(takeShort(closed, 10, signal)).rejects.toThrow('closed before its end');
});

it('ends when it is called off, though the stream is silent', async () => {
  const control = new AbortController();
  const silent = takeShort(new Readable({ read() {} }), 10, control.signal);
  control.abort(new Error('enough'));
  await expect(silent).rejects.toThrow('enough');
});
