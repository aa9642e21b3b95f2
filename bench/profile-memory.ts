import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version as duckdbVersion } from '@duckdb/node-api';
import { MEMORY_BESIDE_MB } from '../src/jobs/data-profiling/limits.ts';
import { runInChild } from './in-child.ts';
import { type Input, writeMixed } from './mixed-table.ts';
import { readNumbers } from './options.ts';
import { type Figure, reportBench } from './report.ts';

const USAGE = `Memory of profiling a table of 12 mixed columns as one part, by its rows: from Parquet, from a CSV file and from a CSV stream as a
database sends it; each beside SUMMARIZE of the same file. A process of its own for each, with the limits that a worker sets for its
tasks (ASSAY_TASK_MEMORY), of which DuckDB gets all but ${MEMORY_BESIDE_MB} MB. The figures are the most that was resident (VmHWM), the largest
proportional set size that was seen, and the largest size of what was spilled to disk. Rows are quartered from --rows down to --smallest.

  node bench/profile-memory.ts
  node bench/profile-memory.ts --rows 100000000 --smallest 100000000 --csv 1
    --csv 1: at most so many rows as CSV, for 100 million need 16 GB of disk, and as many again to load them`;
const settings = readNumbers(USAGE, {
  rows: 16_000_000,
  smallest: 1_000_000,
  memory: 1_024,
  threads: 1,
  csv: 16_000_000,
});
const { threads, memory } = settings;

const sizes: number[] = [];
for (let rows = settings.rows; rows >= settings.smallest; rows = Math.round(rows / 4)) sizes.unshift(rows);
const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
const limits = { threads, memoryMb: memory - MEMORY_BESIDE_MB, tempFolder: join(folder, 'temp'), heapMb: memory };
const figures: Figure[] = [];

async function measure(input: Input, path: string, rows: number): Promise<void> {
  const of = `${rows / 1e6} M rows, ${input}`;
  const bare = await runInChild({ ...limits, work: 'SUMMARIZE', input, path });
  const ours = await runInChild({ ...limits, work: 'profile', input, path });
  if (ours.rows !== rows) throw new Error(`the profile is of ${ours.rows} rows, there are ${rows}`);
  const beside = (value: number): Figure['beside'] => ({ what: 'SUMMARIZE of the same file', value });
  const measured: Figure[] = [
    {
      what: `most resident, ${of}`,
      value: ours.residentMb,
      unit: 'MB',
      beside: beside(bare.residentMb),
      goal: '≤ 1024',
    },
    {
      what: `  proportional set size, ${of}`,
      value: ours.proportionalMb,
      unit: 'MB',
      beside: beside(bare.proportionalMb),
    },
    { what: `  spilled to disk, ${of}`, value: ours.spilledMb, unit: 'MB' },
    { what: `  CPU, ${of}`, value: ours.cpuSeconds, unit: 'CPU s', beside: beside(bare.cpuSeconds) },
    { what: `  time, ${of}`, value: ours.seconds, unit: 's', beside: beside(bare.seconds) },
    { what: `  size of the file, ${of}`, value: (await stat(path)).size / 2 ** 20, unit: 'MB' },
  ];
  for (const { what, value, unit } of measured) console.log(`${what.padEnd(52)} ${value.toFixed(1)} ${unit}`);
  figures.push(...measured);
}

try {
  for (const rows of sizes) {
    for (const input of ['Parquet', 'CSV file'] as const) {
      if (input === 'CSV file' && rows > settings.csv) continue;
      const path = join(folder, 'table');
      await writeMixed(path, input, rows, { threads: 2, memoryMb: 2_048, tempFolder: folder });
      await measure(input, path, rows);
      if (input === 'CSV file') await measure('CSV stream', path, rows);
      await rm(path);
    }
  }
  reportBench('profile-memory', { ...settings, columns: 12, duckDbMb: limits.memoryMb }, figures, {
    duckdb: duckdbVersion(),
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
