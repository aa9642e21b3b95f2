import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { foldParts } from '../fold.ts';
import type { ColumnProfile } from '../profile.ts';
import { profileRead } from './profile-read.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'csv-dates-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(values: readonly string[]): Promise<{ column: ColumnProfile; warnings: string[] }> {
  const path = join(folder, 't.csv');
  await writeFile(path, `n,d\n${values.map((value, i) => `${i},${value}`).join('\n')}\n`);
  const part = await profileRead(
    { kind: 'relation', spec: { kind: 'csv', paths: [path] } },
    { memoryMb: 256, threads: 1, tempFolder: folder, signal: new AbortController().signal },
    { key: 'all', whole: true },
  );
  const column = foldParts([part]).columns[1];
  if (!column) throw new Error('there is no second column');
  return { column, warnings: part.warnings };
}

const two = (n: number): string => String(n).padStart(2, '0');
const eitherWay = (i: number): string => `${two(1 + (i % 12))}/${two(1 + ((i * 7) % 12))}/2025`;

it('takes no day for a month: dates that can be read in two ways stay as they were written', async () => {
  const { column } = await read(Array.from({ length: 60 }, (_, i) => eitherWay(i)));
  expect(column).toMatchObject({
    kind: 'text',
    nativeType: 'VARCHAR',
    lexicalMin: { value: '01/01/2025' },
    logicalType: { value: { type: 'date', ambiguous: ['date dd/MM/yyyy', 'date MM/dd/yyyy'] } },
  });
});

it('reads dates where one of them says which is the day', async () => {
  const values = Array.from({ length: 400 }, (_, i) => `${two(1 + (i % 28))}/${two(1 + (i % 9))}/2025`);
  expect((await read(values)).column).toMatchObject({ kind: 'date', min: { value: '2025-01-01' } });
});

it('shows the values of the file where one far down fits no more, and not what became of them', async () => {
  const { column, warnings } = await read([...Array.from({ length: 30_000 }, (_, i) => eitherWay(i)), '12/25/2024']);
  expect(warnings).toEqual(['column "d": 1 value does not fit DATE; the column is measured as text']);
  expect(column.logicalType).toMatchObject({ value: { type: 'date', share: 1, format: 'MM/dd/yyyy' } });
  expect(JSON.stringify(column)).not.toContain('2025-0');
  const numbers = await read([...Array.from({ length: 30_000 }, (_, i) => `${i % 90}.50`), 'none']);
  expect(JSON.stringify(numbers.column.topValues)).toMatch(/"value":"\d+\.50"/);
});

it('takes a column for plain text where no value is of the type that was guessed', async () => {
  const words = await read(Array.from({ length: 200 }, (_, i) => (i % 3 === 0 ? 'yes' : 'no')));
  expect(words.warnings).toEqual([]);
  expect(words.column).toMatchObject({ kind: 'text', nativeType: 'VARCHAR', duckdbType: 'VARCHAR' });
  const some = await read(Array.from({ length: 200 }, (_, i) => (i % 3 === 0 ? 'true' : 'no')));
  expect(some.warnings).toEqual(['column "d": 133 values do not fit BOOLEAN; the column is measured as text']);
  expect(some.column).toMatchObject({ kind: 'text', nativeType: 'VARCHAR' });
});
