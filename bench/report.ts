import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

/** One measured figure. `beside` is the bare operation run in the same bench, in the same unit. */
export interface Figure {
  what: string;
  value: number;
  unit: string;
  beside?: { what: string; value: number };
  /** What the project wants, in words: `≤ 5`. */
  goal?: string;
}

/** Prints the figures as a table and keeps them, with machine and versions, in bench/results/<name>.json. */
export function reportBench(
  name: string,
  settings: Record<string, unknown>,
  figures: Figure[],
  versions: Record<string, string> = {},
): void {
  console.log(`\n${name}  ${JSON.stringify(settings)}`);
  for (const figure of figures) {
    const ratio = figure.beside
      ? `  ${ratioOf(figure)}× of ${figure.beside.what} (${round(figure.beside.value)} ${figure.unit})`
      : '';
    const goal = figure.goal ? `  goal ${figure.goal}` : '';
    console.log(
      `  ${figure.what.padEnd(44)} ${String(round(figure.value)).padStart(12)} ${figure.unit.padEnd(14)}${ratio}${goal}`,
    );
  }
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
  };
  const kept = {
    name,
    measuredAt: new Date().toISOString().slice(0, 10),
    machine,
    versions: { node: process.version, ...versions },
    settings,
    figures: figures.map((figure) => ({
      ...figure,
      value: round(figure.value),
      ...(figure.beside ? { ratio: ratioOf(figure) } : {}),
    })),
  };
  const folder = new URL('./results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(kept, null, 2)}\n`);
}

const ratioOf = (figure: Figure): number => round(figure.value / (figure.beside?.value ?? Number.NaN));

/** Three significant digits: more would pretend. */
const round = (value: number): number => (value === 0 ? 0 : Number(value.toPrecision(3)));

/** The p-th percentile (0 to 100) by nearest rank. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)] ?? Number.NaN;
}
