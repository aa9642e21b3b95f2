import type { MeasuredColumn } from '../column.ts';
import { MEASURES } from '../measures/index.ts';
import type { Known, Measure, MeasureName } from '../measures/measure.ts';
import { type ColumnPart, isUnknown } from '../part.ts';
import type { SamplingLimits } from '../sampling.ts';
import type { Ask } from '../statements.ts';
import { isComputed } from '../switched-off.ts';
import type { Session } from './session.ts';
import { GROUP_COLUMNS, type Relation } from './staging.ts';

export interface MeasureOptions {
  /** Partition key. */
  key: string;
  /** The relation is the whole table. */
  whole: boolean;
  /** At most so many rows were asked for. */
  limit?: number;
  /** Only these columns, by name; absent: all. For relations that cannot leave columns out themselves. */
  columns?: readonly string[];
  /** From how many rows on samples are taken, and how large: absent ones are those of `SAMPLING`. */
  sampling?: Partial<SamplingLimits>;
  /** Measures that are not wanted: unknown, with that reason. Those that others read are computed all the same. */
  without?: readonly MeasureName[];
  /**
   * `exact`: every column is grouped wholly, however large the relation is. `estimated`: no column of a large relation with
   * positions is; its different values are counted only where a sample of them would hold them all. Absent: where it is cheap.
   */
  distinct?: 'exact' | 'estimated';
  progress?(fraction: number): void;
}

/** What the measuring of one relation works with. */
export interface Work {
  session: Session;
  relation: Relation;
  options: MeasureOptions;
  limits: SamplingLimits;
  rows: number;
  columns: ColumnPart[];
}

/** The same where nothing is asked. */
export type HeldWork = Omit<Work, 'session'>;

export type Groups = Pick<Known, 'groups' | 'values'>;
export const WHOLE_GROUPS: Groups = { groups: { kind: 'all' }, values: { kind: 'all' } };
export const GROUPED: readonly Measure['pass'][] = ['groups', 'values'];
export const ALL_PASSES: readonly Measure['pass'][] = ['scan', 'refine', ...GROUPED];

export function asksOf(
  work: Work,
  part: ColumnPart,
  passes: readonly Measure['pass'][],
  groups: Groups = WHOLE_GROUPS,
  which: (ask: Ask) => boolean = () => true,
): Ask[] {
  const known = knownOf(work, part, groups);
  return MEASURES.filter((measure) => isAsked(work, part, measure, passes))
    .map((measure) => ({ column: part.column, measure, known }))
    .filter(which);
}

/** Whether a measure is wanted in one of these passes and not known yet. */
export const isAsked = (
  { options }: Pick<Work, 'options'>,
  { column, measures }: ColumnPart,
  measure: Measure,
  passes: readonly Measure['pass'][],
): boolean =>
  passes.includes(measure.pass) &&
  measures[measure.name] === undefined &&
  measure.applies(column) &&
  isComputed(measure.name, options.without);

export function knownOf(work: HeldWork, { column, measures }: ColumnPart, groups: Groups = WHOLE_GROUPS): Known {
  const parts = Object.fromEntries(Object.entries(measures).filter(([, value]) => !isUnknown(value)));
  const from = isSmall(work) ? {} : { from: viewOf(work, column) };
  return { whole: work.options.whole, ...from, ...groups, parts };
}

export const isSmall = ({ rows, limits }: HeldWork): boolean => rows <= limits.smallRows;

export const viewOf = ({ relation }: HeldWork, column: MeasuredColumn): string =>
  relation.views?.get(column.ref) ?? relation.name;

/** What a statement does, in the words of an error. */
export const groupingOf = ({ name }: MeasuredColumn): string => `grouping column "${name}"`;

/** Columns that are measured in one statement: neighbours of one view, not too many. */
export function groupsOf(
  columns: readonly ColumnPart[],
  viewOf: (column: MeasuredColumn) => string,
  most = GROUP_COLUMNS,
): { view: string; columns: ColumnPart[] }[] {
  const groups: { view: string; columns: ColumnPart[] }[] = [];
  for (const part of columns) {
    const view = viewOf(part.column);
    const last = groups.at(-1);
    if (last && last.view === view && last.columns.length < most) last.columns.push(part);
    else groups.push({ view, columns: [part] });
  }
  return groups;
}
