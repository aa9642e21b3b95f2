import type { ProfiledEntity as AnyProfiled } from '../client/index.ts';
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

/** A line per column of a table. */
export function tableProfile(title: string, columns: readonly ProfiledEntity[], screen: number): string {
  const rows = sortSiblings(columns).map((column) => {
    const { bindType, bitsetCardinality, stats = {} } = column.profilingInfo!;
    return [
      column.name,
      bindType,
      stats.rowCount,
      percent(stats.density),
      bitsetCardinality,
      percent(stats.uniqueness),
      stats.lexicalMin ?? stats.min,
      stats.lexicalMax ?? stats.max,
    ];
  });
  const heads = ['column', 'type', right('rows'), right('filled'), right('distinct'), right('unique'), 'min', 'max'];
  return `${title}\n${formatTable(heads, rows, screen)}`;
}

/** What `GET /entities/{id}/profile` says of a table beside its columns; of one that an earlier version profiled it says none of it. */
export interface TableResource {
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
      `${freshness.newest} in ${freshness.column}, ${formatNumber(freshness.days)} days before the profile`,
    ]);
  return facts.map(([name, says]) => `${name.padEnd(14)}  ${harmless(says)}\n`).join('');
}

function duplicatesText(figure: Figure & { low?: number; high?: number }): string {
  if ('unknown' in figure) return `unknown: ${figure.unknown}`;
  if (figure.basis === 'estimate' && figure.high !== undefined)
    return figure.low
      ? `${formatNumber(figure.low)} to ${formatNumber(figure.high)} (estimate)`
      : `at most ${formatNumber(figure.high)} (estimate)`;
  return `${formatNumber(Number(figure.value))} (${basisOf(figure)})`;
}
