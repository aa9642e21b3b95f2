import { AssayError } from '../../errors/assay-error.ts';
import { KEPT_VALUES } from '../drawn.ts';
import { groupInHand, type InHand } from '../in-hand.ts';
import { type ColumnPart, isUnknown, PART_VERSION, type TablePart } from '../part.ts';
import { rowLevel, SAMPLING } from '../sampling.ts';
import { withoutSwitchedOff } from '../switched-off.ts';
import { askAll } from './answer.ts';
import type { DrawOptions, PutAside } from './draw-rows.ts';
import { measureByBins } from './measure-bins.ts';
import { measureByGroups } from './measure-by-groups.ts';
import { measureLarge, scanLarge } from './measure-large.ts';
import { isGrouped, measureInHand, measureSmall } from './measure-small.ts';
import { measureTogether } from './measure-together.ts';
import {
  asksOf,
  GROUPED,
  type HeldWork,
  isSmall,
  type MeasureOptions,
  WHOLE_GROUPS,
  type Work,
} from './measure-work.ts';
import { sampleRows } from './sample-rows.ts';
import type { Session } from './session.ts';
import type { Relation } from './staging.ts';
import { takeValues } from './take-values.ts';

/**
 * Measures every column of a relation: two statements for all columns together, then the groups. The values of a very
 * small one are taken in hand and need no more statements. Of a small relation all values are grouped, several columns in a statement. Of a large one a sample of the rows says which columns repeat: those are
 * grouped wholly, the others by the sample, with a sample of their different values beside it.
 * A measure that fails for a column is unknown there, with the reason; the others go on.
 */
export async function measureRelation(
  session: Session,
  given: Relation,
  options: MeasureOptions & { draw?: DrawOptions },
): Promise<TablePart & { aside?: PutAside }> {
  const relation = await takeValues(session, given, options);
  const { rows } = relation;
  const held = workOf(relation, options);
  const work: Work = { session, ...held };
  const { columns, limits } = work;
  // Without positions there is no choosing rows without regard to their values.
  const level = relation.position === undefined || options.distinct === 'exact' ? 0 : rowLevel(rows, limits);
  const small = isSmall(work);

  const inHand = groupAll(work);
  measureInHand(work, inHand, ['scan']);
  // A sample holds the rows to draw, unless it is smaller than they are.
  const draw = limits.sampleRows >= 2 * KEPT_VALUES ? options.draw : undefined;
  const { samples, aside } = level > 0 ? await sampleRows(work, level, draw) : {};
  const grouped = samples && (await measureByGroups(work, samples));
  const together = samples && (await measureTogether(work, samples));
  if (samples && together) await scanLarge(work, samples, together.texts);
  else await askAll(work, (part) => asksOf(work, part, ['scan']));
  const unread =
    columns.length > 0 && columns.every((part) => isUnknown(part.measures.counts))
      ? columns[0]?.measures.counts
      : undefined;
  if (isUnknown(unread)) throw new AssayError('SOURCE_BAD_DATA', `no column could be read: ${unread.unknown}`);
  options.progress?.(0.3);
  measureInHand(work, inHand, ['refine', ...GROUPED]);
  if (!small) await measureByBins(work);
  await askAll(work, (part) => [
    ...asksOf(work, part, ['refine']),
    ...(small ? asksOf(work, part, GROUPED, WHOLE_GROUPS, (one) => !isGrouped(one)) : []),
  ]);
  options.progress?.(0.4);
  if (small) await measureSmall(work);
  else await measureLarge(work, samples, together, grouped);
  options.progress?.(1);
  return { ...partOf(work), ...(aside ? { aside } : {}) };
}

/** What is measured of a relation, and within which limits. */
export function workOf(relation: Relation & { rows: number }, options: MeasureOptions): HeldWork {
  const limits = {
    ...SAMPLING,
    ...options.sampling,
    ...(options.distinct === 'estimated' ? { groupedValues: 0 } : {}),
  };
  const wanted = options.columns ? new Set(options.columns) : undefined;
  const columns: ColumnPart[] = relation.columns
    .filter(({ name }) => wanted === undefined || wanted.has(name))
    .map((column) => ({ column, measures: {} }));
  return { relation, options, limits, rows: relation.rows, columns };
}

/** The values in hand by column, grouped. */
export const groupAll = ({ relation, columns }: HeldWork): Map<string, InHand> =>
  new Map(
    columns.flatMap(({ column }) => {
      const values = relation.taken?.columns.get(column.ref);
      return values ? [[column.ref, groupInHand(values, column)] as const] : [];
    }),
  );

export const partOf = ({ relation, options, rows, columns }: HeldWork): TablePart => ({
  version: PART_VERSION,
  key: options.key,
  rows,
  whole: options.whole,
  limited: options.limit !== undefined && rows >= options.limit,
  columns: columns.map((part) => ({ ...part, measures: withoutSwitchedOff(part, options.without) })),
  warnings: relation.warnings,
  rejectedRows: relation.rejectedRows,
});
