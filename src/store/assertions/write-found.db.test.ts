import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { splitPatch } from '../../model/attributes.ts';
import { newEntityId, newHexId } from '../../model/ids.ts';
import type { Found } from '../../model/machine-assertions.ts';
import { editEntity, listAssertions } from '../edit-entity.ts';
import { loadEntities } from '../entities.ts';
import { type FoundInTable, writeFound } from './write-found.ts';

let database: TestDatabase;
const sourceId = newHexId();
const person = '0190a000-0000-7000-8000-000000000001';
const [table, first, second] = [newEntityId(), newEntityId(), newEntityId()];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.pool.query('TRUNCATE entity, assertion, entity_attributes');
  const base = { source_id: sourceId, root_id: table };
  await database.db
    .insertInto('entity')
    .values([
      { ...base, id: table, parent_id: null, type: 'TABLE', name: 't', fqdn: 'S/t' },
      { ...base, id: first, parent_id: table, type: 'COLUMN', name: 'a', fqdn: 'S/t/a' },
      { ...base, id: second, parent_id: table, type: 'COLUMN', name: 'b', fqdn: 'S/t/b' },
    ])
    .execute();
});

const finding = (entityId: string, value: string, more: Partial<Found> = {}): Found => ({
  entityId,
  kind: 'tag',
  value,
  methodId: 'm1',
  columnId: entityId,
  body: { sourceName: 'M1', sourceType: 'Dictionary', confidenceScore: 0.9 },
  evidence: { methodId: 'm1', matched: ['x'] },
  ...more,
});
const write = (found: Found[], wasAsked: FoundInTable['wasAsked'] = () => true, jobId = newHexId()) =>
  database.db.transaction().execute((trx) => writeFound(trx, jobId, { tableId: table, found, wasAsked }));
const patch = (entityId: string, attributes: Record<string, unknown>) =>
  editEntity(database.db, entityId, person, splitPatch(attributes), () => {});
const attributesOf = async (id: string) => {
  const [entity] = await loadEntities(database.db, [id]);
  const { toAttributes } = await import('../../model/attributes.ts');
  return toAttributes(entity?.attributes ?? {}, entity?.assertions ?? []);
};
const tagsOf = async (id: string): Promise<string[]> =>
  (((await attributesOf(id)).tags ?? []) as { name: string }[]).map(({ name }) => name).sort();
/** Changes with every write to an assertion, and with every note for search. */
const writes = async (): Promise<unknown> => {
  const { rows } = await sql`SELECT id, xmin::text, ctid::text FROM assertion
    UNION ALL SELECT 0, xmin::text, ctid::text FROM search_dirty ORDER BY 1, 2, 3`.execute(database.db);
  return rows;
};

describe('findings of a table', () => {
  test('are written once, and renewed only where the evidence is another', async () => {
    const found = [
      finding(first, 'PII'),
      finding(table, 'People', { columnId: first }),
      finding(first, 'HIGH', { kind: 'sensitivity' }),
    ];
    const effects = await write(found);
    expect(effects.created).toEqual({ tags: 1, sensitivities: 1, 'table tags': 1, 'table sensitivities': 1 });
    const before = await listAssertions(database.db, first);
    const count = await writes();
    const again = await write(found);
    expect(again.created).toEqual({});
    expect(again.unchanged).toEqual({ tags: 1, sensitivities: 1, 'table tags': 1, 'table sensitivities': 1 });
    expect(await writes()).toEqual(count);
    expect(await listAssertions(database.db, first)).toEqual(before);
    const renewed = await write([
      finding(first, 'PII', { evidence: { methodId: 'm1', matched: ['y'] } }),
      ...found.slice(1),
    ]);
    expect(renewed.changed).toEqual({ tags: 1 });
    expect((await listAssertions(database.db, first)).map(({ evidence }) => evidence.matched)).toEqual([['y'], ['x']]);
  });

  test('change the ETag of their entity when they come, are renewed and go, and no other time', async () => {
    const etag = async () => (await loadEntities(database.db, [first]))[0]?.etag;
    const renewed = finding(first, 'A', { body: { sourceName: 'M1', confidenceScore: 0.7 } });
    const tags = [await etag()];
    for (const found of [[finding(first, 'A')], [renewed], []]) {
      await write(found);
      tags.push(await etag());
      await write(found);
      expect(await etag()).toBe(tags.at(-1));
    }
    expect(new Set(tags).size).toBe(4);
  });

  test('that no longer hold go, those that were not asked about stay', async () => {
    await write([finding(first, 'A'), finding(second, 'B'), finding(table, 'T', { columnId: second })]);
    const jobId = newHexId();
    const effects = await write([], (_, columnId) => columnId === first, jobId);
    expect(effects.deleted).toEqual({ tags: 1 });
    expect([await tagsOf(first), await tagsOf(second), await tagsOf(table)]).toEqual([[], ['B'], ['T']]);
    expect(await listAssertions(database.db, first)).toMatchObject([{ removedBy: null, removedByJob: jobId }]);
  });

  test('that are taken back, by a job or a person, keep how they were found, and none of the values', async () => {
    const evidence = { methodId: 'm1', rule: 0, matched: ['4000-1'], unmatched: ['4000-2'] };
    await write([finding(first, 'A', { evidence }), finding(second, 'B', { evidence }), finding(second, 'C')]);
    await patch(second, { tags: [{ name: 'C' }] });
    await write([], (_, columnId) => columnId === first);
    const bare = { methodId: 'm1', rule: 0, matched: [], unmatched: [] };
    expect((await listAssertions(database.db, first)).map((one) => one.evidence)).toEqual([bare]);
    expect((await listAssertions(database.db, second)).map((one) => one.evidence)).toEqual([
      bare,
      { methodId: 'm1', matched: ['x'] },
    ]);
    await patch(second, { tags: [{ name: 'C' }, { name: 'Mine' }] });
    await patch(second, { tags: [] });
    expect((await listAssertions(database.db, second)).map((one) => one.evidence)).toEqual([
      bare,
      { methodId: 'm1', matched: [] },
      {},
    ]);
  });

  test('leave their table with the column that they were found in', async () => {
    await write([
      finding(table, 'T', { columnId: second }),
      finding(second, 'HIGH', { kind: 'sensitivity' }),
      finding(first, 'LOW', { kind: 'sensitivity' }),
    ]);
    expect(await attributesOf(table)).toMatchObject({ tags: [{ name: 'T' }], features: { sensitivity: 'HIGH' } });
    await database.db.deleteFrom('entity').where('id', '=', second).execute();
    await write([], () => false);
    expect(await attributesOf(table)).toEqual({ features: { sensitivity: 'LOW' } });
  });

  test('of a table count all its columns, also those that a person rated, when only one was asked about', async () => {
    await write([finding(first, 'MEDIUM', { kind: 'sensitivity' })], (_, columnId) => columnId === first);
    await patch(second, { features: { sensitivity: 'HIGH' } });
    await write([finding(first, 'MEDIUM', { kind: 'sensitivity' })], (_, columnId) => columnId === first);
    expect(await attributesOf(table)).toEqual({ features: { sensitivity: 'HIGH' } });
    await patch(table, { features: { sensitivity: 'LOW' } });
    await write([finding(first, 'MEDIUM', { kind: 'sensitivity' })], (_, columnId) => columnId === first);
    expect(await attributesOf(table)).toEqual({ features: { sensitivity: 'LOW' } });
  });

  test('may have long names', async () => {
    const long = 'tag '.repeat(5_000);
    await write([finding(first, long)]);
    expect(await tagsOf(first)).toEqual([long]);
    expect((await write([finding(first, long)])).unchanged).toEqual({ tags: 1 });
  });

  test('of a table that left the catalog are nobody’s', async () => {
    await database.db.deleteFrom('entity').execute();
    expect((await write([finding(first, 'A')])).created).toEqual({});
  });
});

describe('a person who edits', () => {
  test('takes nothing over by sending back what was shown, in whole or by name', async () => {
    await write([
      finding(first, 'A'),
      finding(first, 'A', { methodId: 'm2', body: { sourceName: 'M2', confidenceScore: 0.7 } }),
      finding(first, 'T1', { kind: 'term', body: { name: 'Term', sourceName: 'M1', confidenceScore: 0.9 } }),
    ]);
    const shown = await attributesOf(first);
    expect(shown.tags).toEqual([{ name: 'A', sourceName: 'M1', sourceType: 'Dictionary', confidenceScore: 0.9 }]);
    await patch(first, shown);
    await patch(first, { tags: [{ name: 'A' }, { name: 'B' }], businessTerms: [{ id: 'T1' }] });
    const said = await listAssertions(database.db, first);
    expect(said.map(({ value, origin, removedAt }) => [value, origin, removedAt])).toEqual([
      ['A', 'job', null],
      ['A', 'job', null],
      ['T1', 'job', null],
      ['B', 'human', null],
    ]);
  });

  test('and jobs that find: people win in every history', async () => {
    const values = ['a', 'b', 'c'];
    const pairs = [
      ['m1', first],
      ['m1', second],
      ['m2', first],
    ] as const;
    const act = fc.oneof(
      fc.record({
        what: fc.constant('run' as const),
        asked: fc.subarray([0, 1, 2]),
        found: fc.array(fc.tuple(fc.nat(2), fc.constantFrom(...values))),
      }),
      fc.record({
        what: fc.constant('patch' as const),
        entity: fc.constantFrom(first, second),
        tags: fc.subarray(values),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 10 }), async (history) => {
        await database.pool.query('TRUNCATE assertion, entity_attributes');
        /** Entity and value → whether a person who touched it wants it there. */
        const decided = new Map<string, boolean>();
        const last = new Map<number, Set<string>>();
        const expected = (entity: string): string[] =>
          values.filter(
            (value) =>
              decided.get(`${entity} ${value}`) ??
              pairs.some(([, column], i) => column === entity && last.get(i)?.has(value)),
          );
        for (const one of history) {
          if (one.what === 'run') {
            const found = one.found.filter(([pair]) => one.asked.includes(pair));
            for (const pair of one.asked)
              last.set(pair, new Set(found.filter(([i]) => i === pair).map(([, value]) => value)));
            await write(
              found.map(([pair, value]) => finding(pairs[pair]![1], value, { methodId: pairs[pair]![0] })),
              (methodId, columnId) => one.asked.some((i) => pairs[i]![0] === methodId && pairs[i]![1] === columnId),
            );
          } else {
            const before = expected(one.entity);
            for (const value of values)
              if (before.includes(value) !== one.tags.includes(value))
                decided.set(`${one.entity} ${value}`, one.tags.includes(value));
            await patch(one.entity, { tags: one.tags.map((name) => ({ name })) });
          }
          for (const entity of [first, second]) expect(await tagsOf(entity)).toEqual(expected(entity));
        }
        const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM assertion
          WHERE removed_at IS NULL AND origin = 'human' AND EXISTS (SELECT FROM assertion o WHERE o.removed_at IS NULL
            AND o.origin = 'job' AND (o.entity_id, o.value) = (assertion.entity_id, assertion.value))`.execute(
          database.db,
        );
        expect(rows[0]?.n).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});
