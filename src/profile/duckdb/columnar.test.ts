import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileBytes } from '../columnar/byte-source.ts';
import { OddRows } from '../columnar/write-columns.ts';
import { type ColumnarSource, readColumns, readColumnsOnce } from './columnar.ts';
import { csvLimits } from './csv-limits.ts';
import { openSession, type Session } from './session.ts';
import type { StagedColumn } from './staged-column.ts';
import { loadFile, loadTexts, type Relation } from './staging.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'columnar-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Way = (session: Session, columns: StagedColumn[], path: string, nullText: string) => Promise<Relation>;

/** Small blocks, so that rows of several threads come together. */
const source = (path: string, nullText: string, more: Partial<ColumnarSource> = {}): ColumnarSource => ({
  open: () => FileBytes.open(path),
  format: { delimiter: ',', quote: '"', nullText, returns: 'none' },
  header: false,
  mark: 'no value',
  blockBytes: 512,
  ...more,
});
const csvSql = (path: string, columns: number, nullText: string, memoryMb: number): string => {
  const names = Array.from({ length: columns }, (_, i) => `'x${i}': 'VARCHAR'`).join(', ');
  return `read_csv('${path}', auto_detect = false, columns = {${names}}, header = false, delim = ',', quote = '"', escape = '"', nullstr = '${nullText}', allow_quoted_nulls = false, new_line = '\\n', ${csvLimits(memoryMb)})`;
};

/** What DuckDB makes of it alone, of a file and of a stream; and what the reader makes of it. */
const WAYS: Record<'file' | 'stream', { alone: Way; columns: Way }> = {
  file: {
    alone: (session, columns, path, nullText) =>
      loadFile(session, columns, csvSql(path, columns.length, nullText, session.memoryMb), {}),
    columns: (session, columns, path, nullText) => readColumns(session, columns, source(path, nullText)),
  },
  stream: {
    alone: (session, columns, path, nullText) =>
      loadTexts(session, columns, (table, list) =>
        session.run(
          `CREATE TABLE ${table} AS SELECT ${list} FROM ${csvSql(path, columns.length, nullText, session.memoryMb)}`,
          'loading',
        ),
      ),
    columns: (session, columns, path, nullText) => readColumnsOnce(session, columns, source(path, nullText)),
  },
};

const opened = (signal = new AbortController().signal): Promise<Session> =>
  openSession({ memoryMb: 256, threads: 2, tempFolder: join(folder, 'temp'), signal });

let files = 0;
async function told(way: Way, columns: StagedColumn[], text: string | Buffer, nullText = '') {
  const path = join(folder, `t${files++}.csv`);
  await writeFile(path, text);
  await using session = await opened();
  const relation = await way(session, columns, path, nullText);
  const refs = relation.columns.flatMap(({ ref }) => [
    ref,
    ...(relation.apart?.has(ref) ? [relation.apart.get(ref) as string] : []),
  ]);
  const cells = refs.map(
    (ref) => `CASE WHEN typeof(${ref}) = 'VARCHAR' THEN hex(${ref}::VARCHAR) ELSE ${ref}::VARCHAR END`,
  );
  return {
    types: relation.columns.map(({ duckdbType }) => duckdbType),
    is: await session.query(`SELECT ${refs.map((ref) => `any_value(typeof(${ref}))`).join(', ')} FROM r`, 'looking'),
    warnings: relation.warnings,
    rows: await session.query(`SELECT ${cells.join(', ')}, pos::VARCHAR FROM r ORDER BY pos`, 'looking'),
  };
}

const column = (duckdbType: string, typeBasis: 'precise' | 'inferred'): StagedColumn => ({
  name: `a ${duckdbType}`,
  nativeType: duckdbType,
  duckdbType,
  typeBasis,
});

const digits = fc.stringMatching(/^[0-9]{1,19}$/);
const sign = fc.constantFrom('', '', '', '-', '+');
const number = fc.oneof(
  fc.double().map(String),
  fc.double({ min: -1000, max: 1000 }).map(String),
  fc.double({ min: -10, max: 10 }).map((value) => value.toPrecision(17)),
  fc.double({ min: -10, max: 10 }).map((value) => value.toPrecision(16)),
  fc.tuple(sign, digits, fc.constantFrom('', '.', 'e', '.e'), digits).map((parts) => parts.join('')),
  fc.integer().map(String),
  fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String),
);
const two = fc.integer({ min: 0, max: 62 }).map((value) => String(value).padStart(2, '0'));
const date = fc
  .tuple(fc.constantFrom('0000', '0001', '1900', '2000', '2023', '2024', '9999', '10000'), two, two)
  .map((parts) => parts.join('-'));
const day = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((value) => value.toISOString());
const time = fc.tuple(
  date,
  fc.constantFrom(' ', 'T'),
  two,
  two,
  two,
  fc.constantFrom('', '.5', '.123456', '.1234567', '+00'),
);
const word = fc.constantFrom(
  'true',
  'false',
  'TRUE',
  'False',
  't',
  'f',
  'yes',
  '1',
  '0',
  'NaN',
  'Infinity',
  '-Infinity',
  'N/A',
  '-',
  '.',
  '',
);
const any = fc.oneof(
  number,
  date,
  day.map((text) => text.slice(0, 10)),
  day.map((text) => text.slice(0, 19).replace('T', ' ')),
  day.map((text) => `${text.slice(0, 19).replace('T', ' ')}+00`),
  time.map(([a, b, c, d, e, f]) => `${a}${b}${c}:${d}:${e}${f}`),
  word,
  fc.string({ unit: 'grapheme', maxLength: 40 }),
);
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const field = fc
  .tuple(any, fc.boolean())
  .map(([text, always]) => (always || /[",\r\n]/.test(text) || text === '\\N' ? quoted(text) : text));

const TYPES = ['BIGINT', 'DOUBLE', 'DATE', 'TIMESTAMP', 'BOOLEAN', 'VARCHAR'];
const PRECISE = [
  ...['SMALLINT', 'INTEGER', 'TINYINT', 'HUGEINT', 'DECIMAL(12,2)', 'DECIMAL(18,0)', 'DECIMAL(30,4)'],
  ...['TIMESTAMP WITH TIME ZONE', 'TIME', 'UUID', 'FLOAT'],
];

describe.each(['file', 'stream'] as const)('a %s read into columns', (kind) => {
  it('holds what DuckDB makes of each value, of one type each', { timeout: 120_000 }, async () => {
    const basis = kind === 'file' ? 'inferred' : 'precise';
    const types = kind === 'file' ? TYPES : [...TYPES, ...PRECISE];
    const columns = types.map((type) => column(type, basis));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('', '\\N'),
        fc.array(fc.array(field, { minLength: types.length, maxLength: types.length }), {
          minLength: 1,
          maxLength: 60,
        }),
        async (nullText, rows) => {
          const text = rows.map((fields) => `${fields.join(',')}\n`).join('');
          const { alone, columns: own } = WAYS[kind];
          expect(await told(own, columns, text, nullText)).toEqual(await told(alone, columns, text, nullText));
        },
      ),
      { numRuns: 25 },
    );
  });

  it.each([...TYPES, ...(kind === 'stream' ? PRECISE : [])])(
    'keeps %s where all values are of it',
    { timeout: 60_000 },
    async (type) => {
      const columns = [column(type, kind === 'file' ? 'inferred' : 'precise'), column('VARCHAR', 'precise')];
      await fc.assert(
        fc.asyncProperty(fc.array(valuesOf(type), { minLength: 1, maxLength: 200 }), async (values) => {
          const text = values.map((value, i) => `${value},row ${i}\n`).join('');
          const { alone, columns: own } = WAYS[kind];
          expect(await told(own, columns, text)).toEqual(await told(alone, columns, text));
        }),
        { numRuns: 8 },
      );
    },
  );
});

/** Texts as programs write them of values of a type, most of which need no second look. */
function valuesOf(type: string): fc.Arbitrary<string> {
  if (/INT/.test(type)) return fc.integer({ min: -128, max: 127 }).map(String);
  if (type === 'DOUBLE' || type === 'FLOAT')
    return fc.oneof(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.double({ noNaN: true })).map(String);
  if (type.startsWith('DECIMAL'))
    return fc
      .integer({ min: -99_999, max: 99_999 })
      .map((value) => (type.endsWith('0)') ? String(value) : (value / 100).toFixed(2)));
  if (type === 'DATE') return day.map((text) => text.slice(0, 10));
  if (type === 'TIMESTAMP') return day.map((text) => text.slice(0, 23).replace('T', ' '));
  if (type.startsWith('TIMESTAMP')) return day.map((text) => `${text.slice(0, 19).replace('T', ' ')}+00`);
  if (type === 'TIME') return day.map((text) => text.slice(11, 19));
  if (type === 'UUID') return fc.uuid();
  if (type === 'BOOLEAN') return fc.constantFrom('true', 'false');
  return fc.string({ unit: 'grapheme', maxLength: 30 }).map(quoted);
}

describe('many rows', () => {
  const ROWS = 30_000;
  const names = ['', 'x', 'a longer name', '"quoted", with a comma', 'ä', '  '];
  const columns = [
    column('BIGINT', 'precise'),
    ...['one of its own', 'one of 5,000', 'one of 6 or none', 'always the same', 'often'].map((name) => ({
      ...column('VARCHAR', 'precise'),
      name,
    })),
    column('DOUBLE', 'precise'),
  ];
  /** Texts that repeat are kept in dictionaries of up to 13 bits, from block to block others. */
  const rowOf = (i: number): string[] => [
    String(i * 7),
    `row "${i}"`,
    `customer ${(i * 7919) % 5000}`,
    names[i % 7] ?? '\\N',
    'same',
    i < ROWS / 2 ? `first half ${i % 300}` : `second half ${i}`,
    i % 1000 === 999 ? '1e5' : String(i / 7),
  ];
  const text = Array.from(
    { length: ROWS },
    (_, i) =>
      `${rowOf(i)
        .map((cell) => (cell === '\\N' || !/[",]/.test(cell) ? cell : quoted(cell)))
        .join(',')}\n`,
  ).join('');
  const large = {
    blockBytes: 2 ** 18,
    format: { delimiter: ',', quote: '"', nullText: '\\N', returns: 'data' },
  } as const;

  it('are what DuckDB makes of them, also where texts repeat', { timeout: 60_000 }, async () => {
    const own: Way = (session, all, path) => readColumnsOnce(session, all, source(path, '\\N', large));
    const [found, expected] = [await told(own, columns, text), await told(WAYS.stream.alone, columns, text, '\\N')];
    expect(found.rows).toHaveLength(ROWS);
    expect(found).toEqual(expected);
  });

  it('are put aside for a sample, by their positions', { timeout: 60_000 }, async () => {
    const [seed, sampleRows] = [7, 500];
    const path = join(folder, 'many.csv');
    await writeFile(path, text);
    await using session = await opened();
    const { sample } = await readColumnsOnce(
      session,
      columns,
      source(path, '\\N', { ...large, sampling: { seed, sampleRows } }),
    );
    expect(sample).toEqual({ view: expect.any(String), seed, level: 5 });
    const chosen = (view: string) =>
      session.query(`SELECT * FROM ${view} WHERE hash(pos + 1, ${seed}) >> ${64 - 5} = 0 ORDER BY pos`, 'looking');
    const rows = await chosen('r');
    expect(rows.length).toBeGreaterThan(sampleRows);
    expect(await chosen(sample?.view ?? '')).toEqual(rows);
    const [[aside] = []] = await session.query(`SELECT count(*)::VARCHAR FROM ${sample?.view}`, 'looking');
    expect(Number(aside)).toBeLessThan(ROWS / 4);
  });
});

it('knows what all texts of a column are', async () => {
  const columns = [column('VARCHAR', 'precise'), column('BIGINT', 'precise')];
  const text = fc.oneof(
    fc.stringMatching(/^[a-z0-9"@,-]{1,40}$/),
    fc.stringMatching(/^[!-~]{1,40}$/),
    fc.string({ maxLength: 40 }),
    fc.constantFrom('', ' ', 'x ', '\tx', 'Z', 'a'.repeat(16), `${'a'.repeat(16)}Z`, 'ß', `${'a'.repeat(33)}É`),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 5 }), async (texts) => {
      const path = join(folder, 'texts.csv');
      await writeFile(path, texts.map((one, i) => `${quoted(one)},${i}\n`).join(''));
      await using session = await opened();
      const { texts: known } = await readColumns(session, columns, source(path, '\\N'));
      const all = (pattern: RegExp): boolean => texts.every((one) => pattern.test(one));
      const expected = !all(/^[\0-\x7f]*$/)
        ? undefined
        : !all(/^[^\0- ](.*[^\0- ])?$/s)
          ? 'ascii'
          : all(/^[^A-Z]*$/)
            ? 'canonical'
            : 'plain';
      expect([...(known ?? [])]).toEqual([['c0', expected]]);
    }),
    { numRuns: 40 },
  );
});

describe('rows that are not written as they seemed', () => {
  const columns = [column('VARCHAR', 'inferred'), column('BIGINT', 'inferred')];
  it.each([
    ['a field too many', 'a,1\nb,2,3\n', 'fields'],
    ['a field too few', 'a,1\nb\n', 'fields'],
    ['an empty line between', 'a,1\n\nb,2\n', 'fields'],
    ['a quote within', 'a"b,1\n', 'quotes'],
    ['text behind a quote', '"a"b,1\n', 'quotes'],
    ['a quote that is never closed', 'a,1\n"b,2\n', 'quotes'],
    ['a carriage return alone', 'a\rb,1\n', 'line ends'],
    ['bytes that are no UTF-8', Buffer.from([97, 0xff, 44, 49, 10]), 'bytes'],
    ['a character cut off', Buffer.from([97, 0xe2, 0x82, 44, 49, 10]), 'bytes'],
    ['a surrogate', Buffer.from([0xed, 0xa0, 0x80, 44, 49, 10]), 'bytes'],
  ])('are left: %s', async (_, text, oddity) => {
    const failed = await told(WAYS.file.columns, columns, text).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(OddRows);
    expect((failed as OddRows).oddity).toBe(oddity);
  });

  it('are left where a record is longer than one may be', async () => {
    const text = `a,1\n${'b'.repeat(17 * 2 ** 20)},2\n`;
    const failed = await told(WAYS.file.columns, columns, text).catch((error: unknown) => error);
    expect((failed as OddRows).oddity).toBe('long record');
  });
});

describe('what is around the rows', () => {
  const columns = [column('VARCHAR', 'inferred'), column('BIGINT', 'inferred')];
  const rowsOf = async (text: string | Buffer, more: Partial<ColumnarSource> = {}) =>
    (await told((session, all, path) => readColumns(session, all, source(path, '', more)), columns, text)).rows.map(
      ([a, b]) => [Buffer.from(a ?? '', 'hex').toString(), b],
    );
  it.each([
    ['the header, with a newline in it', '"a\nb",c\nx,1\n', { header: true }, [['x', '1']]],
    ['a byte order mark before it', '\ufeffa,b\nx,1\n', { header: true }, [['x', '1']]],
    ['a byte order mark of a value', '\ufeffx,1\n', { mark: 'part of a value' }, [['\ufeffx', '1']]],
    ['empty lines at the end', 'x,1\n\n\n', {}, [['x', '1']]],
    [
      'no newline at the end',
      'x,1\ny,2',
      {},
      [
        ['x', '1'],
        ['y', '2'],
      ],
    ],
  ] as const)('is none of them: %s', async (_, text, more, rows) => {
    expect(await rowsOf(text, more as Partial<ColumnarSource>)).toEqual(rows);
  });

  it('may be carriage returns at the line ends', async () => {
    const format = { delimiter: ',', quote: '"', nullText: '', returns: 'line ends' } as const;
    expect(await rowsOf('"x\r\ny",1\r\nz,2\r\n\r\n', { format })).toEqual([
      ['x\r\ny', '1'],
      ['z', '2'],
    ]);
    expect(await rowsOf('x,1\r\nz,2', { format })).toEqual([
      ['x', '1'],
      ['z', '2'],
    ]);
    await expect(rowsOf('x,1\r\nz,2\n', { format })).rejects.toThrow(OddRows);
  });

  it('ends with the work', async () => {
    const path = join(folder, 'endless.csv');
    const cancel = new AbortController();
    await using session = await opened(cancel.signal);
    const line = Buffer.from('x,1\n');
    const open = async () => ({
      read: async (into: Uint8Array) => {
        cancel.abort();
        into.set(line);
        return line.length;
      },
      [Symbol.asyncDispose]: async () => undefined,
    });
    await expect(readColumns(session, columns, source(path, '', { open }))).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });
});
