import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { JobBench } from '../../../test/support/run-job.ts';
import { createTestApi, type TestApi } from '../../../test/support/test-api.ts';
import { VerbBench } from '../../../test/support/verb-bench.ts';
import { insertDataSource } from '../../store/data-sources.ts';
import type { VerbContext } from '../verb-context.ts';
import { showProfile } from './profile.ts';

let api: TestApi;
let bench: JobBench;
let folder: string;
let context: VerbContext;
const verbs = new VerbBench();
const id = '65f0000000000000000000c3';

beforeAll(async () => {
  api = await createTestApi();
  folder = await mkdtemp(join(tmpdir(), 'assay-cli-'));
  context = await verbs.asSteward(api, 160);
  bench = new JobBench(api.db, undefined, [folder], api.secrets);
  const lines = Array.from({ length: 50 }, (_, i) => `${i},x${i % 3}`);
  await writeFile(join(folder, 'parts.csv'), `n,kind\n${lines.join('\n')}\n`);
  await writeFile(join(folder, 'bad.csv'), 'a,b\n1,2\n3,4\n5,6,7\n8,9\n');
  await writeFile(join(folder, 'empty.csv'), '');
  await writeFile(join(folder, 'page.html'), '<p>');
  await writeFile(join(folder, 'notes.txt'), 'A few words.\nNo table at all\n\nin here');
  await writeFile(join(folder, 'page.csv'), '<!doctype html><p>no table</p>');
  await insertDataSource(api.db, {
    ...{ id, resourceName: 'files', fqdnId: 'files', databaseType: 'FS', config: { path: folder } },
    ...{ secrets: {}, createdBy: null },
  });
  await bench.run('METADATA_INGEST', { resourceId: id });
});
afterAll(async () => {
  await api.drop();
  await rm(folder, { recursive: true });
});

async function profile(name: string, configs: Record<string, unknown> = {}): Promise<void> {
  const { id: item } = await api.db
    .selectFrom('entity')
    .select('id')
    .where('fqdn', '=', `files/${name}`)
    .executeTakeFirstOrThrow();
  await bench.run('DATA_PROFILE', { scope: [item], configs });
}

async function show(place: string): Promise<string> {
  verbs.said.length = 0;
  expect(await showProfile(context, place)).toBe(0);
  return verbs.said.join('');
}

test('a table says which of its rows were read', async () => {
  await profile('parts.csv');
  expect(await show('files/parts.csv')).toMatch(/^files\/parts\.csv\nAll rows were read: 50 rows\.\ncolumn /);
  await profile('parts.csv', { sampleType: 'FIRSTNROWS', jdbcRowLimitSize: 7 });
  expect(await show('files/parts.csv')).toMatch(
    /^files\/parts\.csv\nA sample was read \(first rows\): 7 rows, which may not be all there are\.\ncolumn /,
  );
  await profile('parts.csv', { whereClause: 'n < 40' });
  expect(await show('files/parts.csv')).toMatch(
    /^files\/parts\.csv\nRows by a filter were read, the condition of the request: 40 rows\.\ncolumn /,
  );
});

test('lines that were left out are told of', async () => {
  await profile('bad.csv');
  expect(await show('files/bad.csv')).toMatch(
    /\nRemarks of the reading: 1\n- 1 line has more fields than there are columns and was left out\n$/,
  );
});

test('an empty file has a profile, which says that it is empty', async () => {
  await expect(show('files/empty.csv')).rejects.toThrow(/was not profiled yet: assay jobs start data-profiling/);
  await profile('empty.csv');
  expect(await show('files/empty.csv')).toMatch(
    /\nrows +0 \(exact\)\n\nRemarks of the reading: 1\n- the file is empty\n$/,
  );
});

test('a file that profiling skips is not to be profiled again', async () => {
  await expect(show('files/page.html')).rejects.toThrow(
    /page\.html is not profiled: only files of these kinds are: \.csv/,
  );
  await expect(show('files/notes.txt')).rejects.toThrow(/was not profiled yet: assay jobs start data-profiling/);
  await profile('notes.txt');
  await expect(show('files/notes.txt')).rejects.toThrow(/was looked into and skipped: it holds no table/);
});

test('a file whose profiling failed says so, and where the reason is', async () => {
  await profile('page.csv');
  await expect(show('files/page.csv')).rejects.toThrow(
    /failed when it was last profiled; why, its job says: assay jobs list/,
  );
});
