import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { canonicalText } from '../sketch/canonical-text.ts';
import { valueSetHash } from '../sketch/value-set-codec.ts';
import type { Trx } from '../store/database.ts';
import { getMethod } from '../store/methods/read-methods.ts';
import { putMethod } from '../store/methods/write-methods.ts';
import { giveTerms } from '../store/methods/write-terms.ts';
import { buildTerms } from './build-terms.ts';
import { findHashes, findTerms, streamHashes, streamTerms } from './read-dictionaries.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const hashOf = (term: string): number => valueSetHash(canonicalText(term));

/** Builds a set and reads it back, in a transaction that leaves nothing. */
async function built<T>(terms: readonly string[], look: (trx: Trx, set: Dictionary) => Promise<T>): Promise<T> {
  let seen: T | undefined;
  const undone = new Error('undone');
  await database.db
    .transaction()
    .execute(async (trx) => {
      const set = await buildTerms(trx, [terms]);
      seen = await look(trx, { id: 'd', name: 'd', ...set });
      throw undone;
    })
    .catch((error: unknown) => {
      if (error !== undone) throw error;
    });
  return seen as T;
}
type Dictionary = { id: string; name: string; termSet: number; cardinality: number; terms: number };

async function readHashes(trx: Trx, set: Dictionary): Promise<number[]> {
  const hashes: number[] = [];
  for await (const run of streamHashes(trx, [set])) hashes.push(...run.hashes);
  return hashes;
}

async function readTerms(trx: Trx, set: Dictionary): Promise<string[]> {
  const terms: string[] = [];
  for await (const some of streamTerms(trx, set)) terms.push(...some);
  return terms;
}

describe('building a set of terms', () => {
  it('keeps terms as they came, and the hash of each canonical text once', async () => {
    const term = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
      .filter((text) => !text.includes('\0') && canonicalText(text) !== '');
    await fc.assert(
      fc.asyncProperty(fc.array(term, { maxLength: 60 }), async (terms) => {
        await built(terms, async (trx, set) => {
          expect(await readTerms(trx, set)).toEqual(terms);
          const hashes = [...new Set(terms.map(hashOf))].sort((a, b) => a - b);
          expect(await readHashes(trx, set)).toEqual(hashes);
          expect(set).toMatchObject({ terms: terms.length, cardinality: hashes.length });
          const found = await findTerms(trx, set, [...hashes, 12_345]);
          expect([...found.keys()].sort((a, b) => a - b)).toEqual(hashes);
          expect(await findHashes(trx, set, [...hashes, 12_345])).toEqual(new Set(hashes));
          for (const [hash, text] of found) expect(text).toBe(terms.find((one) => hashOf(one) === hash));
        });
      }),
      { numRuns: 30 },
    );
  });

  it('finds terms of large sets again, whatever run and chunk they are in', async () => {
    const terms = Array.from({ length: 50_000 }, (_, i) => `Term ${i}`);
    await built([...terms, 'TERM 7 ', ' term 8'], async (trx, set) => {
      expect(set).toMatchObject({ terms: 50_002 });
      expect(set.cardinality).toBeGreaterThan(49_990);
      const some = [0, 4_095, 4_096, 25_000, 49_999].map((i) => terms[i] as string);
      const found = await findTerms(trx, set, some.map(hashOf));
      expect([...found.values()].sort()).toEqual([...some].sort());
      const hashes = await readHashes(trx, set);
      expect(hashes.length).toBe(set.cardinality);
      expect(hashes.every((hash, i) => i === 0 || hash > (hashes[i - 1] as number))).toBe(true);
      const lowest: number[] = [];
      for await (const run of streamHashes(trx, [set], { to: 2 ** 20 })) lowest.push(...run.hashes);
      expect(lowest).toEqual(hashes.slice(0, lowest.length));
      expect(lowest.length).toBeLessThan(hashes.length);
      expect(await findHashes(trx, set, [...hashes, -1, 2 ** 34])).toEqual(new Set(hashes));
      // Each of its runs is read for the hashes that lie in it, and for no others.
      const middle = hashes[25_000] as number;
      await sql`UPDATE term_hashes SET hashes = '' WHERE term_set = ${set.termSet}
        AND NOT ${middle}::bigint BETWEEN first AND last`.execute(trx);
      expect(await findHashes(trx, set, [middle])).toEqual(new Set([middle]));
      await expect(findHashes(trx, set, [middle, hashes[0] as number])).rejects.toThrow(RangeError);
    });
  });

  it('gives a dictionary its terms in place of those it had', async () => {
    await database.db.transaction().execute(async (trx) => {
      const rest = { name: 'Colours', enabled: true, builtIn: false, version: 'v', origin: 'json', language: '' };
      const lists = { categories: [], members: {}, warnings: [], definition: {}, userId: null };
      await putMethod(trx, { id: 'colours', kind: 'dictionary', ...rest, ...lists });
      for (const terms of [['red', 'green'], ['blue']])
        await giveTerms(trx, 'colours', (await buildTerms(trx, [terms])).termSet);
    });
    const colours = await getMethod(database.db, 'dictionary', 'colours');
    expect(colours).toMatchObject({ terms: 1, cardinality: 1 });
    const left = await database.db.selectFrom('term_chunk').select(['term_set', 'place', 'terms']).execute();
    expect(left).toEqual([{ term_set: colours.termSet, place: 0, terms: 1 }]);
  });

  it('tells when the terms of a dictionary were replaced while they were read', async () => {
    await built(['a', 'b'], async (trx, set) => {
      await expect(readHashes(trx, { ...set, cardinality: 3 })).rejects.toThrow('replaced while they were read');
      await expect(findHashes(trx, { ...set, cardinality: 3 }, [])).rejects.toThrow('replaced while they were read');
    });
  });
});

describe('an import that is killed', () => {
  it('leaves nothing behind, and what was there before as it was', async () => {
    const rest = { name: 'Towns', enabled: true, builtIn: false, version: 'v', origin: 'json', language: '' };
    const lists = { categories: [], members: {}, warnings: [], definition: {}, userId: null };
    await database.db.transaction().execute(async (trx) => {
      await putMethod(trx, { id: 'towns', kind: 'dictionary', ...rest, ...lists });
      await giveTerms(trx, 'towns', (await buildTerms(trx, [['Paris']])).termSet);
    });
    const before = await getMethod(database.db, 'dictionary', 'towns');
    let backend = 0;
    async function* terms() {
      for (let i = 0; i < 20; i++) yield Array.from({ length: 5_000 }, (_, j) => `Town ${i} ${j}`);
      await database.pool.query('SELECT pg_terminate_backend($1)', [backend]);
      for (let i = 0; i < 20; i++) yield Array.from({ length: 5_000 }, (_, j) => `More ${i} ${j}`);
    }
    const killed = database.db.transaction().execute(async (trx) => {
      const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(trx);
      backend = rows[0]!.pid;
      await giveTerms(trx, 'towns', (await buildTerms(trx, terms())).termSet);
    });
    await expect(killed).rejects.toThrow();
    expect(await getMethod(database.db, 'dictionary', 'towns')).toEqual(before);
    const { rows } = await database.pool.query('SELECT count(*)::int AS n FROM term_set WHERE method_id IS NULL');
    expect(rows).toEqual([{ n: 0 }]);
    const chunks = await database.pool.query('SELECT DISTINCT term_set FROM term_chunk WHERE terms > 100');
    expect(chunks.rows).toEqual([]);
  });
});
