import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CSV, type CsvColumn, CsvRows } from './csv-rows.ts';

type Row = (Buffer | null)[];

/** Lines read again, with what was written without quotes as `nullText` for null. */
const readBack = (csv: Buffer): (string | null)[][] =>
  parse(csv, {
    delimiter: CSV.delimiter,
    quote: CSV.quote,
    escape: CSV.escape,
    relax_column_count: true,
    cast: (text, { quoting }) => (!quoting && text === CSV.nullText ? null : text),
  });

const columnsOf = (...forms: CsvColumn['form'][]): CsvColumn[] => forms.map((form) => ({ name: form, form }));
const write = (columns: CsvColumn[], rows: readonly Row[], chunkBytes = 64): { csv: Buffer; rows: CsvRows } => {
  const writer = new CsvRows(columns, chunkBytes);
  for (const row of rows) writer.add(row);
  return { csv: writer.take(), rows: writer };
};

const nasty = fc.string({ unit: fc.constantFrom(...'",\n\r\\N\0 aé界😀'), maxLength: 60 });
const text = fc.oneof(fc.constantFrom('', '\\N', '"', '""', '\n', ','), nasty);
const orNull = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 3 });

test('whatever a text holds, it is read again as it was, and null stays null', () => {
  const row = fc.tuple(orNull(text), orNull(fc.uint8Array({ maxLength: 40 })), orNull(fc.integer()));
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 200 }),
      (rows, chunkBytes) => {
        const { csv, rows: writer } = write(
          columnsOf('text', 'hex', 'plain'),
          rows.map((values) => values.map((value) => (value === null ? null : toBytes(value)))),
          chunkBytes,
        );
        expect(readBack(csv)).toEqual(
          rows.map(([one, bytes, number]) => [
            one,
            bytes === null ? null : `\\x${Buffer.from(bytes).toString('hex')}`,
            number === null ? null : String(number),
          ]),
        );
        expect(writer.warnings()).toEqual([]);
      },
    ),
  );
});

const toBytes = (value: string | number | Uint8Array): Buffer =>
  typeof value === 'object' ? Buffer.from(value) : Buffer.from(String(value));

test('no row makes an empty line', () => {
  for (const form of ['text', 'hex'] as const)
    expect(write(columnsOf(form), [[Buffer.alloc(0)]]).csv.toString()).not.toBe('\n');
  expect(write(columnsOf('plain'), [[null]]).csv.toString()).toBe('\\N\n');
});

test('what is no UTF-8 is made so and counted by its column; the bytes of a blob are not text', () => {
  const row = fc.tuple(fc.uint8Array({ maxLength: 12 }), fc.uint8Array({ maxLength: 12 }));
  fc.assert(
    fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
      const buffers = rows.map((values) => values.map((value) => Buffer.from(value)));
      const { csv, rows: writer } = write(columnsOf('text', 'hex'), buffers);
      expect(isUtf8(csv)).toBe(true);
      expect(readBack(csv)).toEqual(buffers.map(([one, two]) => [one?.toString(), `\\x${two?.toString('hex')}`]));
      const broken = buffers.filter(([one]) => !isUtf8(one as Buffer)).length;
      expect(writer.warnings().length).toBe(broken > 0 ? 1 : 0);
      if (broken > 0) expect(writer.warnings()[0]).toMatch(new RegExp(`^column "text": ${broken} value`));
    }),
  );
});

test('two values that are broken only where they meet are each counted as whole', () => {
  const cut = Buffer.from('é');
  const { csv, rows } = write(columnsOf('text', 'text'), [[cut.subarray(0, 1), cut.subarray(1)]]);
  expect(readBack(csv)).toEqual([['\uFFFD', '\uFFFD']]);
  expect(rows.warnings()[0]).toContain('1 value is no valid UTF-8');
});

test('a suffix stands behind values and not behind null', () => {
  const columns: CsvColumn[] = [{ name: 'at', form: 'plain', suffix: '+00' }];
  expect(write(columns, [[Buffer.from('2026-01-01 00:00:00')], [null]]).csv.toString()).toBe(
    '2026-01-01 00:00:00+00\n\\N\n',
  );
});

test('what was taken is not written over by what comes next', () => {
  fc.assert(
    fc.property(fc.array(fc.array(text, { maxLength: 5 }), { maxLength: 6 }), (chunks) => {
      const writer = new CsvRows(columnsOf('text'), 32);
      const taken = chunks.map((values) => {
        for (const value of values) writer.add([Buffer.from(value)]);
        const size = writer.size;
        const chunk = writer.take();
        expect([chunk.length, writer.size]).toEqual([size, 0]);
        return chunk;
      });
      expect(readBack(Buffer.concat(taken))).toEqual(chunks.flat().map((value) => [value]));
    }),
  );
});

test('a value far beyond a chunk is whole', () => {
  const long = Buffer.alloc(1_000_000, '"');
  expect(readBack(write(columnsOf('text'), [[long]]).csv)).toEqual([[long.toString()]]);
});

test('a value far beyond a chunk makes no chunk behind it any larger', () => {
  const writer = new CsvRows(columnsOf('text'));
  writer.add([Buffer.alloc(1_000_000, 'a')]);
  expect(writer.take().length).toBe(1_000_003);
  writer.add([Buffer.from('b')]);
  expect(writer.take().buffer.byteLength).toBe(64 * 1024);
});
