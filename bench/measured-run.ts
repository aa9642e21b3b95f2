import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setInterval } from 'node:timers';
import { profileRead } from '../src/profile/duckdb/profile-read.ts';
import { isKnown } from '../src/profile/figure.ts';
import { foldParts } from '../src/profile/fold.ts';
import { LIBRARIES } from './beside-libraries.ts';
import type { RunResult, RunSpec } from './in-child.ts';
import { onDuckDb, readMixed } from './mixed-table.ts';
import { traceProfile } from './trace-profile.ts';

/** One piece of work in a process of its own, told by the bench that started it (`in-child.ts`) and told to it. */
process.once('message', async (spec: RunSpec) => {
  const trace = spec.traced ? traceProfile() : undefined;
  mkdirSync(spec.tempFolder, { recursive: true });
  let spilledBytes = 0;
  const watch = setInterval(() => {
    spilledBytes = Math.max(spilledBytes, sizeOf(spec.tempFolder));
  }, 250);
  const [before, from] = [process.cpuUsage(), performance.now()];
  const found = await WORK[spec.work](spec);
  const { user, system } = process.cpuUsage(before);
  const result: RunResult = {
    seconds: (performance.now() - from) / 1000,
    cpuSeconds: (user + system) / 1e6,
    residentMb: Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024,
    proportionalMb: 0,
    spilledMb: spilledBytes / 2 ** 20,
    kinds: trace?.() ?? {},
    ...found,
  };
  clearInterval(watch);
  process.send?.(result, () => process.disconnect());
});

const WORK: Record<RunSpec['work'], (spec: RunSpec) => Promise<Pick<RunResult, 'rows' | 'figures'>>> = {
  profile: profileTable,
  SUMMARIZE: summarize,
  library: async ({ library, path, input }) => ({
    figures: library && (await LIBRARIES[library.name].run(library.folder, path, input)),
  }),
};

/** As a task does it: with rows drawn for samples and patterns. */
async function profileTable(spec: RunSpec): Promise<Pick<RunResult, 'rows'>> {
  const { threads, memoryMb, tempFolder } = spec;
  const part = await profileRead(
    readMixed(spec.input, spec.path, spec.columns),
    { threads, memoryMb, tempFolder, signal: new AbortController().signal },
    { key: 'all', whole: true, draw: { seed: 1, wholeRows: true }, without: spec.without },
  );
  const { basis, columns, warnings } = foldParts([part]);
  const unknown = columns.flatMap((column) =>
    Object.entries(column).filter(([, figure]) => typeof figure === 'object' && !isKnown(figure)),
  );
  if (!spec.without && (unknown.length > 0 || warnings.length > 0))
    throw new Error(`the profile is not whole: ${JSON.stringify([basis, warnings, unknown])}`);
  return { rows: basis.rowsRead };
}

/** What DuckDB offers itself. What is sent as a stream has no other way than to be loaded or to be read as a file. */
async function summarize({ input, path, ...limits }: RunSpec): Promise<Pick<RunResult, 'rows'>> {
  const source = input === 'Parquet' ? `read_parquet('${path}')` : `read_csv('${path}')`;
  await onDuckDb(`SUMMARIZE SELECT * FROM ${source}`, limits);
  return {};
}

function sizeOf(folder: string): number {
  let bytes = 0;
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    const found = statSync(join(folder, name), { throwIfNoEntry: false });
    if (found?.isFile()) bytes += found.size;
  }
  return bytes;
}
