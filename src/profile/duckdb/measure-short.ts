import type { DrawnRows } from '../drawn.ts';
import { MEASURES } from '../measures/index.ts';
import type { Memberships } from '../membership.ts';
import type { TablePart } from '../part.ts';
import { type DrawOptions, drawInHand } from './draw-rows.ts';
import { copiesWithoutAsking } from './duplicate-rows.ts';
import { noFilters } from './measure-memberships.ts';
import { groupAll, partOf, workOf } from './measure-relation.ts';
import { measureInHand } from './measure-small.ts';
import { ALL_PASSES, isAsked, type MeasureOptions } from './measure-work.ts';
import { mayHavePaths } from './nested/measure-paths.ts';
import type { ShortTable } from './short-table.ts';

/**
 * Measures a table whose values are all in hand, as `measureRelation` and what follows it do. Undefined where something would have to be asked
 * of DuckDB. Pure.
 *
 * @param tell says of a part of which rows it is
 */
export function measureShort(
  table: ShortTable,
  options: MeasureOptions & { draw?: DrawOptions; membershipBytes?: number },
  tell: (part: TablePart) => TablePart,
): (TablePart & { drawn?: DrawnRows; memberships?: Memberships }) | undefined {
  const work = workOf(table, options);
  measureInHand(work, groupAll(work), ALL_PASSES);
  const isMissing = work.columns.some(
    (part) => mayHavePaths(part) || MEASURES.some((measure) => isAsked(work, part, measure, ALL_PASSES)),
  );
  if (isMissing) return undefined;
  const measured = partOf(work);
  const duplicateRows = copiesWithoutAsking(table, measured, options);
  if (duplicateRows === undefined) return undefined;
  const chosen = work.columns.map(({ column }) => column);
  const drawn =
    options.draw && chosen.length > 0 ? drawInHand(table.taken, chosen, table.rows, options.draw) : undefined;
  const part = tell({ ...measured, duplicateRows, ...(drawn ? { drawn } : {}) });
  options.progress?.(1);
  if (options.membershipBytes === undefined) return part;
  const memberships = noFilters(part, options.without);
  return memberships && { ...part, memberships };
}
