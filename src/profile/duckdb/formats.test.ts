import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { measuredColumn } from '../column.ts';
import { formats } from '../measures/formats.ts';
import { buildStatement } from '../statements.ts';
import { finishFormats } from '../text/formats-part.ts';
import { openSession } from './session.ts';

const column = measuredColumn({ name: 'x', nativeType: 'text', duckdbType: 'VARCHAR', typeBasis: 'precise' }, 'c0');
const known = { whole: true, groups: { kind: 'all' as const }, parts: {} };

it('judges long values by what DuckDB says of them, and says when not all were looked at', async () => {
  const tempFolder = await mkdtemp(join(tmpdir(), 'formats-'));
  const session = await openSession({ memoryMb: 256, threads: 2, tempFolder, signal: new AbortController().signal });
  const typeOf = async (query: string) => {
    await session.run(`CREATE OR REPLACE TEMP TABLE g AS ${query}`, 'grouping');
    const statement = buildStatement([{ column, measure: formats, known }], null);
    const [row = []] = await session.query(statement.sql, 'measuring');
    const aliases = statement.fields[0]?.aliases ?? [];
    return finishFormats(
      formats.part(Object.fromEntries(aliases.map((alias, i) => [alias, row[i] ?? null])), column, known),
    );
  };
  try {
    expect(
      await typeOf(`SELECT unnest(['{"a":"' || repeat('x', 3000) || '"}', '[' || repeat('1,', 9000) || '2]', '{"a":' || repeat('[', 3000),
        repeat('text ', 1000), repeat('{', 1000000), ' ']) AS v, 1 AS n`),
    ).toEqual({
      value: {
        ...{ type: 'text', share: 0.6, others: [{ type: 'json', share: 0.4 }] },
      },
      basis: 'exact',
    });
    const dates = await typeOf(
      `SELECT CASE WHEN i % 10 = 0 THEN 'n' || i ELSE (DATE '1900-01-01' + i::INTEGER)::VARCHAR END AS v, 1 AS n FROM range(40000) t(i)`,
    );
    expect(dates).toMatchObject({ value: { type: 'date', format: 'yyyy-MM-dd' }, basis: 'estimate' });
    const { low = 1, high = 0 } = 'value' in dates ? dates.value : {};
    expect(low).toBeLessThan(0.9);
    expect(high).toBeGreaterThan(0.9);
    expect(high - low).toBeLessThan(0.03);
  } finally {
    await session.close();
    await rm(tempFolder, { recursive: true, force: true });
  }
});
