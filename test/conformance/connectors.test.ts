import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  ConnectContext,
  Connection,
  Connector,
  ListingEvent,
  ReadRequest,
  SourceObject,
  TestStep,
} from '../../src/connectors/connector.ts';
import { ABILITIES } from '../../src/connectors/connector.ts';
import { loadConnector } from '../../src/connectors/openers.ts';
import { CONNECTOR_SPECS } from '../../src/connectors/specs.ts';
import { AssayError } from '../../src/errors/assay-error.ts';
import { ERRORS } from '../../src/errors/table.ts';
import { openDuckDbForTests, readRowGroupsForTests } from '../support/duckdb-files.ts';
import {
  CASES,
  CASES_ELSEWHERE,
  CASES_HERE,
  type ConformanceSource,
  type Exemption,
  PEOPLE,
  SECRET,
} from './connector-sources.ts';
import { rowsOf } from './rows-of.ts';

/** One suite for all connectors: what a job may rely on, whatever the source is. */

test('every connector that is built is in the suite', () => {
  expect(CASES.length).toBeGreaterThan(0);
  const tested = CASES.map((one) => one.databaseType);
  expect(CONNECTOR_SPECS.filter((spec) => !spec.databaseTypes.some((type) => tested.includes(type)))).toEqual([]);
});

test.skip.each(CASES_ELSEWHERE)('%s', () => {});

describe.each(CASES_HERE)('$databaseType $format', ({ databaseType, exempt, open }) => {
  let source: ConformanceSource;
  let connector: Connector;
  beforeAll(async () => {
    connector = await loadConnector(databaseType);
    source = await open();
  });
  afterAll(async () => {
    await source?.drop();
  });

  /** Runs, or shows as skipped with the reason. */
  const unless = (what: Exemption, title: string, work: () => Promise<void>): void => {
    const reason = exempt[what];
    if (reason === undefined) test(title, work);
    else test.skip(`${title} (not here: ${reason})`, work);
  };
  const contextOf = (signal = new AbortController().signal): ConnectContext => ({
    signal,
    applicationName: 'assay conformance',
    fileRoots: source.fileRoots,
    protectedPaths: [],
    connectTimeoutMs: 5_000,
    openDuckDb: openDuckDbForTests,
    readRowGroups: readRowGroupsForTests,
  });
  const withConnection = async <T>(work: (connection: Connection) => Promise<T>, context = contextOf()): Promise<T> => {
    const connection = await connector.connect(source.config, context);
    try {
      return await work(connection);
    } finally {
      await connection.close();
    }
  };
  const listAll = (mayContain?: (path: readonly string[]) => boolean): Promise<ListingEvent[]> =>
    withConnection(async (connection) => {
      const events: ListingEvent[] = [];
      for (const unit of await connection.listUnits())
        for await (const event of connection.introspect({
          unit,
          ...(mayContain ? { mayContain } : {}),
          signal: contextOf().signal,
        }))
          events.push(event);
      return events;
    });
  const objectsIn = (events: ListingEvent[]): SourceObject[] =>
    events.flatMap((one) => (one.kind === 'objects' ? one.objects : []));
  const read = (request: Partial<ReadRequest> = {}) =>
    withConnection(async (connection) =>
      rowsOf(await connection.read({ ...source.people, signal: contextOf().signal, ...request })),
    );

  describe('what it says of itself', () => {
    test('its spec and its abilities agree with what it has', async () => {
      const { spec } = connector;
      expect(CONNECTOR_SPECS).toContain(spec);
      expect(spec.databaseTypes).toEqual(spec.databaseTypes.map((type) => type.toUpperCase()));
      expect(spec.abilities.filter((ability) => !ABILITIES.includes(ability))).toEqual([]);
      expect(spec.abilities).toEqual(expect.arrayContaining(['test', 'introspect', 'read']));
      await withConnection(async (connection) => {
        expect(connection.planPartitions !== undefined).toBe(spec.abilities.includes('partitions'));
        expect(connection.pushDown !== undefined).toBe(spec.abilities.includes('pushDown'));
        const info = await connection.info();
        expect(info).toMatchObject({ product: expect.stringMatching(/./), version: expect.stringMatching(/./) });
        expect(JSON.stringify(info)).not.toContain(SECRET);
      });
    });

    test('a configuration without anything is refused in sentences, before anything is tried', async () => {
      const empty = { databaseType };
      expect(connector.spec.problems(empty).length).toBeGreaterThan(0);
      expect(connector.spec.problems(source.config)).toEqual([]);
      await expect(connector.connect(empty, contextOf())).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    });

    test('it writes nothing to the source', () => source.proveReadOnly(contextOf()));
  });

  describe('listing', () => {
    test('parents come before their children, nothing comes twice, and the end is proven', async () => {
      const events = await listAll();
      const seen = new Set<string>(['[]']);
      for (const { path } of objectsIn(events)) {
        expect(seen, `parent of ${path.join('/')}`).toContain(JSON.stringify(path.slice(0, -1)));
        expect(seen, path.join('/')).not.toContain(JSON.stringify(path));
        seen.add(JSON.stringify(path));
      }
      expect(seen).toContain(JSON.stringify(source.people.path));
      expect(events.filter((one) => one.kind === 'failed')).toEqual([]);
      const units = await withConnection((connection) => connection.listUnits());
      for (const unit of units) expect(events).toContainEqual({ kind: 'complete', path: unit.path });
      expect(events.at(-1)?.kind).toBe('complete');
    });

    unless('brokenView', 'a broken view is as it is: listed, with its columns or why they are not known', async () => {
      const path = source.brokenView ?? [];
      const events = await listAll();
      expect(events.filter((one) => one.kind === 'failed')).toEqual([]);
      const below = objectsIn(events).filter((one) => String(one.path.slice(0, path.length)) === String(path));
      expect(below[0]).toMatchObject({ type: 'VIEW', path });
      // Some sources record what the columns were when the view was made.
      if (below.length > 1) return expect(events).toContainEqual({ kind: 'complete', path });
      const broken = expect.stringMatching(/gone|invalid/);
      expect(below[0]?.metadata.table).toMatchObject({ broken });
      const reason = expect.stringContaining(`the view ${path.join('/')} is broken: `);
      expect(events).toContainEqual({ kind: 'unproven', path, reason });
    });

    test('two listings of an unchanged source are the same, key by key', async () => {
      const stable = (objects: SourceObject[]): string =>
        JSON.stringify(objects.map(({ type, path, metadata: { stats: _, ...metadata } }) => [type, path, metadata]));
      const first = objectsIn(await listAll());
      await read();
      expect(stable(objectsIn(await listAll()))).toBe(stable(first));
      expect(first.find((one) => String(one.path) === String(source.people.path))?.metadata.stats).toBeDefined();
    });

    test('what nobody wants may be left out', async () => {
      const hidden = JSON.stringify(source.hidden);
      const paths = objectsIn(await listAll((path) => JSON.stringify(path) !== hidden)).map((one) =>
        JSON.stringify(one.path),
      );
      expect(paths).toContain(JSON.stringify(source.people.path));
      expect(paths.filter((path) => path === hidden)).toEqual([]);
    });

    test('a unit that is not there fails, and is not complete', async () => {
      const unit = { path: ['no such thing'], type: 'SCHEMA' as const };
      const events = await withConnection((connection) =>
        collect(connection.introspect({ unit, signal: contextOf().signal })),
      );
      expect(events).toMatchObject([{ kind: 'failed', path: unit.path, error: { code: 'SOURCE_NO_OBJECT' } }]);
    });

    unless('columns', 'columns tell their type, place, key and whether they may be null', async () => {
      const objects = objectsIn(await listAll());
      const [id, name] = ['id', 'name'].map(
        (column) =>
          objects.find((one) => String(one.path) === String([...source.people.path, column]))?.metadata.column,
      );
      expect(id).toMatchObject({ isPrimaryKey: true, isForeignKey: false, isNullable: false, ordinalPosition: 1 });
      expect(name).toMatchObject({
        isPrimaryKey: false,
        isNullable: true,
        ordinalPosition: 2,
        typeName: expect.stringMatching(/text|varchar/i),
      });
      const view = objects.find((one) => one.type === 'VIEW');
      expect(view?.metadata.table).toMatchObject({ tableType: 'VIEW', definition: expect.stringMatching(/people/) });
      const table = objects.find((one) => String(one.path) === String(source.people.path));
      expect(table?.metadata.table).toMatchObject({
        tableType: 'TABLE',
        primaryKey: { columns: ['id'] },
        foreignKeys: [],
        uniqueKeys: [],
      });
    });

    test('an abort ends it', async () => {
      const stop = new AbortController();
      await withConnection(async (connection) => {
        const [unit] = await connection.listUnits();
        stop.abort();
        await expect(collect(connection.introspect({ unit: unit!, signal: stop.signal }))).rejects.toThrow();
      });
    });
  });

  describe('reading', () => {
    test('every row and every value arrives as it is', async () => {
      const { names, rows } = await read();
      expect(names).toEqual(['id', 'name', 'note']);
      const expected = PEOPLE.map((row) =>
        row.map((value) => (value === null ? (exempt.nulls ? '' : null) : String(value))),
      );
      expect(rows.toSorted((a, b) => Number(a[0]) - Number(b[0]))).toEqual(expected);
    });

    unless('nulls', 'null and blank are told apart even where there is but one column', async () => {
      const { names, rows } = await read({ columns: ['name'] });
      const values = rows.map((row) => row[names.indexOf('name')]);
      expect(values.length).toBe(PEOPLE.length);
      expect(values.filter((value) => value === null).length).toBe(1);
      expect(values.filter((value) => value === '').length).toBe(1);
    });

    unless('chosenColumns', 'columns come in the order that was asked for', async () => {
      const { names, rows } = await read({ columns: ['note', 'id'] });
      expect(names).toEqual(['note', 'id']);
      expect(rows.find((row) => row[1] === '1')).toEqual(['plain', '1']);
    });

    unless('limit', 'a limit is kept', async () => {
      expect((await read({ limit: 3 })).rows.length).toBe(3);
      expect((await read({ limit: 0 })).rows.length).toBe(0);
    });

    unless('where', 'a condition is applied, also one that ends in a comment', async () => {
      expect((await read({ where: 'id > 5 -- the last two' })).rows.map((row) => row[0]).toSorted()).toEqual([
        '6',
        '7',
      ]);
    });

    unless('where', 'a condition that is none is the fault of whoever sent it', async () => {
      for (const where of [
        'no_such_column = 1',
        'id >',
        'id = 1) OR (1 = 1',
        "id = 1; DELETE FROM people; SELECT ('1'",
      ])
        await expect(read({ where }), where).rejects.toMatchObject({ code: 'BAD_REQUEST' });
      expect((await read()).rows.length).toBe(PEOPLE.length);
    });

    if (exempt.where)
      test('a condition that the source cannot apply comes back with the rows, for whoever measures them', async () => {
        const where = 'id > 5';
        const request = { ...source.people, where, signal: contextOf().signal };
        const left = await withConnection(async (connection) => (await connection.read(request)).rest);
        expect(left).toEqual({ where });
      });

    test('what is not there is named', async () => {
      await expect(read(source.missing)).rejects.toMatchObject({
        code: 'SOURCE_NO_OBJECT',
        message: expect.stringContaining(source.missing.path.at(-1) as string),
      });
    });

    unless('chosenColumns', 'a column that is not there is named', async () => {
      await expect(read({ columns: ['id', 'nope'] })).rejects.toMatchObject({
        code: 'SOURCE_NO_OBJECT',
        message: expect.stringContaining('nope'),
      });
    });

    unless('cancelRead', 'an abort in the middle ends it, and closing leaves nothing behind', async () => {
      const stop = new AbortController();
      await withConnection(async (connection) => {
        const result = await connection.read({ ...source.many, signal: stop.signal });
        const consume = async (): Promise<void> => {
          const chunks: AsyncIterable<unknown> =
            result.kind === 'bytes' ? result.stream : result.kind === 'batches' ? result.batches : never();
          for await (const _ of chunks) stop.abort();
        };
        await expect(consume()).rejects.toThrow();
      });
      await expect.poll(() => source.countConnections?.()).toBe(0);
    });

    unless('cancelRead', 'a reader that walks away leaves nothing behind', async () => {
      await withConnection(async (connection) => {
        const result = await connection.read({ ...source.many, signal: contextOf().signal });
        const chunks: AsyncIterable<unknown> =
          result.kind === 'bytes' ? result.stream : result.kind === 'batches' ? result.batches : never();
        for await (const _ of chunks) break;
        // The session is still good for the next read.
        expect(
          (await rowsOf(await connection.read({ ...source.people, signal: contextOf().signal }))).rows.length,
        ).toBe(PEOPLE.length);
      });
      await expect.poll(() => source.countConnections?.()).toBe(0);
    });
  });

  describe('connecting', () => {
    test('closing leaves no connection, also when closed twice', async () => {
      const connection = await connector.connect(source.config, contextOf());
      await connection.listUnits();
      await connection.close();
      await connection.close();
      if (source.countConnections) await expect.poll(() => source.countConnections?.()).toBe(0);
    });

    test('what cannot be opened says why, with a code of the source and without a secret', async () => {
      const error = await connector.connect(source.broken, contextOf()).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(AssayError);
      expect((error as AssayError).code).toBe('SOURCE_NO_DATABASE');
      expect(inspect(error, { depth: 8, showHidden: true })).not.toContain(SECRET);
    });

    unless('password', 'a wrong password is named, and shown nowhere', async () => {
      const config = { ...source.config, password: `${SECRET}-wrong` };
      const error = await connector.connect(config, contextOf()).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'SOURCE_AUTH' });
      expect(inspect(error, { depth: 8, showHidden: true })).not.toContain(SECRET);
    });

    test('an abort before it began is honoured', async () => {
      const stop = new AbortController();
      stop.abort();
      const attempt = async (): Promise<void> => {
        const connection = await connector.connect(source.config, contextOf(stop.signal));
        try {
          for (const unit of await connection.listUnits())
            for await (const _ of connection.introspect({ unit, signal: stop.signal }));
        } finally {
          await connection.close();
        }
      };
      await expect(attempt()).rejects.toThrow();
    });
  });

  describe('connection test', () => {
    const stepsOf = (config: ConformanceSource['config']): Promise<TestStep[]> =>
      collect(connector.test(config, contextOf()));

    test('a good source passes every step in words', async () => {
      const steps = await stepsOf(source.config);
      expect(steps.length).toBeGreaterThan(2);
      expect(steps.filter((step) => step.outcome === 'failed')).toEqual([]);
      for (const step of steps) {
        expect(step.reason, step.name).not.toBe('');
        expect(step.ms).toBeGreaterThanOrEqual(0);
        expect(step.remedy === '', step.name).toBe(step.outcome !== 'warning');
      }
      if (source.countConnections) await expect.poll(() => source.countConnections?.()).toBe(0);
    });

    test('the step that fails is the last, and says what to do', async () => {
      const steps = await stepsOf(source.broken);
      expect(steps.findIndex((step) => step.outcome === 'failed')).toBe(steps.length - 1);
      const last = steps.at(-1)!;
      expect(last).toMatchObject({ code: 'SOURCE_NO_DATABASE', remedy: expect.stringMatching(/./) });
      expect(Object.keys(ERRORS)).toContain(last.code);
      expect(JSON.stringify(steps)).not.toContain(SECRET);
    });

    test('it never throws, whatever it is given', async () => {
      for (const config of [
        { databaseType },
        { ...source.config, path: '\u0000', host: '\u0000' },
        { databaseType, uri: '%%%', path: '/' },
      ])
        expect((await stepsOf(config)).at(-1)?.outcome).toBe('failed');
    });
  });
});

function never(): never {
  throw new Error('a relation has no stream of its own');
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
