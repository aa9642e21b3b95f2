import { unsigned } from '../cast.ts';
import { asText, type MeasuredColumn, measuredColumn } from '../column.ts';
import type { Session } from './session.ts';
import type { StagedColumn } from './staged-column.ts';
import type { Relation } from './staging.ts';

/** Where typed texts go, and which of the columns they are. */
export interface TypedTable {
  table: string;
  view: string;
  /** The first column is `x<from>` in the source and `c<from>` in the table. */
  from: number;
}

export const misfitWarning = ({ name, nativeType }: StagedColumn, count: number): string =>
  `column "${name}": ${count} ${count === 1 ? 'value does' : 'values do'} not fit ${nativeType}; the column is measured as text`;

/**
 * The view of a table of columns `c<i>` that is measured.
 *
 * @param misfits column → values that are kept in `b<i>`, for they did not fit: it is text, with a warning
 * @param apart columns whose values in `b<i>` are no numbers, and stay there: `n<i>` of the view
 */
export async function makeView(
  session: Session,
  columns: readonly StagedColumn[],
  { table, view, from }: TypedTable,
  misfits: ReadonlyMap<number, number> = new Map(),
  apart: ReadonlySet<number> = new Set(),
): Promise<Relation> {
  const warnings: string[] = [];
  const measured: MeasuredColumn[] = [];
  const list = columns.map((column, i) => {
    const ref = `c${from + i}`;
    const count = misfits.get(i);
    const made = measuredColumn(count === undefined ? column : asText(column), ref);
    measured.push(made);
    if (made.kind === 'float') return unsigned(ref, made.duckdbType);
    if (count === undefined) return ref;
    warnings.push(misfitWarning(column, count));
    return `coalesce(b${from + i}, ${ref}::VARCHAR) AS ${ref}`;
  });
  const beside = new Map([...apart].map((i) => [`c${from + i}`, `n${from + i}`]));
  for (const i of apart) list.push(`b${from + i} AS n${from + i}`);
  await session.run(
    `CREATE OR REPLACE VIEW ${view} AS SELECT ${list.join(', ')}, rowid AS pos FROM ${table}`,
    'preparing the rows',
  );
  return {
    ...{ name: view, columns: measured, position: 'pos', warnings, rejectedRows: 0 },
    ...(apart.size > 0 ? { apart: beside } : {}),
  };
}
