import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PART_VERSION } from '../part.ts';
import type { SamplingLimits } from '../sampling.ts';
import { profileRead } from './profile-read.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kept-part-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const TYPES = ['BIGINT', 'DECIMAL(9,2)', 'DOUBLE', 'VARCHAR', 'TIMESTAMP', 'BOOLEAN', 'BLOB', 'UUID', 'INTEGER[]'];
const valuesOf = (i: number): (string | number | boolean | null)[] => [
  i * 7,
  `${i % 50}.25`,
  i / 8,
  i % 9 === 0 ? ' ' : `Name ${i % 300}`,
  `2024-0${1 + (i % 9)}-11 10:00:00`,
  i % 2 === 0,
  `\\x0${i % 10}`,
  `00000000-0000-0000-0000-${String(i % 40).padStart(12, '0')}`,
  `[${i % 3}, ${i % 5}]`,
];

/**
 * What a run keeps for the next one by the same watermark is folded with what a later version measures. So whatever these files show
 * to be different needs a higher PART_VERSION, and with it a file of its own (`vitest run -u <this file>`).
 */
it.each<[string, number, Partial<SamplingLimits>]>([
  ['in hand', 12, {}],
  ['grouped', 60, { inHandRows: 0 }],
  ['sampled', 1_200, { inHandRows: 0, smallRows: 300, sampleRows: 200, groupedValues: 45, sampledValues: 100 }],
])('a part that is kept has the form of its version: %s', async (name, rows, sampling) => {
  const all = Array.from({ length: rows }, (_, i) => valuesOf(i));
  const read = {
    kind: 'batches' as const,
    columns: TYPES.map((type, i) => ({
      name: `c${i}`,
      nativeType: type,
      duckdbType: type,
      typeBasis: 'precise' as const,
    })),
    batches: (async function* () {
      yield TYPES.map((_, i) => all.map((row) => row[i]));
    })(),
  };
  const part = await profileRead(
    read,
    { memoryMb: 256, threads: 1, tempFolder: folder, signal: new AbortController().signal },
    { key: 'kept', whole: false, sampling, draw: { seed: 1, wholeRows: true } },
  );
  const { drawn, columns, ...whole } = part;
  const lines = [
    JSON.stringify(whole),
    `drawn: ${drawn?.hashes.length} rows, newest ${JSON.stringify(drawn?.newest)}`,
    ...columns.flatMap(({ column, measures, ...rest }) => [
      `${column.name}: ${JSON.stringify({ ...column, ...rest })}`,
      // In which order they were measured is no part of the form.
      ...Object.entries(measures)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([measure, figure]) => `${column.name}.${measure}: ${JSON.stringify(figure)}`),
    ]),
  ];
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(
    `../../../test/golden/kept-part-${PART_VERSION}-${name.replace(' ', '-')}.txt`,
  );
});
