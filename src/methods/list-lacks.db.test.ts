import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import type { DictionaryMethod } from '../identify/method.ts';
import { newEntityId, newHexId } from '../model/ids.ts';
import type { ProfileTarget } from '../store/profiles.ts';
import { type LackKey, listLacks } from './list-lacks.ts';

/** Many methods on many columns: a page ends in time, and the process does other things meanwhile. */
let database: TestDatabase;
const [sourceId, tableId] = [newHexId(), newEntityId()];
const COLUMNS = 120;
const METHODS = 1_000;

beforeAll(async () => {
  database = await createTestDatabase();
  const base = { source_id: sourceId, root_id: tableId };
  await database.db
    .insertInto('entity')
    .values([
      { ...base, id: tableId, parent_id: null, type: 'TABLE', name: 't', fqdn: 'S/t' },
      ...Array.from({ length: COLUMNS }, (_, i) => ({
        ...{ ...base, id: newEntityId(), parent_id: tableId, type: 'COLUMN' as const },
        ...{ name: `c${i}`, fqdn: `S/t/c${i}`, ordinal: i },
      })),
    ])
    .execute();
});
afterAll(() => database.drop());

test('pages end after so many pairs, go on where they ended, and let others in', async () => {
  const target = { id: tableId, sourceId, place: 'S/t', columnIds: null } as ProfileTarget;
  const methods = Array.from(
    { length: METHODS },
    (_, i) =>
      ({ id: `m${i}`, name: `m${i}`, kind: 'dictionary', aliases: [], rules: [] }) as unknown as DictionaryMethod,
  );
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  const seen = new Set<string>();
  const pairs: number[] = [];
  const unseal = (): Buffer => Buffer.alloc(0);
  for (let after: LackKey | undefined, more = true; more; ) {
    const page = await listLacks(database.db, unseal, { targets: [target], methods, after, size: 1_000_000 });
    for (const { columnId, methodId } of page.lacks) seen.add(`${columnId} ${methodId}`);
    pairs.push(page.pairs);
    after = page.next;
    more = after !== undefined;
  }
  clearInterval(timer);
  expect(pairs).toEqual([100_000, 20_000]);
  expect(seen.size).toBe(COLUMNS * METHODS);
  expect(turns).toBeGreaterThan(20);
});
