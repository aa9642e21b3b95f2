import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choosingHash, topOfChoosingHash } from './choosing-hash.ts';

/** As the page says it, in whole numbers. */
function byTheBook(text: string): bigint {
  const [K, L] = [0xd6e8feb86659fd93n, 0xc6a4a7935bd1e995n];
  const bytes = Buffer.from(text, 'utf8');
  let h = BigInt.asUintN(64, 0xe17a1465n ^ (BigInt(bytes.length) * L));
  for (let at = 0; at < bytes.length; at += 8) {
    const block = Buffer.alloc(8);
    bytes.copy(block, 0, at, at + 8);
    h = BigInt.asUintN(64, (h ^ block.readBigUInt64LE()) * K);
  }
  for (let round = 0; round < 2; round++) h = BigInt.asUintN(64, (h ^ (h >> 32n)) * K);
  return BigInt.asUintN(64, h ^ (h >> 32n));
}

describe('the hash that chooses values', () => {
  it('is what is published, for any text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.string({ unit: 'binary', maxLength: 400 }),
    );
    fc.assert(
      fc.property(text, (of) => {
        expect(choosingHash(of)).toBe(byTheBook(of));
        expect(topOfChoosingHash(of, 17)).toBe(Number(byTheBook(of) >> 47n));
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives the same for ever', () => {
    expect(['', 'a', 'assay', 'abcdefghijklmnopq'].map(choosingHash)).toEqual([
      5104928228550385088n,
      12561829011207016135n,
      byTheBook('assay'),
      4399121459888203634n,
    ]);
    expect(topOfChoosingHash('a', 0)).toBe(0);
    expect(topOfChoosingHash('a', 32)).toBe(Number(12561829011207016135n >> 32n));
  });

  it('is what this DuckDB calls hash', async () => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const texts = Array.from({ length: 300 }, (_, i) =>
      'xyzäß日本語-0123456789'.repeat(20).slice(i % 40, (i % 40) + i),
    );
    const rows = await connection.runAndReadAll(
      `SELECT hash(unnest)::VARCHAR FROM unnest([${texts.map((text) => `'${text}'`).join(', ')}])`,
    );
    expect(rows.getRowsJson().map(([hash]) => hash)).toEqual(texts.map((text) => String(choosingHash(text))));
    connection.closeSync();
    instance.closeSync();
  });
});
