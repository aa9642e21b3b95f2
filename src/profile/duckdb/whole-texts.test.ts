import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { measuredColumn } from '../column.ts';
import { foldParts } from '../fold.ts';
import { measureRelation } from './measure-relation.ts';
import { openSession, type Session } from './session.ts';

let folder: string;
let session: Session;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-whole-'));
  const signal = new AbortController().signal;
  session = await openSession({ memoryMb: 128, threads: 1, tempFolder: folder, signal });
});
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});

const MARK = '\ufeff';

test('a text comes with the U+FEFF that it begins with, whatever it lies in and however long it is', async () => {
  const long = `${MARK}${MARK}${'x'.repeat(40)}${MARK}`;
  const [row] = await session.query(
    `SELECT '${MARK}a', '${long}', ['${MARK}b'], {'k': '${MARK}c'}, min(v) FROM (VALUES ('${MARK}d')) t(v)`,
    'asking',
  );
  expect(row).toEqual([`${MARK}a`, long, [`${MARK}b`], { k: `${MARK}c` }, `${MARK}d`]);
});

test.each([
  ['few rows', 10, { smallRows: 100, sampleRows: 100, groupedValues: 50, sampledValues: 50 }],
  ['many rows', 4_000, { smallRows: 100, sampleRows: 500, groupedValues: 50, sampledValues: 50 }],
])('values that only differ by one are told apart in the profile of %s', async (_, rows, sampling) => {
  await session.run(
    `CREATE OR REPLACE TABLE r AS SELECT CASE WHEN i % 2 = 0 THEN '${MARK}' ELSE '' END || 'word' AS c0 FROM range(${rows}) t(i)`,
    'generating',
  );
  const column = measuredColumn(
    { name: 'v', nativeType: 'VARCHAR', duckdbType: 'VARCHAR', typeBasis: 'precise' },
    'c0',
  );
  const relation = { name: 'r', columns: [column], warnings: [], rejectedRows: 0, position: 'rowid' };
  const part = await measureRelation(session, relation, { key: 'all', whole: true, sampling });
  const [profile] = foldParts([part]).columns;
  expect(profile).toMatchObject({
    lexicalMin: { value: 'word' },
    lexicalMax: { value: `${MARK}word` },
    topValues: { value: expect.arrayContaining([expect.objectContaining({ value: `${MARK}word`, count: rows / 2 })]) },
  });
});
