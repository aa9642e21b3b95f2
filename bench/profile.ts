import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version as duckdbVersion } from '@duckdb/node-api';
import type { ReadResult } from '../src/connectors/connector.ts';
import { profileRead } from '../src/profile/duckdb/profile-read.ts';
import { isKnown } from '../src/profile/figure.ts';
import { foldParts } from '../src/profile/fold.ts';
import { mixedRows, onDuckDb } from './mixed-table.ts';
import { readNumbers } from './options.ts';
import { type Figure, reportBench } from './report.ts';

const USAGE = `Profiling: every measure of a table of 12 mixed columns, from Parquet, from a CSV file and from a CSV stream as a database
sends it; each beside SUMMARIZE of the same file in the same DuckDB with the same threads and memory. SUMMARIZE estimates
distinct counts and quantiles; ours are exact, or estimated with 95 % intervals where values of a large table do not repeat, with
histograms, top values, lengths, patterns and a value set besides. CPU seconds, too, for those hold on a busy machine.

  node bench/profile.ts
  node bench/profile.ts --rows 10000000 --threads 2 --memory 2048`;
const { rows, threads, memory: memoryMb } = readNumbers(USAGE, { rows: 2_000_000, threads: 2, memory: 2_048 });

const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
const parquet = join(folder, 't.parquet');
const csv = join(folder, 't.csv');
const limits = { threads, memoryMb, tempFolder: folder };

async function timed<T>(work: () => Promise<T>): Promise<[value: T, ms: number, cpuMs: number]> {
  const fromMs = performance.now();
  const before = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  return [value, Math.round(performance.now() - fromMs), Math.round((user + system) / 1000)];
}

const TYPES = [
  'BIGINT',
  'VARCHAR',
  'VARCHAR',
  'DOUBLE',
  'INTEGER',
  'DECIMAL(12,2)',
  'TIMESTAMP',
  'DATE',
  'VARCHAR',
  'VARCHAR',
  'BOOLEAN',
  'VARCHAR',
];

const reads: Record<string, () => ReadResult> = {
  Parquet: () => ({ kind: 'relation', spec: { kind: 'parquet', paths: [parquet] } }),
  'CSV file': () => ({ kind: 'relation', spec: { kind: 'csv', paths: [csv], delimiter: ',', header: true } }),
  'CSV stream': () => ({
    kind: 'bytes',
    format: 'csv',
    csv: { delimiter: ',', quote: '"', escape: '"', header: true, nullText: '' },
    columns: TYPES.map((duckdbType, i) => ({
      name: `c${i}`,
      nativeType: duckdbType,
      duckdbType,
      typeBasis: 'precise',
    })),
    stream: createReadStream(csv, { highWaterMark: 1 << 18 }),
  }),
};

try {
  await onDuckDb(
    `CREATE TABLE t AS ${mixedRows(rows)}; COPY t TO '${parquet}' (COMPRESSION zstd); COPY t TO '${csv}'`,
    limits,
  );
  const csvMb = Math.round((await stat(csv)).size / 2 ** 20);
  const figures: Figure[] = [];
  for (const [name, read] of Object.entries(reads)) {
    const source = name === 'Parquet' ? `read_parquet('${parquet}')` : `read_csv('${csv}')`;
    const [, bareMs, bareCpuMs] = await timed(() => onDuckDb(`SUMMARIZE SELECT * FROM ${source}`, limits));
    const session = { ...limits, signal: new AbortController().signal };
    const [part, oursMs, oursCpuMs] = await timed(() => profileRead(read(), session, { key: 'all', whole: true }));
    const profile = foldParts([part]);
    const unknown = profile.columns.flatMap((column) =>
      Object.entries(column).filter(([, figure]) => typeof figure === 'object' && !isKnown(figure)),
    );
    if (profile.basis.rowsRead !== rows || unknown.length > 0 || profile.warnings.length > 0) {
      throw new Error(`the profile is not whole: ${JSON.stringify([profile.basis, profile.warnings, unknown])}`);
    }
    figures.push({
      what: `every measure of a ${name}`,
      value: oursMs / 1000,
      unit: 's',
      beside: { what: 'SUMMARIZE of the same file', value: bareMs / 1000 },
    });
    figures.push({
      what: `CPU of every measure of a ${name}`,
      value: oursCpuMs / 1000,
      unit: 'CPU s',
      beside: { what: 'SUMMARIZE of the same file', value: bareCpuMs / 1000 },
    });
    figures.push({ what: `rows of a ${name}`, value: rows / (oursMs / 1000), unit: 'rows/s' });
  }
  reportBench('profile', { rows, columns: TYPES.length, threads, memoryMb, csvMb }, figures, {
    duckdb: duckdbVersion(),
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
