import { getMeasure } from './measures/index.ts';
import type { MeasureName } from './measures/measure.ts';
import { type ColumnPart, isUnknown, type TablePart } from './part.ts';

/** A part to which run after run was added, in the size that its measures bound, those of paths too. Pure. */
export const compactPart = (part: TablePart): TablePart => ({ ...part, columns: part.columns.map(compactColumn) });

function compactColumn({ column, measures, paths }: ColumnPart): ColumnPart {
  const compacted = Object.entries(measures).map(([name, measured]) => {
    const { compact } = getMeasure(name as MeasureName);
    return [name, compact && !isUnknown(measured) ? compact(measured, column) : measured];
  });
  const values = paths?.paths.map((path) => (path.values ? { ...path, values: compactColumn(path.values) } : path));
  return {
    column,
    measures: Object.fromEntries(compacted),
    ...(paths ? { paths: { ...paths, paths: values ?? [] } } : {}),
  };
}
