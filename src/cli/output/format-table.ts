import { cutText, harmless, padText, textWidth } from './text-width.ts';

export type TableCell = string | number | boolean | null | undefined;

export interface TableColumn {
  title: string;
  align?: 'left' | 'right';
}

const GAP = '  ';
/** Below this a column says nothing any more. */
const NARROWEST = 6;

/**
 * Rows as a table for people: columns as wide as their widest cell; when the screen is too narrow, the widest ones give way.
 *
 * @param columns titles; a number in a cell is aligned to the right by its column
 * @param screen columns of the terminal; absent: no limit
 * @returns lines with a line end each; only titles when there are no rows
 */
export function formatTable(
  columns: readonly (TableColumn | string)[],
  rows: readonly (readonly TableCell[])[],
  screen = Number.POSITIVE_INFINITY,
): string {
  const heads = columns.map((column) => (typeof column === 'string' ? { title: column } : column));
  const cells = rows.map((row) => heads.map((_, index) => cellText(row[index])));
  const widths = heads.map((head, index) =>
    Math.max(textWidth(head.title), ...cells.map((row) => textWidth(row[index]!))),
  );
  narrow(widths, screen);
  const line = (texts: string[]): string =>
    texts
      .map((text, index) => padText(cutText(text, widths[index]!), widths[index]!, heads[index]!.align))
      .join(GAP)
      .trimEnd();
  return [line(heads.map((head) => head.title)), ...cells.map(line)].map((text) => `${text}\n`).join('');
}

function narrow(widths: number[], screen: number): void {
  let over = widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1) - screen;
  while (over > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest]! <= NARROWEST) return;
    widths[widest]!--;
    over--;
  }
}

function cellText(cell: TableCell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number') return formatNumber(cell);
  return harmless(String(cell));
}

/** Thousands apart, at most four digits after the point: `1,234.5`. */
export function formatNumber(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 4 });
}
