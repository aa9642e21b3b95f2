import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ReadResult } from '../../connectors/connector.ts';
import { toRelation } from './relation.ts';
import { openSession, type Session } from './session.ts';
import { readShort } from './short-table.ts';
import { takeValues } from './take-values.ts';

let folder: string;
const { signal } = new AbortController();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'short-table-'));
  await mkdir(join(folder, 'temp'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const openOne = (): Promise<Session> =>
  openSession({ memoryMb: 256, threads: 1, tempFolder: join(folder, 'temp'), signal, again: true });

/** What a read says each way: columns with their cells; of the short way undefined where it leaves the table to the other one. */
async function bothWays(make: () => ReadResult): Promise<[short: unknown, byDuckDb: unknown]> {
  const { table, read } = await readShort(make(), 2_000, signal);
  // What was taken of a stream is given back.
  await using session = await openOne();
  const relation = await takeValues(session, await toRelation(session, read), {});
  const told = ({ columns, warnings, rows, taken, rejectedRows }: typeof relation) => ({
    ...{ columns, warnings, rows, rejectedRows },
    cells: columns.map(({ ref }) => {
      const { values = [], places = [] } = taken?.columns.get(ref) ?? {};
      return Array.from(places, (place) => values[place] ?? null);
    }),
  });
  return [table && told(table), told(relation)];
}

const digits = (most: number) => fc.integer({ min: 0, max: most }).map(String);
const two = (most: number) => fc.integer({ min: 0, max: most }).map((n) => String(n).padStart(2, '0'));
const date = fc
  .tuple(fc.constantFrom('2024', '1999', '0001', '9999'), two(12), two(31))
  .map((parts) => parts.join('-'));
const time = fc.tuple(two(24), two(60), two(60)).map((parts) => parts.join(':'));
const fraction = fc.constantFrom('', '', '', '.5', '.50', '.000001', '.1234567');
const TEXTS: fc.Arbitrary<string>[] = [
  fc.integer({ min: -99, max: 99_999 }).map(String),
  fc.bigInt({ min: -(10n ** 19n), max: 10n ** 19n }).map(String),
  fc.tuple(digits(99_999), digits(9_999)).map((parts) => parts.join('.')),
  fc.double({ noNaN: true, min: -1e6, max: 1e6 }).map(String),
  fc.constantFrom(
    '0',
    '-0',
    '-0.0',
    '0.00',
    '.5',
    '5.',
    '1e5',
    '1E5',
    '0x10',
    '007',
    '+1',
    ' 1',
    '1 ',
    '1_0',
    'nan',
    'inf',
    '-Infinity',
  ),
  fc.constantFrom('true', 'false', 'TRUE', 'False', 't', 'f', 'yes', 'no', 'y', 'n', 'on', '1', '0'),
  date,
  fc.tuple(date, fc.constantFrom(' ', 'T'), time, fraction).map((parts) => parts.join('')),
  fc.tuple(date, time, fraction, fc.constantFrom('+00', 'Z', '+02')).map(([d, t, f, z]) => `${d} ${t}${f}${z}`),
  fc.tuple(time, fraction).map((parts) => parts.join('')),
  fc.constantFrom('01.02.2024', '13/12/2024', '2024/01/02', 'epoch', 'infinity', '2024-01-02 (BC)', '12 pm', '10:00'),
  fc.constantFrom(
    'Bonn',
    'Köln',
    'a',
    'b, c',
    'say "no"',
    'two\nlines',
    '12 Main St',
    '5 kg',
    '5e',
    '3rd',
    '10 am',
    'null',
    'NULL',
    '\\N',
    '{"a":1}',
    '12ab',
    '1x',
    '0xff',
    '\uFEFF',
    '\uFEFF1',
    '\uFEFFa',
  ),
  fc.string({ unit: 'grapheme', maxLength: 5 }),
  fc.uuid(),
];

/** A column of one way to write things, with a few of the others. */
const column = fc
  .tuple(
    fc.constantFrom(...TEXTS),
    fc.constantFrom(...TEXTS),
    fc.constantFrom(0, 0, 0, 0.2),
    fc.constantFrom(0, 0, 0.2, 1),
  )
  .chain(([usual, odd, odds, nulls]) =>
    fc.array(
      fc
        .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), usual, odd)
        .map(([a, b, one, other]) => (a < nulls ? null : b < odds ? other : one)),
      { minLength: 6, maxLength: 6 },
    ),
  );
const table = fc.array(column, { minLength: 1, maxLength: 4 });

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

it('reads a file as DuckDB does, or leaves it', async () => {
  let [read, all] = [0, 0];
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.constantFrom('\n', '\r\n'),
      fc.nat(3),
      fc.boolean(),
      async (columns, end, quotes, ends) => {
        const names = columns.map((_, i) => `name_${i}`).join(',');
        const lines = (columns[0] ?? []).map((_, row) =>
          columns
            .map((cells) => cells[row] ?? null)
            .map((cell) =>
              cell === null ? '' : quotes === 0 || cell === '' || /[",\n\r]/.test(cell) ? quoted(cell) : cell,
            )
            .join(','),
        );
        const path = join(folder, 'one.csv');
        await writeFile(path, [names, ...lines].join(end) + (ends ? end : ''));
        const [short, other] = await bothWays(() => ({
          kind: 'relation',
          spec: { kind: 'csv', paths: [path], delimiter: ',' },
        }));
        all += 1;
        if (short === undefined) return;
        read += 1;
        expect(short).toEqual(other);
      },
    ),
    { numRuns: 400 },
  );
  // Else it would say nothing.
  expect(read / all).toBeGreaterThan(0.1);
}, 120_000);

const TYPES = [
  ...[
    'SMALLINT',
    'INTEGER',
    'BIGINT',
    'DECIMAL(6,2)',
    'DECIMAL(18,0)',
    'DOUBLE',
    'BOOLEAN',
    'DATE',
    'TIME',
    'TIMESTAMP',
  ],
  ...['TIMESTAMP WITH TIME ZONE', 'UUID', 'VARCHAR'],
];

it('reads a stream as DuckDB does, or leaves it', async () => {
  let [read, all] = [0, 0];
  const typed = fc.tuple(column, fc.constantFrom(...TYPES), fc.constantFrom('precise' as const, 'inferred' as const));
  await fc.assert(
    fc.asyncProperty(fc.array(typed, { minLength: 1, maxLength: 3 }), fc.boolean(), async (columns, quotes) => {
      const lines = (columns[0]?.[0] ?? []).map((_, row) =>
        columns
          .map(([cells, type]) => [cells[row] ?? null, type] as const)
          .map(([cell, type]) =>
            cell === null
              ? '\\N'
              : type !== 'VARCHAR'
                ? cell.replaceAll(/[",\n\r]/g, '')
                : quotes || cell === '\\N' || /[",\n\r]/.test(cell)
                  ? quoted(cell)
                  : cell,
          )
          .map((cell) => (cell === '' ? '""' : cell))
          .join(','),
      );
      const make = (): ReadResult => ({
        kind: 'bytes',
        format: 'csv',
        csv: { delimiter: ',', quote: '"', escape: '"', header: false, nullText: '\\N' },
        columns: columns.map(([, duckdbType, typeBasis], i) => ({
          name: `n${i}`,
          nativeType: duckdbType,
          duckdbType,
          typeBasis,
        })),
        stream: Readable.from([Buffer.from(lines.map((line) => `${line}\n`).join(''))], { objectMode: false }),
      });
      const [short, other] = await bothWays(make);
      all += 1;
      if (short === undefined) return;
      read += 1;
      expect(short).toEqual(other);
    }),
    { numRuns: 400, examples: [[[[['\uFEFFa', '\uFEFFa', 'a'], 'VARCHAR', 'precise']], false]] },
  );
  expect(read / all).toBeGreaterThan(0.1);
}, 120_000);
