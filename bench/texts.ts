import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MeasuredColumn, measuredColumn } from '../src/profile/column.ts';
import { openSession } from '../src/profile/duckdb/session.ts';
import { finishColumn } from '../src/profile/finish.ts';
import { getMeasure } from '../src/profile/measures/index.ts';
import type { Known } from '../src/profile/measures/measure.ts';
import { buildStatement } from '../src/profile/statements.ts';
import { mixedRows } from './mixed-table.ts';
import { readNumbers } from './options.ts';

const USAGE = `Patterns, logical types and regular expressions of a table of 12 mixed columns: processor milliseconds of each column, made from the
grouped values of a sample of its rows, as of a table of any size; beside grouping the same rows of the same column.

  node bench/texts.ts
  node bench/texts.ts --rows 100000`;
const { rows } = readNumbers(USAGE, { rows: 100_000 });

const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
const signal = new AbortController().signal;
const session = await openSession({ memoryMb: 1_024, threads: 2, tempFolder: folder, signal });

/** Processor milliseconds of all threads of this process. */
async function cpuOf<T>(work: () => Promise<T>): Promise<[T, number]> {
  const from = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(from);
  return [value, (user + system) / 1_000];
}

async function measure(column: MeasuredColumn): Promise<number> {
  const known: Known = {
    whole: true,
    groups: { kind: 'sample', level: 7, rows, ofRows: rows * 2 ** 7 },
    parts: { counts: { nonNull: rows * 2 ** 7, blanks: 0, nan: 0, infinite: 0 } },
  };
  const [, ms] = await cpuOf(async () => {
    const measures = [getMeasure('patterns'), getMeasure('formats')].filter((one) => one.applies(column));
    const asks = measures.map((one) => ({ column, measure: one, known }));
    const statement = buildStatement(asks, null);
    const [row = []] = asks.length === 0 ? [] : await session.query(statement.sql, 'measuring');
    const parts = statement.fields.map(({ ask, aliases, from }) => [
      ask.measure.name,
      ask.measure.part(Object.fromEntries(aliases.map((alias, i) => [alias, row[from + i] ?? null])), column, known),
    ]);
    finishColumn({ column, measures: { ...known.parts, ...Object.fromEntries(parts) } }, 0, rows * 2 ** 7);
  });
  return ms;
}

try {
  await session.run(`CREATE TABLE r AS ${mixedRows(rows)}`, 'filling');
  const described = await session.query('DESCRIBE r', 'describing');
  let total = 0;
  // The first round is the one in which the code is compiled: both are printed.
  for (const round of [1, 2]) {
    total = 0;
    for (const [name, type] of described) {
      const given = {
        name: String(name),
        nativeType: String(type),
        duckdbType: String(type),
        typeBasis: 'precise' as const,
      };
      const column = measuredColumn(given, String(name));
      const group = `CREATE OR REPLACE TEMP TABLE g AS SELECT ${name} AS v, count(*) AS n FROM r WHERE ${name} IS NOT NULL GROUP BY 1`;
      const [, grouping] = await cpuOf(() => session.run(group, 'grouping'));
      const ms = await measure(column);
      total += ms;
      console.log(
        `${round}  ${String(name).padEnd(10)} ${String(type).padEnd(14)} grouping ${grouping.toFixed(0)} ms, texts ${ms.toFixed(0)} ms`,
      );
    }
    console.log(`${round}  all columns: ${total.toFixed(0)} ms of processor time for patterns, types and expressions`);
  }
} finally {
  await session.close();
  await rm(folder, { recursive: true, force: true });
}
