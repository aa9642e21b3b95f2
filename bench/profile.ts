import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version as duckdbVersion } from '@duckdb/node-api';
import { runInChild } from './in-child.ts';
import { INPUTS, writeMixed } from './mixed-table.ts';
import { readNumbers } from './options.ts';
import { type Figure, reportBench } from './report.ts';

const USAGE = `Profiling: every measure of a table of 12 mixed columns and the rows that are drawn of it, from Parquet, from a CSV file and from a
CSV stream as a database sends it; each beside SUMMARIZE of the same file with the same threads and memory. SUMMARIZE estimates
distinct counts and quantiles; ours are exact, or estimated with 95 % intervals where values of a large table do not repeat, with
histograms, top values, lengths, patterns and a value set besides. CPU seconds, too, for those hold on a busy machine. Each run is a
process of its own; one more of each input is traced and says where the CPU seconds go.

  node bench/profile.ts
  node bench/profile.ts --rows 10000000 --threads 2 --memory 2048`;
const { rows, threads, memory: memoryMb } = readNumbers(USAGE, { rows: 2_000_000, threads: 2, memory: 2_048 });

const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
const limits = { threads, memoryMb, tempFolder: folder };

try {
  const figures: Figure[] = [];
  let csvMb = 0;
  for (const input of INPUTS) {
    const path = join(folder, input === 'Parquet' ? 't.parquet' : 't.csv');
    if (input !== 'CSV stream') await writeMixed(path, input, rows, limits);
    if (input !== 'Parquet') csvMb = Math.round((await stat(path)).size / 2 ** 20);
    const bare = await runInChild({ ...limits, work: 'SUMMARIZE', input, path });
    const ours = await runInChild({ ...limits, work: 'profile', input, path });
    if (ours.rows !== rows) throw new Error(`the profile is of ${ours.rows} rows, there are ${rows}`);
    const traced = await runInChild({ ...limits, work: 'profile', input, path, traced: true });
    const beside = (value: number): Figure['beside'] => ({ what: 'SUMMARIZE of the same file', value });
    figures.push(
      {
        what: `every measure of a ${input}`,
        value: ours.seconds,
        unit: 's',
        beside: beside(bare.seconds),
        goal: '≤ 1×',
      },
      {
        what: `CPU of every measure of a ${input}`,
        value: ours.cpuSeconds,
        unit: 'CPU s',
        beside: beside(bare.cpuSeconds),
        goal: '≤ 1×',
      },
      { what: `rows of a ${input}`, value: rows / ours.seconds, unit: 'rows/s' },
      { what: `peak memory, ${input}`, value: ours.residentMb, unit: 'MB', beside: beside(bare.residentMb) },
      {
        what: `  CPU of the traced run of a ${input}`,
        value: traced.cpuSeconds,
        unit: 'CPU s',
        beside: { what: 'the untraced one', value: ours.cpuSeconds },
      },
      ...Object.entries(traced.kinds)
        .sort(([, a], [, b]) => b - a)
        .filter(([, value]) => value >= 0.01 * traced.cpuSeconds)
        .map(([kind, value]) => ({
          what: `  ${kind}`,
          value,
          unit: 'CPU s',
          beside: { what: 'the traced run', value: traced.cpuSeconds },
        })),
    );
  }
  reportBench('profile', { rows, columns: 12, threads, memoryMb, csvMb }, figures, { duckdb: duckdbVersion() });
} finally {
  await rm(folder, { recursive: true, force: true });
}
