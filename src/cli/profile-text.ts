import type { EntityView } from './client/find-things.ts';
import { formatTable, type TableCell } from './output/format-table.ts';

/** A column with what profiling-info says of it. Figures that were not measured are absent. */
export interface ProfiledEntity extends EntityView {
  profilingInfo?: {
    bindType?: string;
    bitsetCardinality?: number;
    stats?: Record<string, TableCell>;
    sampleValues?: unknown[];
  } & Record<string, unknown>;
}

const right = (title: string) => ({ title, align: 'right' as const });
const percent = (value: TableCell): string => (typeof value === 'number' ? `${Math.round(value * 10) / 10} %` : '');

/** In the order of the table. */
const byOrdinal = (a: ProfiledEntity, b: ProfiledEntity): number => ordinalOf(a) - ordinalOf(b);

const ordinalOf = ({ metadata }: ProfiledEntity): number =>
  Number(metadata?.column?.ordinalPosition ?? Number.MAX_SAFE_INTEGER);

/** A line per column of a table. */
export function tableProfile(title: string, columns: readonly ProfiledEntity[], screen: number): string {
  const rows = columns.toSorted(byOrdinal).map((column) => {
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
