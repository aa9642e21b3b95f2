import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HASH_BITS } from '../sketch/value-set.ts';
import { buildInvertedIndex, type HashRun, MOST_DICTIONARIES } from './inverted-index.ts';

const SPACE = 2 ** HASH_BITS;
/** Some of all hash space, some of a corner of it, so that many dictionaries hold the same. */
const hash = fc.oneof(
  fc.nat(200),
  fc.nat(SPACE - 1),
  fc.nat(200).map((n) => SPACE - 1 - n),
);
const hashes = fc.array(hash, { maxLength: 60 }).map((list) => [...new Set(list)].sort((a, b) => a - b));

/** Runs of all dictionaries, cut anywhere and in turn. */
function runsOf(dictionaries: readonly number[][], length: number): HashRun[] {
  const runs: HashRun[] = [];
  for (let from = 0; from < 60; from += length)
    for (const [dictionary, of] of dictionaries.entries())
      if (from < of.length) runs.push({ dictionary, hashes: of.slice(from, from + length) });
  return runs;
}

describe('inverted index', () => {
  it('finds what a map from hash to dictionaries finds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(hashes, { maxLength: 12 }),
        fc.array(hashes, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 60 }),
        async (dictionaries, columns, length) => {
          const index = await buildInvertedIndex(runsOf(dictionaries, length), dictionaries.length);
          expect(index.entries).toBe(dictionaries.flat().length);
          for (const column of columns) {
            const wanted = dictionaries
              .map((of, dictionary) => ({ dictionary, found: column.filter((h) => of.includes(h)).length }))
              .filter(({ found }) => found > 0)
              .sort((a, b) => b.found - a.found || a.dictionary - b.dictionary);
            expect(index.lookUp(column)).toEqual(wanted);
            expect(index.lookUp(Float64Array.from(column))).toEqual(wanted);
            for (const { dictionary } of wanted)
              expect(index.foundIn(dictionary, column)).toEqual(
                column.filter((h) => dictionaries[dictionary]?.includes(h)),
              );
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('reads runs as they come from a stream, and looks up more hashes than one value set has', async () => {
    async function* stream(): AsyncGenerator<HashRun> {
      yield { dictionary: 1, hashes: Float64Array.of(0, 5) };
      yield { dictionary: 0, hashes: [5] };
      yield { dictionary: 1, hashes: [SPACE - 1] };
    }
    const index = await buildInvertedIndex(stream(), 3);
    const many = Array.from({ length: 9_000 }, (_, i) => i);
    expect(index.lookUp([...many, SPACE - 1])).toEqual([
      { dictionary: 1, found: 3 },
      { dictionary: 0, found: 1 },
    ]);
    expect(index.lookUp([])).toEqual([]);
    expect(index.has(1, SPACE - 1)).toBe(true);
    expect(index.has(0, SPACE - 1)).toBe(false);
  });

  it('refuses runs that are out of order, hashes out of space and dictionaries out of number', async () => {
    const build = (...runs: HashRun[]) => buildInvertedIndex(runs, 2);
    await expect(build({ dictionary: 0, hashes: [2, 1] })).rejects.toThrow(
      'dictionary 0: received the hash 1 behind 2',
    );
    await expect(build({ dictionary: 0, hashes: [2] }, { dictionary: 0, hashes: [2] })).rejects.toThrow('behind 2');
    await expect(build({ dictionary: 0, hashes: [SPACE] })).rejects.toThrow(RangeError);
    await expect(build({ dictionary: 0, hashes: [1.5] })).rejects.toThrow(RangeError);
    await expect(build({ dictionary: 2, hashes: [] })).rejects.toThrow('expected one below 2');
    await expect(buildInvertedIndex([], MOST_DICTIONARIES + 1)).rejects.toThrow('65536 at most');
  });

  it('takes the last number there is', async () => {
    const dictionary = MOST_DICTIONARIES - 1;
    const index = await buildInvertedIndex([{ dictionary, hashes: [SPACE - 1] }], MOST_DICTIONARIES);
    expect(index.lookUp([SPACE - 1])).toEqual([{ dictionary, found: 1 }]);
    expect(index.has(dictionary, SPACE - 1)).toBe(true);
  });
});
