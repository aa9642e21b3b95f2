import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { JobBench } from '../../../test/support/run-job.ts';
import { saveDictionary, savePattern } from '../../../test/support/save-method.ts';
import { createTestApi, type TestApi } from '../../../test/support/test-api.ts';
import { VerbBench } from '../../../test/support/verb-bench.ts';
import { ensureBuiltIns } from '../../methods/ensure-built-ins.ts';
import { insertDataSource } from '../../store/data-sources.ts';
import type { VerbContext } from '../verb-context.ts';
import { showEvidence } from './evidence.ts';
import { showFeasibility } from './feasibility.ts';
import { tryMethod } from './try-method.ts';

let api: TestApi;
let folder: string;
let context: VerbContext;
const verbs = new VerbBench();
const { said } = verbs;
const id = '65f0000000000000000000c1';

beforeAll(async () => {
  api = await createTestApi();
  folder = await mkdtemp(join(tmpdir(), 'assay-cli-'));
  context = await verbs.asSteward(api, 160);
  await ensureBuiltIns(api.db);
  await api.pool.query('TRUNCATE method, term_set, term_chunk, term_hashes');
  const bench = new JobBench(api.db, undefined, [folder], api.secrets);
  const lines = Array.from({ length: 60 }, (_, i) => `AB-${i % 3},${i % 2 === 0}`);
  await writeFile(join(folder, 'parts.csv'), `code,known\n${lines.join('\n')}\n`);
  await insertDataSource(api.db, {
    ...{ id, resourceName: 'parts', fqdnId: 'parts', databaseType: 'FS', config: { path: folder } },
    ...{ secrets: {}, createdBy: null },
  });
  await bench.run('METADATA_INGEST', { resourceId: id });
  const { id: table } = await api.db
    .selectFrom('entity')
    .select('id')
    .where('fqdn', '=', 'parts/parts.csv')
    .executeTakeFirstOrThrow();
  await bench.run('DATA_PROFILE', { scope: [table] });
  await saveDictionary(api.db, { id: 'codes', name: 'Codes', terms: ['ab-0', 'ab-1', 'ab-2'] });
  await savePattern(api.db, { id: 'shape', name: 'Shape', regex: ['[A-Z]{2}-\\d'], rule: { minSamples: '200' } });
});
afterAll(async () => {
  await api.drop();
  await rm(folder, { recursive: true });
});

test('feasibility names columns with their table, and what no method can judge once', async () => {
  await showFeasibility(context, ['parts'], { limit: '100' });
  expect(said.join('')).toMatch(/parts\.csv\.code +Shape +too few.*parts\.csv\.known +all 2 methods +boolean/s);
  expect(said.at(-1)).toBe('Looked at 2 methods and 2 columns: 3 of 4 pairs cannot be judged.\n');
  said.length = 0;
  await showFeasibility(context, ['parts'], { limit: '1' });
  expect(said.join('')).not.toContain('known');
  expect(said.at(-1)).toBe('1 line shown, and there are more: --limit takes more.\n');
});

test('feasibility and try-method take names', async () => {
  await showFeasibility(context, ['parts/parts.csv/code'], { pattern: ['SHAPE'], limit: '100' });
  expect(said.at(-1)).toBe('Looked at 1 method and 1 column: 1 of 1 pair cannot be judged.\n');
  expect(await tryMethod(context, 'parts/parts.csv/code', { method: 'codes' })).toBe(0);
  expect(said.join('')).toContain('parts/parts.csv/code: Codes: matched');
  await expect(tryMethod(context, 'parts/parts.csv/code', { method: 'Cods' })).rejects.toThrow(
    'there is no dictionary or data pattern with the id or name "Cods"',
  );
});

test('evidence says where to ask when nothing is said of a container', async () => {
  await showEvidence(context, 'parts', {});
  expect(said.at(-1)).toBe('Nobody said anything of it; ask of a table, file or column below it.\n');
  await showEvidence(context, 'parts/parts.csv', {});
  expect(said.at(-1)).toBe('Nobody said anything of it, and no method found anything.\n');
});
