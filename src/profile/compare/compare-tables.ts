import type { Figure } from '../figure.ts';
import type { ColumnProfile } from '../profile.ts';
import { compareColumns } from './compare-columns.ts';
import { type ComparedColumn, type Drift, incomparable, type TableComparison } from './comparison.ts';
import { rowDrift, STRUCTURE_SIZE, sortDrifts } from './drifts.ts';
import { compareNumbers } from './figures.ts';

/** A profile of a table, as far as it is still kept. */
export interface ComparableTable {
  rows: Figure<number>;
  /** Every column the table had then, also those whose own profile is kept no longer. */
  columnTypes: readonly ComparedColumn[];
  columns: readonly ColumnProfile[];
}

/** Two profiles of a table, or of two tables; columns are matched by their names. Pure. @param unlike as `whyUnlike` has it */
export function compareTables(before: ComparableTable, after: ComparableTable, unlike?: string): TableComparison {
  const [first, second] = [typesByName(before), typesByName(after)];
  const [mine, theirs] = [byName(before.columns), byName(after.columns)];
  const added = [...second].filter(([name]) => !first.has(name)).map(toColumn);
  const removed = [...first].filter(([name]) => !second.has(name)).map(toColumn);
  const common = [...second.keys()].filter((name) => first.has(name));
  const compared = common.flatMap((name) => {
    const [a, b] = [mine.get(name), theirs.get(name)];
    return a && b ? [compareColumns(a, b, unlike)] : [];
  });
  const columnsNotCompared = common.flatMap((name) => {
    const sides = [...(mine.has(name) ? [] : ['before']), ...(theirs.has(name) ? [] : ['after'])];
    return sides.length === 0 ? [] : [{ name, reason: `its profile of ${sides.join(' and ')} is not kept` }];
  });
  const structure = [
    ...added.map((column) => structural('COLUMN_ADDED', column, `the column is new (${column.nativeType})`)),
    ...removed.map((column) =>
      structural('COLUMN_REMOVED', column, `the column is gone (it was ${column.nativeType})`),
    ),
  ];
  const order = new Map(compared.map((column, i) => [column, i]));
  const weight = (column: (typeof compared)[number]): number =>
    column.drifts.reduce((most, { severity, size }) => Math.max(most, size * (severity === 'warning' ? 1_000 : 1)), 0);
  const rows = compareNumbers(before.rows, after.rows)!;
  return {
    rows: unlike === undefined ? rows : { ...rows, change: incomparable(unlike) },
    columnsAdded: added,
    columnsRemoved: removed,
    typesChanged: common.flatMap((name) => {
      const [was, is] = [first.get(name)!, second.get(name)!];
      return was === is ? [] : [{ name, before: was, after: is }];
    }),
    columnsNotCompared,
    columns: [...compared].sort((a, b) => weight(b) - weight(a) || order.get(a)! - order.get(b)!),
    drifts: sortDrifts([
      ...(unlike === undefined ? rowDrift(before.rows, after.rows) : []),
      ...structure,
      ...compared.flatMap(({ drifts }) => drifts),
    ]),
  };
}

const structural = (code: Drift['code'], { name }: ComparedColumn, sentence: string): Drift => ({
  code,
  severity: 'warning',
  size: STRUCTURE_SIZE,
  column: name,
  sentence,
});

/** Of two columns of one name the first counts, as in the catalog. */
function typesByName({ columnTypes, columns }: ComparableTable): Map<string, string> {
  const types = new Map<string, string>();
  for (const { name, nativeType } of [...columns, ...columnTypes]) if (!types.has(name)) types.set(name, nativeType);
  return types;
}

function byName(columns: readonly ColumnProfile[]): Map<string, ColumnProfile> {
  const found = new Map<string, ColumnProfile>();
  for (const column of columns) if (!found.has(column.name)) found.set(column.name, column);
  return found;
}

const toColumn = ([name, nativeType]: [string, string]): ComparedColumn => ({ name, nativeType });
