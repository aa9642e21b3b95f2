import type { MeasuredColumn } from '../column.ts';
import type { InHand } from '../in-hand.ts';
import { MEASURES } from '../measures/index.ts';
import type { Measure } from '../measures/measure.ts';
import { isUnknown } from '../part.ts';
import { type Ask, groupedStatement } from '../statements.ts';
import { ask, reasonOf } from './answer.ts';
import {
  asksOf,
  GROUPED,
  groupsOf,
  type HeldWork,
  isAsked,
  knownOf,
  viewOf,
  WHOLE_GROUPS,
  type Work,
} from './measure-work.ts';

/** Columns grouped in one statement: their groups are held at the same time. */
const COLUMNS_AT_ONCE = 5;

/** What is not asked for over a small relation itself. */
export const isGrouped = ({ measure, known }: Ask): boolean => !known.whole || measure.smallSql === undefined;

export async function measureSmall(work: Work): Promise<void> {
  for (const group of groupsOf(work.columns, (column) => viewOf(work, column), COLUMNS_AT_ONCE)) {
    const asks = group.columns.flatMap((part) => asksOf(work, part, GROUPED, WHOLE_GROUPS, isGrouped));
    await ask(work, asks, (some) => groupedStatement(byColumn(some), group.view));
  }
}

/** What can be told from the values in hand; the rest is left to be asked for. */
export function measureInHand(
  work: HeldWork,
  values: ReadonlyMap<string, InHand>,
  passes: readonly Measure['pass'][],
): void {
  for (const part of work.columns) {
    const held = values.get(part.column.ref);
    if (!held) continue;
    // One by one, for some read what others before them found.
    const known = knownOf(work, part);
    for (const measure of MEASURES) {
      if (!measure.inHand || !isAsked(work, part, measure, passes)) continue;
      const found = inHandOrReason(() => measure.inHand?.(held, part.column, known));
      if (found === undefined) continue;
      part.measures[measure.name] = found;
      if (!isUnknown(found)) known.parts[measure.name] = found;
    }
  }
}

function inHandOrReason(tell: () => unknown): unknown {
  try {
    return tell();
  } catch (error) {
    return { unknown: reasonOf(error) };
  }
}

function byColumn(asks: readonly Ask[]): { column: MeasuredColumn; asks: Ask[] }[] {
  const columns = new Map<string, { column: MeasuredColumn; asks: Ask[] }>();
  for (const one of asks) {
    const entry = columns.get(one.column.ref) ?? { column: one.column, asks: [] };
    entry.asks.push(one);
    columns.set(one.column.ref, entry);
  }
  return [...columns.values()];
}
