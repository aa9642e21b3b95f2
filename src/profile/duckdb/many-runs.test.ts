import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { measuredColumn } from '../column.ts';
import { foldParts } from '../fold.ts';
import type { TablePart } from '../part.ts';
import { foldMark, type KeptParts, type MarkedPart, startMark } from '../watermark.ts';
import { measureRelation } from './measure-relation.ts';
import { openSession, type Session } from './session.ts';

let folder: string;
let session: Session;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'many-runs-'));
  session = await openSession({ memoryMb: 256, threads: 1, tempFolder: folder, signal: new AbortController().signal });
});
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});

/** A shop whose sales are read every night by their id. */
const COLUMNS = {
  id: ['BIGINT', 'i'],
  day: ['DATE', `DATE '2024-01-01' + (i // 60)::INTEGER`],
  price: ['DECIMAL(9,2)', '(i * 7919) % 5000 + 0.25'],
  shop: ['VARCHAR', `'shop ' || (i * 31) % 40`],
  note: ['VARCHAR', `repeat('a', 1 + (i % 90)) || '-' || i`],
};
const columns = Object.entries(COLUMNS).map(([name, [type = '']], i) =>
  measuredColumn({ name, nativeType: type, duckdbType: type, typeBasis: 'precise' }, `c${i}`),
);
const list = Object.values(COLUMNS).map(([type, sql], i) => `(${sql})::${type} AS c${i}`);

async function measure(from: number, to: number, key: string, whole: boolean): Promise<TablePart> {
  await session.run(`CREATE OR REPLACE TABLE r AS SELECT ${list} FROM range(${from}, ${to}) t(i)`, 'filling');
  return measureRelation(
    session,
    { name: 'r', columns, position: 'rowid', warnings: [], rejectedRows: 0 },
    { key, whole },
  );
}

const PER_RUN = 60;
const RUNS = 60;

it('what is kept of 60 runs stays bounded, and what is exact of them is what one reading says', {
  timeout: 120_000,
}, async () => {
  const [id] = columns as [(typeof columns)[number]];
  const readRun = async (run: number): Promise<MarkedPart> => ({
    part: await measure(run * PER_RUN, (run + 1) * PER_RUN, `run ${run + 1}`, false),
    mark: { column: id, value: String((run + 1) * PER_RUN - 1), rows: 1, nulls: 0, atMark: 1 },
  });
  let folded = startMark(await readRun(0), { column: 'id', without: [], draws: false }, '2024-01-01');
  const sizes: number[] = [];
  for (let run = 1; run < RUNS; run++) {
    folded = foldMark(folded.kept as KeptParts, await readRun(run));
    sizes.push(JSON.stringify(folded.kept).length);
  }
  const whole = foldParts([await measure(0, RUNS * PER_RUN, 'all', true)]).columns;
  const exact: string[] = [];
  for (const [i, column] of folded.profile.columns.entries())
    for (const [name, figure] of Object.entries(column)) {
      const other = (whole[i] as unknown as Record<string, { basis?: string }>)[name];
      if (figure?.basis !== 'exact' || other?.basis !== 'exact') continue;
      expect([column.name, name, figure]).toEqual([column.name, name, other]);
      exact.push(`${column.name}.${name}`);
    }
  expect(exact).toEqual(
    expect.arrayContaining([
      ...['id.sum', 'id.min', 'id.max', 'id.histogram', 'id.distinct', 'day.topValues', 'day.quantiles'],
      ...['price.mean', 'price.standardDeviation', 'shop.topValues', 'shop.distinct', 'note.length'],
      ...['shop.patterns', 'note.distinct'],
    ]),
  );
  // The last quarter adds next to nothing.
  expect((sizes.at(-1) ?? 0) / (sizes[(RUNS * 3) / 4] ?? 1)).toBeLessThan(1.1);
});
