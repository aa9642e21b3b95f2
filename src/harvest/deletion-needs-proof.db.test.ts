import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeSource } from '../../test/support/fake-connector.ts';
import { JobBench } from '../../test/support/run-job.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { AssayError } from '../errors/assay-error.ts';
import { insertDataSource } from '../store/data-sources.ts';
import { isBelowOrAt, toPlace } from './object-path.ts';

/**
 * The promise that a source error never deletes metadata, as a law: whatever the source was, whatever became of it, and
 * wherever reading it breaks, nothing goes away that is still there or could not be looked at; and the next whole reading
 * brings the catalog to exactly what the source shows.
 */
const SOURCE = '65f000000000000000000001';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const name = fc.constantFrom('a', 'b', 'A', 'c/d', 'e%', 'é');
/** Paths of tables or files; what is above them follows. */
const catalog = (depth: number) =>
  fc.uniqueArray(fc.array(name, { minLength: depth, maxLength: depth + 1 }), {
    maxLength: 12,
    selector: (path) => JSON.stringify(path),
  });

interface Case {
  shape: 'database' | 'files';
  before: string[][];
  after: string[][];
  /** Chooses the container that breaks among those there are. */
  breaking: number;
  /** Or the reading ends after so many objects. */
  throwAfter: number | undefined;
}

const databaseCase = fc.record<Case>({
  shape: fc.constant('database' as const),
  before: catalog(3).map((paths) => paths.map((path) => path.slice(0, 3))),
  after: catalog(3).map((paths) => paths.map((path) => path.slice(0, 3))),
  breaking: fc.nat(20),
  throwAfter: fc.option(fc.nat(8), { nil: undefined, freq: 3 }),
});
const filesCase = fc.record<Case>({
  shape: fc.constant('files' as const),
  before: catalog(1),
  after: catalog(2),
  breaking: fc.nat(20),
  throwAfter: fc.option(fc.nat(8), { nil: undefined, freq: 3 }),
});

function fill(source: FakeSource, { shape }: Case, paths: string[][]): void {
  source.objects.clear();
  source.shape = shape;
  for (const path of paths) {
    if (shape === 'database') {
      const [schema, table, column] = path as [string, string, string];
      if (!source.has([schema])) source.put('SCHEMA', [schema]);
      if (!source.has([schema, table])) source.put('TABLE', [schema, table]);
      source.put('COLUMN', [schema, table, column]);
    } else if (!source.has(path)) {
      // A name that already stands for a file cannot be a folder as well.
      const folders = path.slice(0, -1).map((_, index) => path.slice(0, index + 1));
      if (folders.every((folder) => source.typeOf(folder) !== 'FILE')) source.file(...path);
    }
  }
}

const places = (source: FakeSource): Set<string> =>
  new Set([...source.objects.values()].map((object) => `${object.type} ${toPlace(object.path)}`));

async function stored(): Promise<Map<string, string>> {
  const rows = await database.db
    .selectFrom('entity')
    .select(['id', 'type', 'fqdn'])
    .where('type', '<>', 'RESOURCE')
    .execute();
  return new Map(rows.map((row) => [`${row.type} ${row.fqdn.slice('s'.length)}`, row.id]));
}

test('nothing goes without proof, and a whole reading makes catalog and source equal', {
  timeout: 240_000,
}, async () => {
  let deletions = 0;
  let kept = 0;
  await fc.assert(
    fc.asyncProperty(fc.oneof(databaseCase, filesCase), async (example) => {
      await database.pool.query('DELETE FROM job; DELETE FROM entity; DELETE FROM scan; DELETE FROM data_source');
      const config = { host: 'h', databaseName: 'd', userName: 'u' };
      const row = {
        id: SOURCE,
        resourceName: 's',
        fqdnId: 's',
        databaseType: 'POSTGRES',
        config,
        secrets: {},
        createdBy: null,
      };
      await insertDataSource(database.db, row);
      const source = new FakeSource();
      const bench = new JobBench(database.db, () => source.connector());
      const ingest = () => bench.run('METADATA_INGEST', { resourceId: SOURCE });

      fill(source, example, example.before);
      expect((await ingest()).status).toBe('COMPLETED');
      const first = await stored();
      expect(new Set(first.keys())).toEqual(places(source));

      fill(source, example, example.after);
      const now = places(source);
      const containers = source.containers();
      const broken = containers[example.breaking % Math.max(1, containers.length)];
      source.failAt = broken && example.throwAfter === undefined ? [broken] : [];
      source.throwAfter = example.throwAfter;
      source.error = new AssayError('SOURCE_NO_RIGHT', 'broken');
      await ingest();
      const second = await stored();
      for (const [place, id] of first) {
        const at = place.slice(place.indexOf(' ') + 1);
        if (now.has(place)) expect([place, second.get(place)]).toEqual([place, id]);
        else if (second.has(place)) kept++;
        else deletions++;
        for (const failed of source.failAt) {
          if (at !== toPlace(failed) && isBelowOrAt(at, toPlace(failed))) expect([...second.keys()]).toContain(place);
        }
      }

      source.failAt = [];
      source.throwAfter = undefined;
      await ingest();
      const third = await stored();
      expect(new Set(third.keys())).toEqual(now);
      for (const [place, id] of second) if (now.has(place)) expect(third.get(place)).toBe(id);
    }),
    { numRuns: 25 },
  );
  // A law that was never put to the test proves nothing.
  expect(deletions).toBeGreaterThan(10);
  expect(kept).toBeGreaterThan(10);
});
