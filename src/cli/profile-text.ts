import type { ProfiledEntity as AnyProfiled } from '../client/index.ts';
import { formatTable, type TableCell } from './output/format-table.ts';
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
