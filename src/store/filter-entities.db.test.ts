import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { newEntityId } from '../model/ids.ts';
import { type EntityFilter, filterEntityIds } from './filter-entities.ts';

/** The answer of a filter does not depend on the way to the rows: it is what comparing every entity gives. */
interface Entity {
  id: string;
  source: string;
  parent: string | null;
  type: string;
  name: string;
  fqdn: string;
}

let database: TestDatabase;
const entities: Entity[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  for (const source of ['a', 'ab']) {
    const root = add(source, null, 'RESOURCE', source);
    // The first schema is crowded: more than a page may fetch and sort.
    for (const [schema, tables] of [
      ['big', 5_200],
      ['big2', 3],
      ['small', 3],
    ] as const) {
      const parent = add(source, root, 'SCHEMA', schema);
      for (let n = 0; n < tables; n++) {
        const table = add(source, parent, n % 7 === 0 ? 'VIEW' : 'TABLE', `t${n % 9 === 0 ? n : `${n}x`}`);
        if (n < 4) for (const name of ['id', 'note']) add(source, table, 'COLUMN', name);
      }
    }
  }
  await database.pool.query(
    `INSERT INTO data_source (id, resource_name, fqdn_id, database_type) VALUES ('a', 'a', 'a', 'X'), ('ab', 'ab', 'ab', 'X')`,
  );
  await database.pool.query(
    `INSERT INTO entity (id, source_id, parent_id, root_id, type, name, fqdn)
     SELECT id, source, parent, id, type, name, fqdn FROM jsonb_to_recordset($1)
       AS e(id uuid, source text, parent uuid, type text, name text, fqdn text)`,
    [JSON.stringify(entities)],
  );
  await database.pool.query('ANALYZE entity');
});
afterAll(() => database.drop());

function add(source: string, parent: Entity | null, type: string, name: string): Entity {
  const fqdn = parent ? `${parent.fqdn}/${name}` : name;
  const entity = { id: newEntityId(), source, parent: parent?.id ?? null, type, name, fqdn };
  entities.push(entity);
  return entity;
}

const byId = () => new Map(entities.map((entity) => [entity.id, entity]));

function matches(entity: Entity, filter: EntityFilter, known: Map<string, Entity>): boolean {
  const has = (values: readonly string[] | undefined, value: string | null): boolean =>
    !values || values.includes(value ?? '');
  const above: string[] = [];
  for (let at = entity.parent; at; at = known.get(at)?.parent ?? null) above.push(at);
  return (
    has(filter.types, entity.type) &&
    has(filter.names, entity.name) &&
    has(filter.fqdns, entity.fqdn) &&
    has(filter.resourceIds, entity.source) &&
    has(filter.parentIds, entity.parent) &&
    (!filter.rootIds || above.some((id) => filter.rootIds?.includes(id)))
  );
}

test('pages of any filter give exactly the entities that fit, each once and in order', {
  timeout: 120_000,
}, async () => {
  const known = byId();
  const ids = entities.filter((entity) => entity.type !== 'COLUMN').map((entity) => entity.id);
  const containers = entities.filter((entity) => entity.type === 'SCHEMA' || entity.type === 'RESOURCE');
  const some = <T>(values: readonly T[]) =>
    fc.option(fc.array(fc.constantFrom(...values), { minLength: 1, maxLength: 3 }), { nil: undefined, freq: 2 });
  const container = fc.oneof(fc.constantFrom(...containers.map((one) => one.id)), fc.constantFrom(...ids));
  const someContainers = fc.option(fc.array(container, { minLength: 1, maxLength: 3 }), { nil: undefined, freq: 2 });
  const filters = fc.record({
    types: some(['RESOURCE', 'SCHEMA', 'TABLE', 'VIEW', 'COLUMN']),
    names: some(['id', 'note', 't0', 't1x', 'big', 'none']),
    resourceIds: some(['a', 'ab', 'zz']),
    fqdns: fc.option(fc.array(fc.constantFrom('a/big', 'ab/small/t0', 'a/big/t0/id', 'x'), { minLength: 1 }), {
      nil: undefined,
      freq: 1,
    }),
    parentIds: someContainers,
    rootIds: someContainers,
  });
  let full = 0;
  await fc.assert(
    fc.asyncProperty(filters, fc.nat(entities.length - 1), async (filter, start) => {
      const wanted = entities.filter((entity) => matches(entity, filter as EntityFilter, known)).map(({ id }) => id);
      if (wanted.length > 0) full++;
      let after = entities[start]?.id;
      const left = wanted.filter((id) => after !== undefined && id > after);
      expect(await filterEntityIds(database.db, filter as EntityFilter, undefined, 7)).toEqual(wanted.slice(0, 7));
      for (let page = 0; page < 3; page++) {
        const found = await filterEntityIds(database.db, filter as EntityFilter, after, 5);
        expect(found).toEqual(left.splice(0, 5));
        if (found.length === 0) break;
        after = found.at(-1);
      }
    }),
    { numRuns: 150 },
  );
  expect(full).toBeGreaterThan(20);
});
