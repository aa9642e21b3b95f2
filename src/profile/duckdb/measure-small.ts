import type { MeasuredColumn } from '../column.ts';
import { fitsInHand, IN_HAND_POINTS, inHandSql, readInHand } from '../in-hand.ts';
import type { LengthsPart } from '../measures/lengths.ts';
import { isUnknown } from '../part.ts';
import { type Ask, groupedStatement } from '../statements.ts';
import { ask, readPart, reasonOf } from './answer.ts';
import { asksOf, GROUPED, groupsOf, viewOf, WHOLE_GROUPS, type Work } from './measure-work.ts';

/** Columns grouped in one statement: their groups are held at the same time. */
const COLUMNS_AT_ONCE = 5;

/** What is not asked for over a small relation itself. */
export const isGrouped = ({ measure, column, known }: Ask): boolean => measure.smallSql?.(column, known) === undefined;

export async function measureSmall(work: Work): Promise<void> {
  if (work.rows <= work.limits.inHandRows) await measureInHand(work);
  for (const group of groupsOf(work.columns, (column) => viewOf(work, column), COLUMNS_AT_ONCE)) {
    const asks = group.columns.flatMap((part) =>
      asksOf(
        work,
        part,
        GROUPED,
        WHOLE_GROUPS,
        (one) => isGrouped(one) && part.measures[one.measure.name] === undefined,
      ),
    );
    await ask(work, asks, (some) => groupedStatement(byColumn(some), group.view));
  }
}

/** The values of many columns in one statement. A column that cannot be had so is left to the statements that follow. */
async function measureInHand(work: Work): Promise<void> {
  const { session, columns } = work;
  const short = columns.filter((part) => {
    const { column, measures } = part;
    if (asksOf(work, part, GROUPED, WHOLE_GROUPS, isGrouped).length === 0) return false;
    const { lengths } = measures;
    const points = lengths === undefined || isUnknown(lengths) ? 0 : Number((lengths as LengthsPart).sum);
    return fitsInHand(column) && points <= IN_HAND_POINTS;
  });
  for (const { view, columns: group } of groupsOf(short, (column) => viewOf(work, column))) {
    const list = group.map(({ column }) => inHandSql(column)).join(', ');
    try {
      const [row = []] = await session.query(`SELECT ${list} FROM ${view}`, 'taking the values');
      for (const [i, part] of group.entries()) {
        const values = readInHand(row[i] ?? null, part.column);
        for (const one of asksOf(work, part, GROUPED, WHOLE_GROUPS, isGrouped)) {
          const answer = one.measure.inHand?.(values, one.column, one.known);
          if (answer) part.measures[one.measure.name] = readPart(one, answer);
        }
      }
    } catch (error) {
      session.assertLive(error);
      reasonOf(error);
    }
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
