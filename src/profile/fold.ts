import { AssayError } from '../errors/assay-error.ts';
import { asText } from './column.ts';
import { exact, type Figure } from './figure.ts';
import { finishColumn } from './finish.ts';
import type { CountsPart } from './measures/counts.ts';
import { getMeasure, MEASURES } from './measures/index.ts';
import { mergeLengths } from './measures/lengths.ts';
import type { MeasureName } from './measures/measure.ts';
import { finishPaths } from './nested/finish-paths.ts';
import { mergePaths } from './nested/paths-part.ts';
import { type ColumnPart, isUnknown, PART_VERSION, type TablePart } from './part.ts';
import type { TableProfile } from './profile.ts';
import { isSwitchedOff } from './switched-off.ts';
import { tableFigures } from './table-figures.ts';

/**
 * Parts of one table → its profile. The result depends only on the set of parts: they are folded in the order of their
 * keys, whoever measured them and when. Column groups are folded each for itself and then stand side by side.
 * Throws RangeError for no part or doubled keys.
 *
 * @throws SOURCE_BAD_DATA when the parts have different columns, for the table was changed between them
 */
export function foldParts(parts: readonly TablePart[]): TableProfile {
  const ordered = [...parts].sort((a, b) => compareTexts(a.group ?? '', b.group ?? '') || compareTexts(a.key, b.key));
  const [first] = ordered;
  if (!first) throw new RangeError('expected at least one part, received none');
  const doubled = ordered.find(
    (part, i) => i > 0 && part.key === ordered[i - 1]?.key && part.group === ordered[i - 1]?.group,
  );
  if (doubled) throw new RangeError(`two parts have the key "${doubled.key}"`);
  const groups = [...new Set(ordered.map(({ group }) => group))].map((group) =>
    ordered.filter((part) => part.group === group),
  );
  const merged = groups.map(([head, ...rest]) => rest.reduce(mergeParts, head as TablePart));
  const [whole] = merged as [TablePart];
  const columns = merged
    .flatMap((part) => part.columns.map((column) => ({ column, part })))
    .map(({ column, part }, i) => {
      const profile = { ...finishColumn(column, i, part.rows), ...(column.paths ? finishPaths(column.paths) : {}) };
      return part.limited ? asSample(profile, part.rows) : profile;
    });
  const rows: Figure<number> = whole.limited
    ? { value: whole.rows, basis: 'sample', ofRows: whole.rows }
    : exact(whole.rows);
  const warnings = [...new Set(merged.flatMap((part) => part.warnings))];
  const counted = groups.length > 1 ? undefined : whole.duplicateRows;
  const counts = new Set(merged.map((part) => part.rows));
  if (counts.size > 1)
    warnings.push(
      'rows came or went between the readings of its column groups: the columns are not all of the same rows',
    );
  const moving = ordered.length > 1 && !merged.every((part) => part.oneState);
  return {
    version: 1,
    rows,
    basis: {
      ...(whole.basis ?? { kind: whole.limited ? 'first rows' : 'all rows' }),
      rowsRead: whole.rows,
      partitions: ordered.length,
      ...(moving ? { snapshot: 'each part' as const } : {}),
      ...(first.pushedDown ? { computed: 'in the source' as const } : {}),
    },
    columns,
    ...tableFigures(columns, rows, counted ?? { unknown: NOT_COMPARED }),
    warnings: moving ? [...warnings, readInParts(ordered.length)] : warnings,
    rejectedRows: whole.rejectedRows,
  };
}

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const NOT_COMPARED = 'no column is a key for certain, and whole rows were not compared';

const readInParts = (parts: number): string =>
  `the table was read in ${parts} parts, each at a moment of its own: rows that were changed meanwhile may be counted twice or not at all, also where a figure is called exact`;

/** Two parts of a table as one. Commutes and associates but for the key, which is the first one's. */
export function mergeParts(a: TablePart, b: TablePart): TablePart {
  const names = (part: TablePart): string => JSON.stringify(part.columns.map(({ column }) => column.name));
  if (names(a) !== names(b))
    // Not tried again by itself: the parts that were stored would differ in the same way each time.
    throw new AssayError(
      'SOURCE_BAD_DATA',
      `the table changed while it was read; run the job again. Parts "${a.key}" and "${b.key}" have different columns: ${names(a).slice(0, 500)} and ${names(b).slice(0, 500)}`,
    );
  return {
    version: PART_VERSION,
    key: a.key,
    rows: a.rows + b.rows,
    whole: false,
    ...(a.oneState && b.oneState ? { oneState: true } : {}),
    limited: a.limited || b.limited,
    ...(a.basis || b.basis ? { basis: a.basis ?? b.basis } : {}),
    ...(a.group === undefined ? {} : { group: a.group }),
    columns: a.columns.map((column, i) => mergeColumns(column, b.columns[i] ?? column)),
    warnings: [...new Set([...a.warnings, ...b.warnings])].sort(),
    rejectedRows: a.rejectedRows + b.rejectedRows,
  };
}

/** Measures that mean the same whatever the type. */
const TYPELESS: ReadonlySet<MeasureName> = new Set(['counts', 'distinct', 'top', 'patterns', 'valueset']);

function mergeColumns(a: ColumnPart, b: ColumnPart): ColumnPart {
  const sameKind = a.column.kind === b.column.kind;
  const column = sameKind ? a.column : { ...asText(a.column), kind: 'text' as const, scale: 0 };
  const measures: ColumnPart['measures'] = {};
  for (const { name, applies } of MEASURES) {
    const [left, right] = [a.measures[name], b.measures[name]];
    if (left === undefined && right === undefined) continue;
    if (isSwitchedOff(left)) measures[name] = left;
    else if (isSwitchedOff(right)) measures[name] = right;
    else if (!sameKind && !TYPELESS.has(name)) {
      if (applies(column))
        measures[name] = { unknown: 'its values have different types in different parts of the table' };
    } else if (isUnknown(left)) measures[name] = left;
    else if (isUnknown(right)) measures[name] = right;
    else if (!sameKind && name !== 'counts' && [a, b].some(hasBeside))
      measures[name] = { unknown: 'its values have different types in different parts of the table' };
    else if (left === undefined || right === undefined) measures[name] = { unknown: 'a part of the table lacks it' };
    else measures[name] = getMeasure(name).merge(left, right, column);
  }
  const paths = a.paths && b.paths ? mergePaths(a.paths, b.paths, mergeColumns, mergeLengths) : onlyPaths(a, b);
  return { column, measures, ...(paths ? { paths } : {}) };
}

/** Values that are no numbers are counted, and in no other measure. */
const hasBeside = ({ measures: { counts } }: ColumnPart): boolean =>
  counts !== undefined && !isUnknown(counts) && (counts as CountsPart).beside !== undefined;

/** Paths that one part has: all of the column's, unless texts that were taken for JSON there are none in the other part. */
function onlyPaths(a: ColumnPart, b: ColumnPart): ColumnPart['paths'] {
  const [having, other] = a.paths ? [a, b] : [b, a];
  const counts = other.measures.counts as CountsPart | { unknown: string } | undefined;
  const hasValues = counts === undefined || isUnknown(counts) || counts.nonNull > 0;
  return having.paths?.guessed && hasValues ? undefined : having.paths;
}

const interval = (figure: object): object => ({
  ...('low' in figure ? { low: figure.low } : {}),
  ...('high' in figure ? { high: figure.high } : {}),
});

/** Figures of some of the rows only are a sample, each of them. */
function asSample<T extends object>(profile: T, ofRows: number): T {
  return Object.fromEntries(
    Object.entries(profile).map(([key, figure]) =>
      typeof figure === 'object' && figure !== null && 'basis' in figure
        ? [key, { ...interval(figure), value: figure.value, basis: 'sample', ofRows }]
        : [key, key === 'paths' ? (figure as object[]).map((path) => asSample(path, ofRows)) : figure],
    ),
  ) as T;
}
