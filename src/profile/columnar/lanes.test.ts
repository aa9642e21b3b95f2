import { mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BlockFormat } from './block-reader.ts';
import { TEXT } from './column-code.ts';
import { createFile } from './column-file.ts';
import { Lanes } from './lanes.ts';
import { writeColumns } from './write-columns.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lanes-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const FORMAT: BlockFormat = { delimiter: ',', quote: '"', nullText: '', returns: 'none' };

describe('the threads', () => {
  it('end the work when one fails, however much there is to read', async () => {
    const format = { ...FORMAT };
    const line = Buffer.from('x,1\n');
    let reads = 0;
    const endless = {
      read: async (into: Uint8Array) => {
        // What the threads that are started now are told makes them fail.
        if (++reads > 600) format.nullText = 7 as never;
        into.set(line);
        return line.length;
      },
      [Symbol.asyncDispose]: async () => undefined,
    };
    await expect(
      writeColumns(endless, {
        path: join(folder, 'endless.parquet'),
        columns: [TEXT, TEXT],
        format,
        header: false,
        mark: 'no value',
        threads: 2,
        mostBytes: 2 ** 20,
        blockBytes: 1024,
        sample: { path: join(folder, 'sample.parquet'), seed: 1, sampleRows: 10 },
        signal: new AbortController().signal,
      }),
    ).rejects.toThrow('argument must be a string');
  });

  it('give no more memory for a block than is asked for, though more was needed before', async () => {
    using files = new DisposableStack();
    const rows = createFile(join(folder, 'x.parquet'), files);
    await using lanes = new Lanes({ columns: [TEXT, TEXT], format: FORMAT, rows }, 1);
    const long = lanes.memory(4096);
    long.set(Buffer.from('a,b\n'));
    await lanes.take(long.subarray(0, 4));
    expect(lanes.memory(1024)).toHaveLength(1024);
  });
});

describe.runIf(process.platform === 'linux')('the files', () => {
  it('are closed where only one of them can be opened', async () => {
    const [path, taken] = [join(folder, 'first.parquet'), join(folder, 'taken.parquet')];
    await writeFile(taken, '');
    const none = { read: async () => 0, [Symbol.asyncDispose]: async () => undefined };
    const work = writeColumns(none, {
      ...{ path, columns: [TEXT, TEXT], format: FORMAT, header: false, mark: 'no value', threads: 1, mostBytes: 1024 },
      sample: { path: taken, seed: 1, sampleRows: 10 },
      signal: new AbortController().signal,
    });
    await expect(work).rejects.toMatchObject({ code: 'EEXIST' });
    const open = await Promise.all(
      (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => undefined)),
    );
    expect(open).not.toContain(path);
  });
});
