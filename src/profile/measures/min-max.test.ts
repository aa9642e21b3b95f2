import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { measuredColumn } from '../column.ts';
import { minMax } from './min-max.ts';

it('orders the words of an ENUM as texts, not as they were declared', async () => {
  const duckdbType = "ENUM('small', 'medium', 'large')";
  const column = measuredColumn({ name: 'size', nativeType: duckdbType, duckdbType, typeBasis: 'precise' }, 'c0');
  const { min, max } = minMax.sql(column, { exactDistinct: false } as never) as Record<string, string>;
  const connection = await (await DuckDBInstance.create()).connect();
  const rows = await connection.runAndReadAll(
    `SELECT ${min}, ${max} FROM (SELECT unnest(['small', 'medium', 'large'])::${duckdbType} AS c0)`,
  );
  connection.closeSync();
  expect(rows.getRows()).toEqual([['large', 'small']]);
});
