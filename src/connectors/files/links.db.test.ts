import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { JobBench } from '../../../test/support/run-job.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { insertDataSource } from '../../store/data-sources.ts';
import { filesConnector } from './index.ts';

const SOURCE = '65f000000000000000000001';

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'assay-links-')));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database.drop();
});

test('what was found through a link stays when another link to the same folder is entered in its place', async () => {
  // The shared folder lies beside the listed one, so that links are the only ways into it.
  mkdirSync(join(folder, 'shared'));
  mkdirSync(join(folder, 'top'));
  writeFileSync(join(folder, 'shared/a.csv'), 'id\n1\n');
  symlinkSync('../shared', join(folder, 'top/m'));
  const connector = {
    ...filesConnector,
    connect: (config: never, context: object) =>
      filesConnector.connect(config, { ...context, fileRoots: [folder] } as never),
  };
  await insertDataSource(database.db, {
    id: SOURCE,
    resourceName: 'files',
    fqdnId: 'files',
    databaseType: 'FS',
    config: { path: join(folder, 'top'), followSymLinks: 'true' },
    secrets: {},
    createdBy: null,
  });
  const bench = new JobBench(database.db, () => connector as typeof filesConnector);
  const ingest = () => bench.run('METADATA_INGEST', { resourceId: SOURCE });
  const find = (fqdn: string) => database.db.selectFrom('entity').select('id').where('fqdn', '=', fqdn).execute();

  expect((await ingest()).status).toBe('COMPLETED');
  const [file] = await find('files/m/a.csv');
  if (!file) throw new Error('the file behind the link was not found');
  await database.db
    .insertInto('assertion')
    .values({ entity_id: file.id, source_id: SOURCE, kind: 'tag', value: 'gold', body: '{}', origin: 'human' })
    .execute();

  symlinkSync('../shared', join(folder, 'top/b'));
  const again = await ingest();
  expect(again).toMatchObject({ status: 'COMPLETED', effects: { deleted: {} } });
  expect(await find('files/b/a.csv')).toHaveLength(1);
  expect(await find('files/m/a.csv')).toEqual([file]);
  expect(await database.db.selectFrom('assertion').select('value').execute()).toEqual([{ value: 'gold' }]);

  // With one link again its listing is the proof.
  rmSync(join(folder, 'top/b'));
  rmSync(join(folder, 'shared/a.csv'));
  expect((await ingest()).effects?.deleted).toEqual({ folders: 1, files: 2 });
});
