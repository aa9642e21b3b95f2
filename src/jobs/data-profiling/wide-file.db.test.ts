import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { JobBench } from '../../../test/support/run-job.ts';
import { createTestDatabase } from '../../../test/support/test-database.ts';
import { insertDataSource } from '../../store/data-sources.ts';

const COLUMNS = 5_000;
/** What a task may use by default; half of it is too little for a CSV file of so many columns. */
const TASK_MEMORY_MB = 1_024;

test('a CSV file of 5,000 columns is profiled by a job, each of its columns', async () => {
  const database = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'assay-wide-'));
  try {
    const id = '65f0000000000000000000e1';
    const line = (of: (i: number) => string): string =>
      `${Array.from({ length: COLUMNS }, (_, i) => of(i)).join(',')}\n`;
    const text = [
      line((i) => `c${i}`),
      line((i) => (i % 2 ? `v${i}` : `${i}`)),
      line((i) => (i % 2 ? 'v' : `${-1 - i}`)),
    ];
    await writeFile(join(folder, 'wide.csv'), text.join(''));
    const source = { id, resourceName: 'wide', fqdnId: 'wide', databaseType: 'FS', config: { path: folder } };
    await insertDataSource(database.db, { ...source, secrets: {}, createdBy: null });
    const bench = new JobBench(database.db, undefined, [folder], undefined, TASK_MEMORY_MB);
    expect((await bench.run('METADATA_INGEST', { resourceId: id })).status).toBe('COMPLETED');
    const root = await database.pool.query(`SELECT id FROM entity WHERE type = 'RESOURCE'`);
    const job = await bench.run('DATA_PROFILE', { scope: [root.rows[0].id] });
    expect(job).toMatchObject({ status: 'COMPLETED', effects: { created: { 'column profiles': COLUMNS } } });
    const { rows } = await database.pool.query(
      `SELECT e.name, p.body->>'kind' AS kind, p.body->'min'->>'value' AS min, p.body->'distinct'->>'value' AS distinct FROM profile p
       JOIN entity e ON e.id = p.entity_id WHERE e.type = 'COLUMN' AND p.current`,
    );
    const expected = Array.from({ length: COLUMNS }, (_, i) =>
      i % 2
        ? { name: `c${i}`, kind: 'text', min: null, distinct: '2' }
        : { name: `c${i}`, kind: 'integer', min: `${-1 - i}`, distinct: '2' },
    );
    const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
    expect(rows.sort(byName)).toEqual(expected.sort(byName));
  } finally {
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  }
}, 120_000);
