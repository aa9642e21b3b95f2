import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { rowHash } from './row-hash.ts';

it('is what this DuckDB calls hash', async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  for (const seed of [0, 1, 77, 0x7fffffff, 1_234_567_890]) {
    const rows = await connection.runAndReadAll(
      `SELECT i::INTEGER, printf('%016x', hash(i, ${seed})) FROM (SELECT unnest([0, 1, 2, 1999, 2147483647]::BIGINT[]) AS i)`,
    );
    for (const [row, hash] of rows.getRows()) expect(rowHash(Number(row), seed)).toBe(hash);
  }
  connection.closeSync();
});
