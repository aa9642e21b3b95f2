import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSource } from './line-source.ts';

async function* cut(bytes: Buffer, sizes: number[]): AsyncGenerator<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 });
// Backslashes in rows come doubled, as COPY writes them, so a row never is the end mark.
const row = fc.string({ unit: fc.constantFrom('a', '.', '\\\\', '\\N', '\t', 'é') });

describe('LineSource', () => {
  it('gives lines and rows back however the stream is cut', async () => {
    const table = fc.array(row, { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(table, { maxLength: 4 }), sizes, async (tables, cuts) => {
        const texts = tables.map((rows) => rows.map((line) => `${line}\n`).join(''));
        const bytes = Buffer.from(`head\n${texts.map((text) => `${text}\\.\n`).join('')}tail\n`);
        const lines = new LineSource(cut(bytes, cuts));
        expect(await lines.readLine()).toBe('head');
        for (const text of texts) {
          const read: Buffer[] = [];
          for await (const chunk of lines.readRows()) read.push(Buffer.from(chunk));
          expect(Buffer.concat(read).toString()).toBe(text);
        }
        expect(await lines.readLine()).toBe('tail');
        expect(await lines.isAtEnd()).toBe(true);
      }),
    );
  });

  it('fails when the end of the rows is missing', async () => {
    const lines = new LineSource(cut(Buffer.from('a\nb\n\\.'), [3]));
    const readAll = async (): Promise<void> => {
      for await (const _ of lines.readRows());
    };
    await expect(readAll()).rejects.toThrow(RangeError);
  });
});
