import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Frame, zstdFrames } from './zstd-frames.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-frames-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function framesOf(bytes: Buffer, goOn: () => void = () => {}): Promise<Frame[]> {
  const path = join(folder, 'frames');
  await writeFile(path, bytes);
  await using file = await open(path);
  const frames: Frame[] = [];
  for await (const frame of zstdFrames(file, bytes.length, goOn)) frames.push(frame);
  return frames;
}

test('frames of any size, with and without checksum, are found between those that hold nothing', async () => {
  const skippable = fc.uint8Array({ maxLength: 9_000 }).map((bytes) => {
    const head = Buffer.from('532a4d1800000000', 'hex');
    head.writeUInt32LE(bytes.length, 4);
    return { bytes: Buffer.concat([head, bytes]), isData: false };
  });
  const data = fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 9_000 }), fc.nat(200_000), fc.boolean());
  const frame = data.map(([start, zeros, checksum]) => ({
    bytes: zstdCompressSync(Buffer.concat([start, Buffer.alloc(zeros)]), {
      params: { [constants.ZSTD_c_checksumFlag]: checksum ? 1 : 0 },
    }),
    isData: true,
  }));
  const empty = fc.constant({ bytes: zstdCompressSync(''), isData: false });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(skippable, frame, empty), { maxLength: 8 }), async (pieces) => {
      let at = 0;
      const expected = pieces.flatMap(({ bytes, isData }) => {
        const from = at;
        at += bytes.length;
        return isData ? [{ from, end: at }] : [];
      });
      expect(await framesOf(Buffer.concat(pieces.map(({ bytes }) => bytes)))).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

test('a frame of a million empty blocks is walked in few reads, each of which can be called off', async () => {
  const blocks = Buffer.alloc(3_000_000);
  blocks[blocks.length - 3] = 1;
  const bytes = Buffer.concat([Buffer.from('28b52ffd0000', 'hex'), blocks]);
  let asked = 0;
  expect(await framesOf(bytes, () => asked++)).toEqual([]);
  expect(asked).toBeLessThan(1_000);
  asked = 0;
  const calledOff = framesOf(bytes, () => {
    if (++asked === 10) throw new Error('called off');
  });
  await expect(calledOff).rejects.toThrow('called off');
  expect(asked).toBe(10);
});
