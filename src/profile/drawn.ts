import { compareValues, valueText } from './value-text.ts';

/** Rows that people are shown; the original has about 200. */
export const SAMPLE_ROWS = 200;
/** Values of a column that are kept for patterns and regular expressions. */
export const KEPT_VALUES = 1_024;
/** And no more than so many characters of a column, so that one of long texts does not outweigh the profile. */
export const KEPT_CHARACTERS = 65_536;

/**
 * Rows of a part that were drawn without regard to what they hold: those with the smallest hashes of their positions. All columns of a
 * table draw the same rows, also when they are read by different tasks.
 */
export interface DrawnRows {
  /** Hash of each row's position, 16 hex digits, ascending. */
  hashes: string[];
  /** `cells[column][row]` */
  columns: { name: string; cells: (string | null)[] }[];
  /** The newest row of the part: its text of time and the column that holds it; '' where the last row counts as the newest. */
  newest: { at: string; by?: string; hash: string; cells: (string | null)[] } | null;
}

/** What DuckDB gave for one column, in the words of a profile. */
export const toCell = (column: { kind: string; duckdbType: string }, text: string | null): string | null =>
  text === null ? null : valueText(column as Parameters<typeof valueText>[0], text);

/**
 * The drawn rows of parts of one table as those of the whole: the smallest hashes of all. Parts must have the same columns, in the
 * order of their keys. Associates, and depends only on the parts.
 */
export function mergeDrawn(parts: readonly DrawnRows[], most = KEPT_VALUES): DrawnRows | undefined {
  const [first] = parts;
  if (!first) return undefined;
  const rows = parts.flatMap((part) => part.hashes.map((hash, at) => ({ hash, part, at })));
  const chosen = rows.sort((a, b) => (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0)).slice(0, most);
  const newest = parts.map((part) => part.newest).reduce(newer(first), null);
  return {
    hashes: chosen.map(({ hash }) => hash),
    columns: first.columns.map(({ name }, i) => ({
      name,
      cells: chosen.map(({ part, at }) => part.columns[i]?.cells[at] ?? null),
    })),
    newest,
  };
}

type Newest = DrawnRows['newest'];

/**
 * The newer of two rows, by the first column that told the newest of any part, and the later part where they are equal. A part
 * that was told by another column has no time in the earlier one.
 */
const newer =
  ({ columns }: DrawnRows) =>
  (a: Newest, b: Newest): Newest => {
    if (!a || !b) return b ?? a;
    const place = ({ by }: { by?: string }): number =>
      by === undefined ? columns.length : columns.findIndex(({ name }) => name === by);
    if (place(a) !== place(b)) return place(b) < place(a) ? b : a;
    return compareValues({ kind: 'timestamp' }, b.at, a.at) >= 0 ? b : a;
  };

/** Column groups side by side. */
export function joinDrawn(groups: readonly DrawnRows[]): DrawnRows | undefined {
  const [first] = groups;
  if (!first) return undefined;
  const cells = groups.flatMap(({ newest, columns }) => newest?.cells ?? columns.map(() => null));
  return {
    hashes: first.hashes,
    columns: groups.flatMap(({ columns }) => columns),
    newest: first.newest ? { ...first.newest, cells } : null,
  };
}

/** The rows that people are shown, by column: the newest first, then by hash. */
export function sampleOf(drawn: DrawnRows): { name: string; cells: (string | null)[] }[] {
  const { newest } = drawn;
  const others = drawn.hashes.map((hash, at) => ({ hash, at })).filter(({ hash }) => hash !== newest?.hash);
  const shown = others.slice(0, SAMPLE_ROWS - (newest ? 1 : 0));
  return drawn.columns.map(({ name, cells }, i) => ({
    name,
    cells: [...(newest ? [newest.cells[i] ?? null] : []), ...shown.map(({ at }) => cells[at] ?? null)],
  }));
}

/** Values of a column for patterns: different ones with how many of the drawn rows hold them, most first, else in the order of the rows. */
export function keptOf(cells: readonly (string | null)[]): [string, number][] {
  const counts = new Map<string, number>();
  let characters = 0;
  let repeated = false;
  for (const cell of cells) {
    if (cell === null) continue;
    const known = counts.get(cell);
    if (known === undefined) {
      characters += cell.length;
      if (characters > KEPT_CHARACTERS) break;
      counts.set(cell, 1);
    } else {
      counts.set(cell, known + 1);
      repeated = true;
    }
  }
  const kept = [...counts];
  return repeated ? kept.sort((a, b) => b[1] - a[1]) : kept;
}
