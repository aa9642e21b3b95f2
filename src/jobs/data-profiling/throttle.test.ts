import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import type { ReadResult } from '../../connectors/connector.ts';
import { type Clock, throttle } from './throttle.ts';

const { signal } = new AbortController();
/** Time passes only while somebody waits, and by one millisecond at each look. */
function fakeClock(): Clock & { at: number } {
  const clock = {
    at: 0,
    now: () => clock.at++,
    pause: async (ms: number) => {
      clock.at += ms;
    },
  };
  return clock;
}

it('takes no more rows of batches a second than it may, and waits no longer than that takes', async () => {
  const clock = fakeClock();
  async function* batches(): AsyncGenerator<unknown[][]> {
    for (let i = 0; i < 20; i++) yield [Array.from({ length: 50 }, (_, at) => i * 50 + at)];
  }
  const read = throttle({ kind: 'batches', columns: [], batches: batches() }, 100, signal, clock);
  if (read.kind !== 'batches') throw new Error('expected batches');
  let rows = 0;
  for await (const [column = []] of read.batches) {
    rows += column.length;
    // A batch is handed on before it is waited for.
    expect(rows - 50).toBeLessThanOrEqual((clock.at / 1_000) * 100);
  }
  expect(rows).toBe(1_000);
  expect(clock.at).toBeGreaterThanOrEqual(10_000);
  expect(clock.at).toBeLessThan(10_100);
});

it('counts the lines of a stream, loses none of its bytes, and tells its errors', async () => {
  const clock = fakeClock();
  const csv = { delimiter: ',', quote: '"', escape: '"', header: false, nullText: '' };
  const text = Array.from({ length: 3_000 }, (_, i) => `${i},x\n`).join('');
  const of = (stream: Readable): ReadResult => ({ kind: 'bytes', format: 'csv', csv, columns: [], stream });
  const pieces = Array.from({ length: 60 }, (_, i) =>
    Buffer.from(text.slice((i * text.length) / 60, ((i + 1) * text.length) / 60)),
  );
  const read = throttle(of(Readable.from(pieces, { objectMode: false })), 500, signal, clock);
  if (read.kind !== 'bytes') throw new Error('expected bytes');
  const got: Buffer[] = [];
  for await (const chunk of read.stream) got.push(chunk as Buffer);
  expect(Buffer.concat(got).toString()).toBe(text);
  expect(clock.at).toBeGreaterThanOrEqual(6_000);
  expect(clock.at).toBeLessThan(6_200);

  const broken = throttle(of(Readable.from(failing(), { objectMode: false })), 500, signal, fakeClock());
  await expect(async () => {
    if (broken.kind === 'bytes') for await (const _ of broken.stream);
  }).rejects.toThrow('torn');
});

async function* failing(): AsyncGenerator<Buffer> {
  yield Buffer.from('1\n');
  throw new Error('torn');
}

it('leaves alone what is read in place', () => {
  const read: ReadResult = { kind: 'relation', spec: { kind: 'parquet', paths: [] } };
  expect(throttle(read, 1, signal, fakeClock())).toBe(read);
});
