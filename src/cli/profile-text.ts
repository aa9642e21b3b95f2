import type { ProfiledEntity as AnyProfiled } from '../client/index.ts';
import { basisText } from '../profile/basis-text.ts';
import type { ProfileBasis } from '../profile/profile.ts';
import { basisOf, type Figure } from './column-profile-text.ts';
import { formatNumber, formatTable, type TableCell } from './output/format-table.ts';
import { harmless } from './output/text-width.ts';
import { sortSiblings } from './sort-siblings.ts';

/** A column with what profiling-info says of it. Figures that were not measured are absent. */
export type ProfiledEntity = Pick<AnyProfiled, '_id' | 'name' | 'type' | 'metadata'> & {
  profilingInfo?: {
    bindType?: string;
    bitsetCardinality?: number;
    stats?: Record<string, TableCell>;
  } | null;
};

const right = (title: string) => ({ title, align: 'right' as const });
const percent = (value: TableCell): string => (typeof value === 'number' ? `${Math.round(value * 10) / 10} %` : '');

/** Figures of columns with their bases, by the ids of the columns. */
export type FiguresById = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/**
 * A line per column of a table.
 *
 * @param figures of the columns, with their bases: estimates have `≈` before them
 * @param basis of which rows they are, in sentences, below the title; empty: not known
 */
export function tableProfile(
  title: string,
  columns: readonly ProfiledEntity[],
  screen: number,
  figures: FiguresById = new Map(),
  basis = '',
): string {
  const rows = sortSiblings(columns).map((column) => {
    const { bindType, bitsetCardinality, stats = {} } = column.profilingInfo!;
    const known = figures.get(column._id) ?? {};
    const mark = (value: TableCell, name: string): TableCell => (isEstimate(known[name]) ? marked(value) : value);
    const side = (end: 'Min' | 'Max'): TableCell => {
      const [text, plain] = [`lexical${end}`, end.toLowerCase()];
      return stats[text] == null ? mark(stats[plain], plain) : mark(stats[text], text);
    };
    return [
      column.name,
      bindType,
      mark(stats.rowCount, 'rows'),
      mark(percent(stats.density), 'density'),
      mark(bitsetCardinality, 'distinct'),
      mark(percent(stats.uniqueness), 'uniqueness'),
      side('Min'),
      side('Max'),
    ];
  });
  const heads = ['column', 'type', right('rows'), right('filled'), right('distinct'), right('unique'), 'min', 'max'];
  return `${harmless(title)}\n${basis === '' ? '' : `${harmless(basis)}\n`}${formatTable(heads, rows, screen)}`;
}

/** Of all rows, but not counted; or of a sample of them with an interval. */
function isEstimate(figure: unknown): boolean {
  const { basis, low, high } = (figure ?? {}) as { basis?: unknown; low?: unknown; high?: unknown };
  return basis === 'estimate' || (basis === 'sample' && low !== undefined && low !== high);
}

const marked = (value: TableCell): TableCell =>
  value === null || value === undefined || value === ''
    ? value
    : `≈ ${typeof value === 'number' ? formatNumber(value) : value}`;

/** What `GET /entities/{id}/profile` says of a table beside its columns; of one that an earlier version profiled it says none of it. */
export interface TableResource {
  basis?: ProfileBasis;
  rows?: Figure;
  /** Columns that were read; absent in profiles of earlier versions. */
  fields?: number;
  columns?: readonly ({ entityId: string } & Readonly<Record<string, unknown>>)[];
  /** What was out of the ordinary when the rows were read. */
  warnings?: readonly string[];
  keys?: { column: string; as: string }[];
  duplicateRows?: Figure & { low?: number; high?: number };
  freshness?: { column: string; newest: string; days: number };
}

const KEYS = 5;

/** A line for each thing that is known of a table as a whole; empty where nothing is. */
export function tableFacts({ keys, duplicateRows, freshness }: TableResource): string {
  const facts: [string, string][] = [];
  if (keys && keys.length > 0) {
    const names = keys.slice(0, KEYS).map(({ column, as }) => (as === 'key' ? column : `${column} (likely)`));
    facts.push(['keys', `${names.join(', ')}${keys.length > KEYS ? `, and ${keys.length - KEYS} more` : ''}`]);
  }
  if (duplicateRows) facts.push(['duplicate rows', duplicatesText(duplicateRows)]);
  if (freshness)
    facts.push([
      'newest',
      `${freshness.newest} in ${freshness.column}, ${formatNumber(freshness.days)} ${freshness.days === 1 ? 'day' : 'days'} before the profile`,
    ]);
  return facts.map(([name, says]) => `${name.padEnd(14)}  ${harmless(says)}\n`).join('');
}

/** A profile that has no columns: of an empty file, or of a table without any. */
export function bareProfile(title: string, { rows, basis, warnings }: TableResource): string {
  const count = rows && 'value' in rows ? `${formatNumber(Number(rows.value))} (${basisOf(rows)})` : 'unknown';
  const head = `${harmless(title)}\n${basis ? `${harmless(basisText(basis))}\n` : ''}`;
  return `${head}${'columns'.padEnd(14)}  none\n${'rows'.padEnd(14)}  ${count}\n${warningLines(warnings)}`;
}

/** Of the report's warnings, so many at most and each so long. */
const WARNINGS = 20;
const WARNING_LENGTH = 400;

/** The warnings of a profile under a heading, as its report has them; empty where there are none. */
export function warningLines(warnings: readonly string[] = []): string {
  if (warnings.length === 0) return '';
  const lines = warnings.slice(0, WARNINGS).map((warning) => {
    const text = harmless(warning);
    return `- ${text.length > WARNING_LENGTH ? `${text.slice(0, WARNING_LENGTH)}…` : text}\n`;
  });
  const more = warnings.length > WARNINGS ? `and ${warnings.length - WARNINGS} more\n` : '';
  return `\nRemarks of the reading: ${formatNumber(warnings.length)}\n${lines.join('')}${more}`;
}

function duplicatesText(figure: Figure & { low?: number; high?: number }): string {
  if ('unknown' in figure) return `unknown: ${figure.unknown}`;
  if (figure.basis === 'estimate' && figure.high !== undefined)
    return figure.low
      ? `${formatNumber(figure.low)} to ${formatNumber(figure.high)} (estimate)`
      : `at most ${formatNumber(figure.high)} (estimate)`;
  return `${formatNumber(Number(figure.value))} (${basisOf(figure)})`;
}
