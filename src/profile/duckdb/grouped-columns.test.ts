import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { groupedWarning } from '../csv/grouped-digits.ts';
import { foldParts } from '../fold.ts';
import type { TableProfile } from '../profile.ts';
import { profileRead } from './profile-read.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-grouped-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const profile = async (content: string): Promise<TableProfile> => {
  const path = join(folder, 'file.csv');
  writeFileSync(path, content);
  const session = { memoryMb: 512, threads: 1, tempFolder: join(folder, 'temp'), signal: new AbortController().signal };
  const spec = { kind: 'csv' as const, paths: [path], delimiter: ',' };
  return foldParts([await profileRead({ kind: 'relation', spec }, session, { key: 'all', whole: true })]);
};
const table = (...values: string[]): string => `n;x\n${values.map((value) => `${value};a\n`).join('')}`;
/** Beyond what is read without DuckDB. */
const filler = Array.from({ length: 60_000 }, (_, i) => `${(i % 900) + 1}.${String(i % 1_000).padStart(3, '0')}`);

describe('a column of which every dot has three digits behind it', () => {
  test.each([
    ['short', ['1.234', '12.500', '950', '-3.000']],
    ['with nulls, and a title before it', ['1.234', '', '2.345']],
    ['long', filler],
  ])('stays as it is read, with a word: %s', async (what, values) => {
    const found = await profile(what.includes('title') ? `A title\n\n${table(...values)}` : table(...values));
    expect(found.columns[0]).toMatchObject({ kind: 'float' });
    expect(found.warnings.at(-1)).toBe(groupedWarning('n'));
  });

  test.each([
    ['other digits behind it', ['1.234', '1.5']],
    ['a zero before it', ['1.234', '0.125']],
    ['four digits before it', ['1.234', '1234']],
    ['no dot at all', ['1', '2']],
    ['other digits far behind', [...filler, '1.5']],
  ])('is told from one with %s', async (_, values) => {
    expect((await profile(table(...values))).warnings).toEqual([]);
  });
});
