import { exact, isKnown } from '../figure.ts';
import type { ColumnProfile } from '../profile.ts';
import type { ColumnComparison, ComparedFigure } from './comparison.ts';
import { compareDistributions, comparePatterns } from './distributions.ts';
import { columnDrifts } from './drifts.ts';
import { compareNumbers, compareTexts } from './figures.ts';
import { compareValueSets } from './new-values.ts';
import { ofUnlikeRows } from './unlike-rows.ts';

const COUNTS = ['rows', 'nonNull', 'nulls', 'blanks', 'distinct', 'uniqueness', 'density', 'selectivity'] as const;
const DOUBLES = ['nan', 'infinite'] as const;
const VALUES = ['min', 'max', 'lexicalMin', 'lexicalMax', 'mean', 'standardDeviation', 'sum'] as const;
const LENGTHS = ['min', 'max', 'mean'] as const;

/**
 * Two profiles of a column, of the same one or of two that are taken for the same. Pure.
 *
 * @param unlike as `whyUnlike` has it
 */
export function compareColumns(before: ColumnProfile, after: ColumnProfile, unlike?: string): ColumnComparison {
  const figures: Record<string, ComparedFigure> = {};
  const keep = (name: string, figure: ComparedFigure | undefined): void => {
    if (figure) figures[name] = figure;
  };
  for (const name of [...COUNTS, ...DOUBLES]) keep(name, compareNumbers(before[name], after[name]));
  // Numbers of two kinds still are numbers: 1.0 and 1 differ by nothing.
  for (const name of VALUES) keep(name, compareTexts(after.kind, before[name], after[name]));
  for (const part of LENGTHS) keep(`length.${part}`, compareNumbers(lengthOf(before, part), lengthOf(after, part)));
  const patterns = comparePatterns(before, after);
  const comparison = {
    name: after.name,
    kind: { before: before.kind, after: after.kind },
    nativeType: { before: before.nativeType, after: after.nativeType },
    figures,
    distribution: compareDistributions(before, after),
    ...(patterns ? { patterns } : {}),
    ...compareValueSets(before, after),
  };
  if (unlike !== undefined) return ofUnlikeRows({ ...comparison, drifts: [] }, unlike);
  return { ...comparison, drifts: columnDrifts(before, after, comparison) };
}

function lengthOf({ length }: ColumnProfile, part: (typeof LENGTHS)[number]) {
  if (!isKnown(length)) return length;
  const value = length.value[part];
  if (value === null) return { unknown: 'there is no value' };
  return length.basis === 'exact' ? exact(value) : { ...length, value, low: undefined, high: undefined };
}
