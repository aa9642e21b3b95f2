import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version as duckdbVersion } from '@duckdb/node-api';
import { runInChild } from './in-child.ts';
import { type Input, writeMixed } from './mixed-table.ts';
import { readNumbers } from './options.ts';
import { type Figure, reportBench } from './report.ts';

const USAGE = `How the cost of profiling grows: CPU seconds by rows (12 mixed columns) and by columns (at a fixed number of rows), for Parquet and CSV,
each run in a process of its own. The exponent is the slope of the least squares line through the logarithms: 1 is linear. Beside it the
exponent of SUMMARIZE of the same files. CPU seconds grow, too, where others use the same cores and caches: of
--runs the least counts. Up to 500,000 rows every figure is exact, beyond some are of samples: the bench stays beyond.

  node bench/profile-growth.ts
    --rows: the largest table, halved --halvings times;  --columns: the widest one, halved as often, of --deep rows`;
const settings = readNumbers(USAGE, {
  rows: 8_000_000,
  columns: 96,
  deep: 600_000,
  halvings: 3,
  runs: 2,
  threads: 2,
  memory: 2_048,
});
const { threads, memory: memoryMb } = settings;

const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
const limits = { threads, memoryMb, tempFolder: join(folder, 'temp') };
const figures: Figure[] = [];

type Point = [size: number, cost: number];

/** The slope of the least squares line through the logarithms, and the furthest that a point lies from it, as a share. */
function lineOf(points: readonly Point[]): { exponent: number; off: number } {
  const logs = points.map(([size, cost]) => [Math.log(size), Math.log(cost)] as const);
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(logs.map(([a]) => a)), mean(logs.map(([, b]) => b))];
  const exponent =
    logs.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0) / logs.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
  return { exponent, off: Math.max(...logs.map(([a, b]) => Math.expm1(Math.abs(b - y - exponent * (a - x))))) };
}

async function grow(by: 'rows' | 'columns', input: Input, sizes: readonly number[]): Promise<void> {
  const points: Record<'profile' | 'SUMMARIZE', Point[]> = { profile: [], SUMMARIZE: [] };
  const path = join(folder, 'table');
  for (const size of sizes) {
    const [rows, columns] = by === 'rows' ? [size, 12] : [settings.deep, size];
    await writeMixed(path, input, rows, { threads: 2, memoryMb: 2_048, tempFolder: folder }, columns);
    for (const work of ['SUMMARIZE', 'profile'] as const) {
      let least = Number.POSITIVE_INFINITY;
      for (let run = 0; run < settings.runs; run++) {
        const { cpuSeconds, rows: seen = rows } = await runInChild({ ...limits, work, input, path, columns });
        if (seen !== rows) throw new Error(`the profile is of ${seen} rows, there are ${rows}`);
        least = Math.min(least, cpuSeconds);
      }
      points[work].push([size, least]);
    }
    figures.push({
      what: `CPU of ${rows / 1e6} M rows × ${columns}, ${input}`,
      value: points.profile.at(-1)![1],
      unit: 'CPU s',
      beside: { what: 'SUMMARIZE of the same file', value: points.SUMMARIZE.at(-1)![1] },
    });
    await rm(path);
  }
  const ours = lineOf(points.profile);
  figures.push(
    {
      what: `exponent by ${by}, ${input}`,
      value: ours.exponent,
      unit: '',
      beside: { what: 'the exponent of SUMMARIZE', value: lineOf(points.SUMMARIZE).exponent },
      goal: '≤ 1',
    },
    { what: '  furthest point from that line', value: 100 * ours.off, unit: '%' },
  );
}

const halved = (largest: number, of = 1): number[] =>
  Array.from({ length: settings.halvings + 1 }, (_, i) => of * Math.round(largest / of / 2 ** i)).reverse();

try {
  for (const input of ['Parquet', 'CSV file'] as const) {
    await grow('rows', input, halved(settings.rows));
    await grow('columns', input, halved(settings.columns, 12));
  }
  reportBench('profile-growth', settings, figures, { duckdb: duckdbVersion() });
} finally {
  await rm(folder, { recursive: true, force: true });
}
