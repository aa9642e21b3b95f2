import { quoteName } from './dialect.ts';
import type { StorageClasses } from './types.ts';

type Database = import('node:sqlite').DatabaseSync;

/** SQLite allows 2,000 columns in a result. */
const COLUMNS_OF_PASS = 900;

/**
 * Which storage classes each column holds, in one pass of all columns, and a second one of the few that it leaves open. Asking for the first
 * and the last of the names of classes costs a quarter of counting each: 2 million rows × 12 columns took 8 s of processor and take 2.
 *
 * @param ranges what stands behind FROM, one after the other
 * @param pause between two ranges; what it throws ends the work
 */
export async function findClasses(
  database: Database,
  names: readonly string[],
  ranges: readonly string[],
  pause: () => Promise<void>,
): Promise<StorageClasses[]> {
  const pass = async (columns: readonly string[], askOf: Ask): Promise<Pair[]> => {
    const all: Pair[][] = [];
    for (const [i, rows] of ranges.entries()) {
      if (i > 0) await pause();
      all.push(ask(database, columns, rows, askOf));
    }
    return columns.map((_, i) => join(all.map((pairs) => pairs[i])));
  };
  const ends = await pass(names, (column) => [`min(typeof(${column}))`, `max(typeof(${column}))`]);
  const open = names.filter((_, i) => isOpen(ends[i]));
  // What is more comes last, so the joined pair has the largest of both.
  const more = await pass(open, (column) => [
    `1 - max(typeof(${column}) = 'integer')`,
    `max(typeof(${column}) = 'integer' AND abs(${column} / 2) > 4503599627370496)`,
  ]);
  return names.map((name, i) => {
    const [first, last] = ends[i] ?? [];
    const [noInteger, large] = more[open.indexOf(name)] ?? [];
    return {
      integer: first === 'integer' || last === 'integer' || noInteger === 0,
      large: large === 1,
      blob: first === 'blob',
      real: first === 'real' || last === 'real',
      text: last === 'text',
    };
  });
}

/** The smallest and the largest of something; null where there is nothing. */
type Pair = readonly [first: unknown, last: unknown];
type Ask = (column: string) => [first: string, last: string];

/** The names in their order: blob, integer, null, real, text. What may lie between two of them and matters is open. */
const isOpen = (ends: Pair | undefined): boolean =>
  (ends?.[0] === 'blob' && ends[1] === 'null') || (ends?.[0] === 'integer' && ends[1] === 'real');

function ask(database: Database, names: readonly string[], rows: string, askOf: Ask): Pair[] {
  const answers: Pair[] = [];
  for (let at = 0; at < names.length; at += COLUMNS_OF_PASS) {
    const list = names.slice(at, at + COLUMNS_OF_PASS).flatMap((name) => askOf(quoteName(name)));
    const fields = list.map((expression, i) => `${expression} AS c${i}`).join(', ');
    const found = Object.values(database.prepare(`SELECT ${fields} FROM ${rows}`).get() ?? {});
    for (let i = 0; i < found.length; i += 2) answers.push([found[i], found[i + 1]]);
  }
  return answers;
}

function join(pairs: readonly (Pair | undefined)[]): Pair {
  const known = pairs.filter((pair) => pair !== undefined && pair[0] !== null) as [string, string][];
  return known.reduce<Pair>(
    ([first, last], [a, b]) => [
      first === null || a < (first as string) ? a : first,
      last === null || b > (last as string) ? b : last,
    ],
    [null, null],
  );
}
