import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { version as duckdbVersion } from '@duckdb/node-api';
import { LIBRARIES, type LibraryName } from './beside-libraries.ts';
import { type RunResult, runInChild } from './in-child.ts';
import { type Input, writeMixed } from './mixed-table.ts';
import { readNumbers } from './options.ts';
import { type Figure, reportBench } from './report.ts';

const USAGE = `A profile beside what somebody would run who has npm or a shell: DuckDB's SUMMARIZE, and libraries for data frames of the npm
registry, each asked for all figures of a column that it has a function for. Libraries are installed into a folder of the bench, in exact
versions; where one cannot be had or run, the bench says so and goes on. A process of its own for each; all have as many threads as they like.

  node bench/profile-beside.ts --rows 500000`;
const { rows, threads, memory: memoryMb } = readNumbers(USAGE, { rows: 500_000, threads: 2, memory: 2_048 });

/** The kinds of figures, counted alike for all; a library that has a median alone does not have quantiles. */
const OURS = [
  'count',
  'nulls',
  'blanks',
  'distinct',
  'min and max',
  'mean',
  'deviation',
  'sum',
  'quantiles',
  'histogram',
  'lengths',
  'top values',
  'patterns',
  'types',
  'formats',
  'regular expressions',
  'quality',
  'value set',
  'distinct counter',
  'keys',
  'samples',
  'errors of estimates',
];
const SUMMARIZED = ['count', 'nulls', 'distinct', 'min and max', 'mean', 'deviation', 'quantiles', 'types'];

const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
const limits = { threads, memoryMb, tempFolder: join(folder, 'temp') };
const figures: Figure[] = [];
const left: string[] = [];

/** In a folder of its own, so that one that cannot be had does not take others along. Undefined: it cannot. */
async function install(name: LibraryName): Promise<string | undefined> {
  const at = join(folder, name);
  await mkdir(at);
  await writeFile(join(at, 'package.json'), '{"private":true}');
  try {
    await promisify(execFile)(
      'npm',
      ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...LIBRARIES[name].packages],
      { cwd: at },
    );
    return at;
  } catch (error) {
    const said = /npm error.*(?:404|code|Not Found|EBADPLATFORM).*/.exec(String((error as Error).message))?.[0];
    left.push(`${name} cannot be installed: ${said ?? 'npm install failed'}`);
    return undefined;
  }
}

function add(what: string, input: Input, run: RunResult, ours: RunResult, given: readonly string[]): void {
  const beside = (value: number): Figure['beside'] => ({ what: 'ours', value });
  figures.push(
    { what: `${what}, ${input}: kinds of figures`, value: given.length, unit: '', beside: beside(OURS.length) },
    { what: '  time', value: run.seconds, unit: 's', beside: beside(ours.seconds) },
    { what: '  CPU', value: run.cpuSeconds, unit: 'CPU s', beside: beside(ours.cpuSeconds) },
    { what: '  most resident', value: run.residentMb, unit: 'MB', beside: beside(ours.residentMb) },
  );
}

try {
  const folders = new Map<LibraryName, string | undefined>();
  for (const name of Object.keys(LIBRARIES) as LibraryName[]) folders.set(name, await install(name));
  for (const input of ['CSV file', 'Parquet'] as const) {
    const path = join(folder, input === 'Parquet' ? 't.parquet' : 't.csv');
    await writeMixed(path, input, rows, { ...limits, tempFolder: folder });
    const ours = await runInChild({ ...limits, work: 'profile', input, path });
    add('ours', input, ours, ours, OURS);
    add('SUMMARIZE', input, await runInChild({ ...limits, work: 'SUMMARIZE', input, path }), ours, SUMMARIZED);
    for (const [name, at] of folders) {
      if (at === undefined || !(LIBRARIES[name].reads as readonly string[]).includes(input)) continue;
      try {
        const run = await runInChild({ ...limits, work: 'library', library: { name, folder: at }, input, path });
        add(name, input, run, ours, run.figures ?? []);
      } catch (error) {
        left.push(`${name} cannot do it, ${input}: ${(error as Error).message}`);
      }
    }
  }
  for (const why of left) console.log(why);
  const versions = Object.values(LIBRARIES).flatMap(({ packages }) => packages.map((one) => one.split('@')));
  reportBench('profile-beside', { rows, columns: 12, threads, memoryMb, left }, figures, {
    duckdb: duckdbVersion(),
    ...Object.fromEntries(versions),
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
