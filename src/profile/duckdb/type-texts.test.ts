import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { toRelation } from './relation.ts';
import { openSession } from './session.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-types-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file of `columns` numbers in each of 30,000 rows; the last row has these other texts. */
async function read(columns: number, last: Record<number, string>) {
  const path = join(folder, 'file.csv');
  const names = Array.from({ length: columns }, (_, i) => `n${i}`);
  const line = (row: number): string => names.map((_, i) => (i % 2 === 0 ? `${row}` : `${row}.50`)).join(',');
  const rows = Array.from({ length: 30_000 }, (_, row) => line(row));
  rows.push(names.map((_, i) => last[i] ?? '7').join(','));
  writeFileSync(path, `${names.join(',')}\n${rows.join('\n')}\n`);
  await using session = await openSession({
    memoryMb: 1_024,
    threads: 2,
    tempFolder: join(folder, 'temp'),
    signal: new AbortController().signal,
  });
  const relation = await toRelation(session, { kind: 'relation', spec: { kind: 'csv', paths: [path] } });
  const at = Object.keys(last).map(Number);
  const cells = [];
  for (const i of at) {
    const view = relation.views?.get(`c${i}`) ?? relation.name;
    const [row] = await session.query(
      `SELECT c${i}::VARCHAR FROM ${view} WHERE pos IN (1, 30000) ORDER BY pos`,
      'looking',
    );
    cells.push([row?.[0], relation.columns[i]?.kind]);
  }
  return { warnings: relation.warnings, cells, kinds: Map.groupBy(relation.columns, ({ kind }) => kind) };
}

describe('a file of numbers with a text far behind', () => {
  test('among 70 columns, more than one number marks', async () => {
    const { warnings, cells, kinds } = await read(70, { 1: 'a', 65: 'b', 69: '01.5' });
    expect(warnings).toEqual(
      ['n1', 'n65', 'n69'].map(
        (name) => `column "${name}": 1 value does not fit DOUBLE; the column is measured as text`,
      ),
    );
    // As it was written, not as a number would be.
    expect(cells).toEqual([1, 65, 69].map(() => ['1.50', 'text']));
    expect(kinds.get('text')).toHaveLength(3);
  });

  test('among 210 columns, which are cast in groups', async () => {
    const { warnings, cells } = await read(210, { 3: 'a', 208: 'b' });
    expect(warnings).toEqual([
      'column "n3": 1 value does not fit DOUBLE; the column is measured as text',
      'column "n208": 1 value does not fit BIGINT; the column is measured as text',
    ]);
    expect(cells).toEqual([
      ['1.50', 'text'],
      ['1', 'text'],
    ]);
  });
});
