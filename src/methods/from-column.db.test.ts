import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/test-api.ts';
import { newEntityId, newHexId } from '../model/ids.ts';
import { profileRead } from '../profile/duckdb/profile-read.ts';
import { foldParts } from '../profile/fold.ts';
import type { ColumnProfile } from '../profile/profile.ts';
import { fromBase64 } from '../sketch/value-set-codec.ts';
import { insertDataSource } from '../store/data-sources.ts';
import { getMethod } from '../store/methods/read-methods.ts';
import { storeProfiles } from '../store/profiles.ts';
import { buildTerms } from './build-terms.ts';
import { looksOf, valuesOf } from './from-column.ts';
import { streamHashes } from './read-dictionaries.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.drop());

/** A column of these values, as profiling measures it. */
async function profileOf(values: readonly (string | null)[], duckdbType = 'VARCHAR'): Promise<ColumnProfile> {
  const part = await profileRead(
    {
      kind: 'batches',
      columns: [{ name: 'c', nativeType: duckdbType, duckdbType, typeBasis: 'precise' }],
      batches: (async function* () {
        yield [[...values]];
      })(),
    },
    { memoryMb: 256, threads: 1, tempFolder: tmpdir(), signal: new AbortController().signal },
    { key: 'all', whole: true },
  );
  return foldParts([part]).columns[0] as ColumnProfile;
}

const cityColumn = ['Paris', 'paris ', 'Rome', 'Köln', null, 'KÖLN', 'ΟΔΟΣ', 'İzmir', 'I\u0307zmir'];

describe('a dictionary', () => {
  it('has the hashes that profiling finds in a column of the same values, to the bit', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
      fc.constantFrom('ΟΔΟΣ', 'İzmir', ' x ', 'ß', 'A'.repeat(60), 'é', 'e\u0301', '１２', 'x\u0085'),
    );
    const storable = text.filter((value) => value.isWellFormed() && !value.includes('\0'));
    await fc.assert(
      fc.asyncProperty(fc.array(storable, { minLength: 1, maxLength: 80 }), async (values) => {
        const profile = await profileOf(values);
        const set = fromBase64(String(profile.valueSet));
        await api.db.transaction().execute(async (trx) => {
          const built = await buildTerms(trx, [values.filter((value) => !/^\p{White_Space}*$/u.test(value))]);
          const hashes: number[] = [];
          for await (const run of streamHashes(trx, [{ id: 'd', name: 'd', ...built }])) hashes.push(...run.hashes);
          expect(hashes).toEqual(set.hashes);
        });
      }),
      { numRuns: 25 },
    );
  });
});

describe('values of a profiled column', () => {
  it('are known where the profile names every one, else it is said what is missing', async () => {
    const profile = await profileOf(cityColumn);
    expect(valuesOf(profile, []).length).toBe(fromBase64(String(profile.valueSet)).hashes.length);
    const many = await profileOf(Array.from({ length: 60 }, (_, i) => `Value ${i}`));
    expect(() => valuesOf(many, [])).toThrow(
      /it has 60 different values, and its profile knows the texts of 20;.*text\/csv/,
    );
    const samples = Array.from({ length: 60 }, (_, i) => `VALUE ${i}`);
    expect(valuesOf(many, samples)).toHaveLength(60);
    const large = await profileOf(Array.from({ length: 4_000 }, (_, i) => `Value ${i}`));
    expect(() => valuesOf(large, [])).toThrow(/it has about \d+ different values, more than a profile can name/);
    expect(() => valuesOf({ name: 'c', kind: 'text' }, [])).toThrow('no value set; profile it again');
    expect(() => valuesOf({ ...profile, topValues: { unknown: 'x' } }, [])).toThrow('knows the texts of 0');
  });

  it('are canonical where they are numbers', async () => {
    expect(valuesOf(await profileOf(['12.50', '7.00'], 'DECIMAL(9,2)'), []).sort()).toEqual(['12.5', '7']);
  });

  it('make a data pattern of the patterns above 10 % and of the strictest expression that covers as much', async () => {
    const orders = Array.from({ length: 95 }, (_, i) => `AB-${1_000 + i}`);
    const looks = looksOf(await profileOf([...orders, 'x', 'y', 'zz', '?', '!']));
    expect(looks.patterns).toEqual(['AAsdddd']);
    expect(looks.regexes).toHaveLength(1);
    expect(orders.every((value) => new RegExp(`^(?:${looks.regexes[0]})$`, 'u').test(value))).toBe(true);
    expect(() => looksOf({ name: 'c' })).toThrow('write the pattern by hand');
  });
});

describe('POST /from-column', () => {
  it('makes methods, with the right to see values where it shows them', async () => {
    const [sourceId, table, column] = [newHexId(), newEntityId(), newEntityId()];
    const config = { databaseName: 'shop', host: 'h' };
    const source = {
      id: sourceId,
      resourceName: 'Shop',
      databaseType: 'POSTGRES',
      config,
      secrets: {},
      createdBy: null,
    };
    await insertDataSource(api.db, source);
    const place = { source_id: sourceId, root_id: table, metadata: '{}' };
    await api.db
      .insertInto('entity')
      .values([
        { ...place, id: table, type: 'TABLE', name: 't', fqdn: 'S/t', parent_id: null },
        { ...place, id: column, type: 'COLUMN', name: 'city', fqdn: 'S/t/city', parent_id: table },
      ])
      .execute();
    const make = async (path: string, token: string, entityId: string) => {
      const response = await api.call('POST', path, { token, body: { entityId, name: 'Cities', tag: 'City' } });
      return { status: response.statusCode, body: response.json() };
    };
    const { token } = await api.signUp('data_steward');
    const developer = (await api.signUp('data_developer')).token;
    expect((await make('/dictionaries/from-column', token, column)).status).toBe(404);
    expect((await make('/dictionaries/from-column', token, table)).body.code).toBe('WRONG_ENTITY_TYPE');
    const body = (await profileOf(cityColumn)) as unknown as Record<string, unknown>;
    const basis = JSON.stringify({ kind: 'all rows', rowsRead: 9, partitions: 1 });
    await api.db
      .transaction()
      .execute((trx) =>
        storeProfiles(trx, { id: newHexId(), seq: 1 }, [
          { tableId: table, sourceId, entityId: column, basis, body: JSON.stringify(body) },
        ]),
      );
    expect(await make('/dictionaries/from-column', developer, column)).toMatchObject({ status: 403 });
    const made = await make('/dictionaries/from-column', token, column);
    expect(made).toMatchObject({ status: 201, body: { data: { name: 'Cities', origin: 'column', isEnabled: true } } });
    const stored = await getMethod(api.db, 'dictionary', made.body.data._id);
    expect(stored.cardinality).toBe(fromBase64(String(body.valueSet)).hashes.length);
    const pattern = await make('/data-patterns/from-column', developer, column);
    expect(pattern).toMatchObject({ status: 201, body: { data: { isEnabled: false, origin: 'column' } } });
    expect(pattern.body.data.profilePatterns.length).toBeGreaterThan(0);
    expect(pattern.body.data.regexMatch.regex).toEqual([]);
    const shown = await make('/data-patterns/from-column', token, column);
    expect(shown.body.data.regexMatch.regex).toEqual([expect.any(String)]);
  });
});
