import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../../../test/support/test-database.ts';
import { migrate } from '../migrate.ts';
import { openStore } from '../open-store.ts';
import { backup } from './backup.ts';
import { restore } from './restore.ts';

it('carries a catalog from the embedded server to an older PostgreSQL and back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'assay-between-'));
  const embedded = (name: string) =>
    openStore({ dataDir: join(folder, name), applicationName: 'test', log: () => undefined });
  const [from, back] = [await embedded('from'), await embedded('back')];
  const other = await createTestDatabase({ empty: true });
  try {
    const versions = await Promise.all([from, other].map((store) => store.pool.query('SHOW server_version_num')));
    const [ours, theirs] = versions.map((result) => Math.floor(result.rows[0].server_version_num / 10_000));
    expect(theirs, 'another major version was expected beside').not.toBe(ours);
    await migrate(from.pool);
    const row = { resource_name: 'İstanbul \\ \t', fqdn_id: 'f', database_type: 'POSTGRES', config: '{"a": 1e300}' };
    await from.db
      .insertInto('data_source')
      .values({ id: 's', ...row })
      .execute();
    await from.db.insertInto('audit_log').values({ action: 'x' }).execute();
    await backup(from.pool, join(folder, 'there'), '0.1.0');
    await restore(other.pool, join(folder, 'there'));
    await backup(other.pool, join(folder, 'here'), '0.1.0');
    await restore(back.pool, join(folder, 'here'));
    for (const table of ['data_source', 'audit_log'] as const) {
      expect(await back.db.selectFrom(table).selectAll().execute()).toEqual(
        await from.db.selectFrom(table).selectAll().execute(),
      );
    }
  } finally {
    await other.drop();
    await from.close();
    await back.close();
    await rm(folder, { recursive: true });
  }
});
