import type { RowBasis } from '../row-choice.ts';
import { type ColumnComparison, type ComparedFigure, incomparable } from './comparison.ts';

/** All rows, or such as chance has chosen among them: what holds for these holds for those. */
const FAIR: ReadonlySet<RowBasis['kind']> = new Set([
  'all rows',
  'filter',
  'percentage',
  'rows chosen at random',
  'blocks chosen at random',
]);
/** What depends on which rows, and how many of them, were read. */
const COUNTED = [
  'rows',
  'nonNull',
  'nulls',
  'blanks',
  'distinct',
  'uniqueness',
  'selectivity',
  'nan',
  'infinite',
  'sum',
];

const isFiltered = ({ kind, filtered }: RowBasis): boolean => kind === 'filter' || filtered === true;
const choiceOf = (basis: RowBasis): string =>
  JSON.stringify([isFiltered(basis), ...(FAIR.has(basis.kind) ? [] : [basis.kind, basis.n, basis.wanted])]);

function nameOf(basis: RowBasis): string {
  if (basis.kind === 'filter') return 'rows by a filter';
  return isFiltered(basis) ? `${basis.kind} by a filter` : basis.kind;
}

/** Why rows and values of the two sides are not to be counted against each other; undefined where they are. Pure. */
export function whyUnlike(before: RowBasis, after: RowBasis): string | undefined {
  if (choiceOf(before) === choiceOf(after)) return undefined;
  const [chosen, other] = choiceOf(before) === choiceOf({ kind: 'all rows' }) ? [after, before] : [before, after];
  const names = [nameOf(chosen), `${nameOf(chosen) === nameOf(other) ? 'other ' : ''}${nameOf(other)}`];
  return `${names.join(' cannot be compared with ')}: what was left out was not left out by chance, so it is neither gained nor lost`;
}

/** A comparison of such sides: without what counts rows or values, and without drifts. */
export function ofUnlikeRows(comparison: ColumnComparison, why: string): ColumnComparison {
  const change = incomparable(why);
  const figures = Object.entries(comparison.figures).map(([name, figure]): [string, ComparedFigure] => [
    name,
    COUNTED.includes(name) ? { ...figure, change } : figure,
  ]);
  return {
    ...comparison,
    figures: Object.fromEntries(figures),
    newValues: change,
    vanishedValues: change,
    drifts: [],
  };
}
