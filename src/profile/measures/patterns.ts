import type { ColumnKind, MeasuredColumn } from '../column.ts';
import { patternsOf } from '../text/count-patterns.ts';
import { groupedInHand, groupedValuesSql, readGroupedValues } from '../text/grouped-values.ts';
import { compactPatterns, mergePatterns, type PatternsPart } from '../text/patterns-part.ts';
import { valueText } from '../value-text.ts';
import type { CountsPart } from './counts.ts';
import type { Known, Measure } from './measure.ts';

/** Of a text so many values are looked at: a share is known to ±1.1 %, and a column costs some 20 ms. */
const VALUES_OF_TEXT = 8_192;
/** Texts of numbers and dates come in few patterns. */
const VALUES_OF_OTHERS = 1_024;

/** Decomposed Hangul needs three code points for one of the 128 that a pattern shows. */
const LONGEST_LOOK = 512;

const lookedAt = (kind: ColumnKind): number => (kind === 'text' ? VALUES_OF_TEXT : VALUES_OF_OTHERS);

/** Doubles are left out, for their text is a matter of their rounding; so are bytes and nested values. */
const WITHOUT: ReadonlySet<ColumnKind> = new Set(['float', 'blob', 'nested', 'other', 'interval']);

const textOf =
  (column: MeasuredColumn) =>
  (value: string): string =>
    column.kind === 'text' ? value : valueText(column, value);

/** Rows that are neither null nor blank, where that is known. */
export function filledOf({ parts }: Known): number | undefined {
  const counts = parts.counts as CountsPart | undefined;
  return counts && counts.nonNull - counts.blanks;
}

/**
 * The values come from DuckDB and their patterns from JavaScript: `translate` of a value took 3 to 5 µs, and handing one over
 * and walking along it 1 µs; and there is one table of what a letter is.
 */
export const patterns: Measure<PatternsPart> = {
  name: 'patterns',
  pass: 'groups',
  applies: ({ kind }) => !WITHOUT.has(kind),
  sql: ({ kind }, { groups }) => groupedValuesSql(groups, lookedAt(kind), LONGEST_LOOK),
  inHand: (values, column, known) =>
    patternsOf(groupedInHand(values, lookedAt(column.kind), LONGEST_LOOK, textOf(column)), filledOf(known)),
  part: (row, column, known) =>
    patternsOf(readGroupedValues(row, known.groups, lookedAt(column.kind), textOf(column)), filledOf(known)),
  merge: mergePatterns,
  compact: compactPatterns,
};
