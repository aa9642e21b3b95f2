import { Readable } from 'node:stream';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addCatalog } from '../../test/support/sample-catalog.ts';
import { findSearchDrift } from '../../test/support/search-drift.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { copyLine } from './copy-into.ts';
import type { Trx } from './database.ts';
import { dropEntities } from './drop-entities.ts';
import { mergeFileColumns } from './file-columns.ts';
import { mergeListing } from './ingest.ts';
import { holdTables } from './profiles.ts';
import { removeEntityBatch, removeSource } from './removal.ts';
import { foldSearchChanges } from './search/fold-changes.ts';

let base: TestDatabase;
beforeAll(async () => {
  base = await createTestDatabase();
});
afterAll(() => base.drop());

interface Source {
  id: string;
  fqdnId: string;
  rootId: string;
}

/** What a listing of a schema looks like on its way into the catalog. */
function listing(schema: string, tables: readonly string[], columns: readonly string[]) {
  const lines = [copyLine([1, 1, true, 'SCHEMA', schema, null, '', 0, '{}', null])];
  for (const table of tables) {
    lines.push(copyLine([lines.length + 1, 2, true, 'TABLE', table, null, `/${schema}`, 0, '{}', null]));
    for (const column of columns)
      lines.push(copyLine([lines.length + 1, 3, true, 'COLUMN', column, null, `/${schema}/${table}`, 1, '{}', null]));
  }
  return { read: async () => Readable.from(lines.map((line) => Buffer.from(line))), kept: 0, keptColumns: 0 };
}

const names = fc.uniqueArray(fc.constantFrom('id', 'customer', 'Tab\tbed', 'Größe', 'back\\slash', 'total'), {
  maxLength: 4,
});
const step = fc.record({
  what: fc.constantFrom('list', 'list', 'columns', 'drop', 'remove', 'profile'),
  schema: fc.constantFrom('a', 'b'),
  tables: names,
  columns: names,
  dice: fc.nat(),
  /** How its transaction ends; search may be asked before that. */
  end: fc.constantFrom('commit', 'commit', 'roll back'),
  meanwhile: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

async function take({ what, schema, tables, columns, dice }: Step, source: Source, trx: Trx): Promise<void> {
  const request = {
    ...{ jobId: 'j', source, rootId: source.rootId, shape: 'database' as const, ownsRoot: false, targetIds: [] },
    ...{ complete: [`/${schema}`], failed: [], dropBareSchemas: tables.length === 0 },
  };
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM entity WHERE source_id = ${source.id} AND parent_id IS NOT NULL AND (type = 'TABLE' OR ${what !== 'columns'})
    ORDER BY fqdn`.execute(trx);
  const at = rows[dice % Math.max(1, rows.length)]?.id;
  if (what === 'list') await mergeListing(trx, listing(schema, tables, columns), request);
  else if (what === 'remove') await removeEntityBatch(trx, source, undefined, dice % 5);
  else if (at === undefined) return;
  else if (what === 'columns') {
    const file = (await holdTables(trx, [{ id: at, alone: true }])).get(at)!;
    const read = columns.map((name, index) => ({ name, ordinal: index + 1, metadata: {} }));
    await mergeFileColumns(trx, 'j', [{ file, columns: read }]);
  } else if (what === 'drop') {
    await sql`CREATE TEMP TABLE dropped ON COMMIT DROP AS SELECT ${at}::uuid AS id`.execute(trx);
    await dropEntities(trx, 'dropped');
  } else await profile(trx, source, at);
}

async function profile(trx: Trx, source: Source, id: string): Promise<void> {
  await trx.updateTable('profile').set({ current: false }).where('entity_id', '=', id).execute();
  const row = { entity_id: id, table_id: id, source_id: source.id, job_id: 'j', job_seq: 1, basis: '{}', body: '{}' };
  await trx.insertInto('profile').values(row).execute();
}

async function newSource(): Promise<Source> {
  for (const table of ['entity', 'data_source', 'profile'] as const) await base.db.deleteFrom(table).execute();
  const [root] = await addCatalog(base.db, { Shop: {} });
  if (!root) throw new Error('a source has a root');
  await foldSearchChanges(base.db);
  return { id: root.sourceId, fqdnId: `fq-${root.sourceId}`, rootId: root.id };
}

const uncounted = async (): Promise<unknown[]> =>
  (await sql`SELECT * FROM search_change WHERE name IS NULL`.execute(base.db)).rows;

test('whoever writes to the catalog notes exactly what he made and deleted, and nobody has to count it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const source = await newSource();
      for (const one of steps) {
        const trx = await base.db.startTransaction().execute();
        try {
          await take(one, source, trx);
          if (one.meanwhile) {
            await foldSearchChanges(base.db);
            expect(await findSearchDrift(base.db)).toEqual([]);
          }
        } finally {
          await (one.end === 'commit' ? trx.commit() : trx.rollback()).execute();
        }
        expect(await uncounted()).toEqual([]);
      }
      await foldSearchChanges(base.db);
      expect(await findSearchDrift(base.db)).toEqual([]);
      await base.db.transaction().execute((trx) => removeSource(trx, source.id));
      await foldSearchChanges(base.db);
      expect(await uncounted()).toEqual([]);
      expect(await findSearchDrift(base.db)).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

test('what somebody else wrote is counted, beside what was noted', async () => {
  const source = await newSource();
  await base.db.transaction().execute((trx) =>
    mergeListing(trx, listing('a', ['customer', 'total'], ['id', 'customer']), {
      ...{ jobId: 'j', source, rootId: source.rootId, shape: 'database', ownsRoot: false, targetIds: [] },
      ...{ complete: ['/a'], failed: [], dropBareSchemas: false },
    }),
  );
  await sql`DELETE FROM entity WHERE type = 'COLUMN' AND name = 'id'`.execute(base.db);
  expect(await uncounted()).toHaveLength(1);
  await foldSearchChanges(base.db);
  expect(await findSearchDrift(base.db)).toEqual([]);
});
