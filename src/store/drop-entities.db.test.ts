import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awaitState } from '../../test/support/await-state.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import type { EntityType } from '../model/entity.ts';
import { newEntityId } from '../model/ids.ts';
import { dropEntities } from './drop-entities.ts';
import { mergeFileColumns } from './file-columns.ts';
import { holdColumns, holdTables } from './profiles.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function put(type: EntityType, fqdn: string, parentId: string | null): Promise<string> {
  const id = newEntityId();
  const row = { id, source_id: 's', parent_id: parentId, root_id: id, type, name: fqdn.split('/').at(-1) ?? '', fqdn };
  await database.db.insertInto('entity').values(row).execute();
  return id;
}

const drop = (id: string) =>
  database.db.transaction().execute(async (trx) => {
    await sql`CREATE TEMP TABLE gone ON COMMIT DROP AS SELECT ${id}::uuid AS id`.execute(trx);
    return dropEntities(trx, 'gone');
  });

const waiting = async (): Promise<number> => {
  const { rows } = await database.pool.query(
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
  );
  return rows[0].n;
};

test('columns that profiling makes while their file is being dropped go with it', async () => {
  const folder = await put('FOLDER', 's/in', null);
  const file = await put('FILE', 's/in/a.csv', folder);
  let dropped: Promise<Record<string, number>> | undefined;
  await database.db.transaction().execute(async (trx) => {
    const held = (await holdTables(trx, [{ id: file, alone: true }])).get(file)!;
    await mergeFileColumns(trx, 'j', [{ file: held, columns: [{ name: 'id', ordinal: 1, metadata: {} }] }]);
    dropped = drop(folder);
    await awaitState('the drop to wait for the file', waiting, (n) => n > 0);
  });
  expect(await dropped).toEqual({ folders: 1, files: 1, columns: 1 });
  const { rows } = await database.pool.query('SELECT fqdn FROM entity');
  expect(rows).toEqual([]);
});

test('an edit that holds the entity and then writes its attributes does not wait in a circle with a drop', async () => {
  const table = await put('TABLE', 's/t', null);
  await database.pool.query("INSERT INTO entity_attributes (entity_id, source_id) VALUES ($1, 's')", [table]);
  let dropped: Promise<Record<string, number>> | undefined;
  await database.db.transaction().execute(async (trx) => {
    await sql`SELECT id FROM entity WHERE id = ${table} FOR UPDATE`.execute(trx);
    dropped = drop(table);
    await awaitState('the drop to wait for the table', waiting, (n) => n > 0);
    await sql`UPDATE entity_attributes SET version = version + 1 WHERE entity_id = ${table}`.execute(trx);
  });
  expect(await dropped).toEqual({ tables: 1 });
  const { rows } = await database.pool.query('SELECT entity_id FROM entity_attributes');
  expect(rows).toEqual([]);
});

test('a profile that is stored while its column is being dropped goes with it', async () => {
  const table = await put('TABLE', 's/u', null);
  const column = await put('COLUMN', 's/u/id', table);
  let dropped: Promise<Record<string, number>> | undefined;
  await database.db.transaction().execute(async (trx) => {
    expect(await holdColumns(trx, [table])).toEqual(new Map([[table, new Map([['id', column]])]]));
    dropped = drop(column);
    await awaitState('the drop to wait for the column', waiting, (n) => n > 0);
    const basis = JSON.stringify({});
    await trx
      .insertInto('profile')
      .values({ entity_id: column, table_id: table, source_id: 's', job_id: 'j', job_seq: 1, basis, body: basis })
      .execute();
  });
  expect(await dropped).toEqual({ columns: 1 });
  const { rows } = await database.pool.query('SELECT entity_id FROM profile');
  expect(rows).toEqual([]);
});
