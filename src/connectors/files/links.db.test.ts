import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { JobBench } from '../../../test/support/run-job.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { insertDataSource } from '../../store/data-sources.ts';
import { filesConnector } from './index.ts';

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

/** A source that follows links from the folder `name`. */
async function followLinks(id: string, name: string) {
  const connector: typeof filesConnector = {
    ...filesConnector,
    connect: (config, context) => filesConnector.connect(config, { ...context, fileRoots: [folder] }),
  };
  await insertDataSource(database.db, {
    id,
    resourceName: name,
    fqdnId: name,
    databaseType: 'FS',
    config: { path: join(folder, name), followSymLinks: 'true' },
    secrets: {},
    createdBy: null,
  });
  const bench = new JobBench(database.db, () => connector);
  return {
    ingest: () => bench.run('METADATA_INGEST', { resourceId: id }),
    find: (fqdn: string) => database.db.selectFrom('entity').select('id').where('fqdn', '=', fqdn).execute(),
  };
}

test('what was found through a link stays when another link to the same folder is entered in its place', async () => {
  // The shared folder lies beside the listed one, so that links are the only ways into it.
  mkdirSync(join(folder, 'shared'));
  mkdirSync(join(folder, 'top'));
  writeFileSync(join(folder, 'shared/a.csv'), 'id\n1\n');
  symlinkSync('../shared', join(folder, 'top/m'));
  const { ingest, find } = await followLinks('65f000000000000000000001', 'top');

  expect((await ingest()).status).toBe('COMPLETED');
  const [file] = await find('top/m/a.csv');
  if (!file) throw new Error('the file behind the link was not found');
  await database.db
    .insertInto('assertion')
    .values({
      entity_id: file.id,
      source_id: '65f000000000000000000001',
      kind: 'tag',
      value: 'gold',
      body: '{}',
      origin: 'human',
    })
    .execute();

  symlinkSync('../shared', join(folder, 'top/b'));
  const again = await ingest();
  expect(again).toMatchObject({ status: 'COMPLETED', effects: { deleted: {} } });
  expect(await find('top/b/a.csv')).toHaveLength(1);
  expect(await find('top/m/a.csv')).toEqual([file]);
  expect(await database.db.selectFrom('assertion').select('value').execute()).toEqual([{ value: 'gold' }]);

  // With one link again its listing is the proof.
  rmSync(join(folder, 'top/b'));
  rmSync(join(folder, 'shared/a.csv'));
  expect((await ingest()).effects?.deleted).toEqual({ folders: 1, files: 2 });
});

test('what was found through a link stays while the share it leads to is away', async () => {
  mkdirSync(join(folder, 'share/deep'), { recursive: true });
  mkdirSync(join(folder, 'mounted'));
  writeFileSync(join(folder, 'share/deep/a.csv'), 'id\n1\n');
  symlinkSync('../share', join(folder, 'mounted/m'));
  const { ingest, find } = await followLinks('65f000000000000000000002', 'mounted');
  expect((await ingest()).status).toBe('COMPLETED');
  const found = await find('mounted/m/deep/a.csv');
  expect(found).toHaveLength(1);

  renameSync(join(folder, 'share'), join(folder, 'elsewhere'));
  expect(await ingest()).toMatchObject({ status: 'COMPLETED', effects: { deleted: {} } });
  expect(await find('mounted/m/deep/a.csv')).toEqual(found);

  // Back again, it is the same file, and the link that led to nothing is no file any more.
  renameSync(join(folder, 'elsewhere'), join(folder, 'share'));
  expect((await ingest()).effects?.deleted).toEqual({ files: 1 });
  expect(await find('mounted/m/deep/a.csv')).toEqual(found);

  // That the link itself is gone is proof.
  rmSync(join(folder, 'mounted/m'));
  expect((await ingest()).effects?.deleted).toEqual({ folders: 2, files: 1 });
});
