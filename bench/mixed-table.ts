import { DuckDBInstance } from '@duckdb/node-api';

/**
 * A table of 12 mixed columns, seeded by the row's number: the same rows on every machine. Among them unique texts (`token`),
 * texts of which six tenths of the rows are different (`email`: 6 million at 10 million rows) and of 5,000 different ones
 * (`customer`), integers, decimals, doubles, dates and timestamps.
 */
export const mixedRows = (rows: number): string => `
SELECT i::BIGINT AS id, md5(i::VARCHAR) AS token, 'customer ' || (i * 7919 % 5000) AS customer,
  (hash(i) % 1000000 / 997.0)::DOUBLE AS ratio, (i % 100)::INTEGER AS branch, ((hash(i + 1) % 100000000) / 100)::DECIMAL(12,2) AS amount,
  TIMESTAMP '2020-01-01' + INTERVAL 1 SECOND * (i * 37 % 100000000) AS booked_at, DATE '2000-01-01' + (hash(i + 2) % 9000)::INTEGER AS opened,
  'user' || (hash(i + 3) % ${Math.max(1, Math.round(rows * 0.89))}) || '@example.com' AS email, CASE WHEN i % 5 = 0 THEN NULL WHEN i % 7 = 0 THEN ' ' ELSE 'note number ' || i END AS note,
  i % 2 = 0 AS active, ['open', 'closed', 'blocked'][1 + (hash(i + 4) % 3)::INTEGER] AS status
FROM range(${rows}) r(i)`;

/** Runs statements on a DuckDB of their own. */
export async function onDuckDb(
  sql: string,
  limits: { threads: number; memoryMb: number; tempFolder: string },
): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(limits.threads),
    memory_limit: `${limits.memoryMb}MB`,
    temp_directory: limits.tempFolder,
  });
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}
