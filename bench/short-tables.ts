import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ReadResult } from '../src/connectors/connector.ts';
import { profileRead } from '../src/profile/duckdb/profile-read.ts';
import { readNumbers } from './options.ts';
import { reportBench } from './report.ts';
import { seededRandom } from './seeded-random.ts';

const { times } = readNumbers(
  'CPU of reading and measuring one small table: a stream of 1,000 rows × 20 columns as PostgreSQL sends it, and a CSV file of 100 rows × 8 columns; each beside asking DuckDB for the same.',
  { times: 100 },
);
const folder = await mkdtemp(join(tmpdir(), 'assay-bench-short-'));
const session = { memoryMb: 412, threads: 1, tempFolder: folder, signal: new AbortController().signal };

const TYPES = [
  ['integer', 'INTEGER'],
  ['text', 'VARCHAR'],
  ['numeric(12,2)', 'DECIMAL(12,2)'],
  ['timestamp with time zone', 'TIMESTAMP WITH TIME ZONE'],
  ['character varying(40)', 'VARCHAR'],
] as const;
const cellsOf = (i: number): string[] => [
  String((i * 7919) % 100_000),
  `text ${(i * 31) % 400}`,
  ((i % 977) / 100).toFixed(2),
  new Date(Date.UTC(2024, 0, 1, 0, i)).toISOString().replace('T', ' ').replace('.000Z', '+00'),
  createHash('md5').update(String(i)).digest('hex'),
];
const rows = Array.from({ length: 1_000 }, (_, i) => cellsOf(i));
const bytes = Buffer.from(rows.map((cells) => `${[cells, cells, cells, cells].flat().join(',')}\n`).join(''));
const readStream = (): ReadResult => ({
  kind: 'bytes',
  format: 'csv',
  csv: { delimiter: ',', quote: '"', escape: '"', header: false, nullText: '\\N' },
  columns: Array.from({ length: 20 }, (_, i) => {
    const [nativeType, duckdbType] = TYPES[i % TYPES.length] ?? TYPES[0];
    return { name: `c${i}`, nativeType, duckdbType, typeBasis: 'precise' };
  }),
  stream: Readable.from([bytes], { objectMode: false }),
});

const random = seededRandom(1);
const next = (below: number): number => Math.floor(random() * below);
const path = join(folder, 'small.csv');
const lines = Array.from(
  { length: 100 },
  (_, row) =>
    `${row},name ${next(1e6)},${['Berlin', 'Köln', 'Rome'][next(3)]},${next(10_000) / 100},${next(50)},2026-0${1 + next(9)}-1${next(10)},${next(2) === 0},"a, ${next(20)}"\n`,
);
await writeFile(path, `id,name,city,price,quantity,day,is_new,comment\n${lines.join('')}`);
const readFile = (): ReadResult => ({ kind: 'relation', spec: { kind: 'csv', paths: [path], delimiter: ',' } });

/** CPU ms of all threads for one. The first ones are left out, for their code is not compiled yet. */
async function measure(read: () => ReadResult, inHandRows?: number): Promise<number> {
  const sampling = inHandRows === undefined ? {} : { sampling: { inHandRows } };
  const one = (seed: number) =>
    profileRead(read(), session, { key: 'all', whole: true, draw: { seed, wholeRows: true }, ...sampling });
  for (let i = 0; i < 20; i++) await one(i);
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) await one(i);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / times;
}

const asked = 'asking DuckDB for it';
reportBench('short-tables', { times }, [
  {
    what: 'a stream of 1,000 rows × 20 columns',
    value: await measure(readStream),
    unit: 'CPU ms',
    beside: { what: asked, value: await measure(readStream, 0) },
    goal: '≤ 80',
  },
  {
    what: 'a CSV file of 100 rows × 8 columns',
    value: await measure(readFile),
    unit: 'CPU ms',
    beside: { what: asked, value: await measure(readFile, 0) },
    goal: '≤ 20',
  },
]);
await rm(folder, { recursive: true, force: true });
