import { exact, type Figure, isKnown, unknown } from '../figure.ts';
import type { PatternFigure } from './finish-patterns.ts';
import type { LogicalTypeFigure } from './formats-part.ts';

/** How well a column is filled and how much alike its values are. The formula is in docs/profile.md. */
export interface QualityFigure {
  /** 100 · completeness · conformity. */
  percent: number;
  /** (rows − nulls − blanks − placeholders) / rows. */
  completeness: number;
  /** Share of the values that are as the others are; 1 where nothing is expected of them. */
  conformity: number;
  /** What `conformity` was judged by. */
  by: 'declared type' | 'format' | 'patterns' | 'nothing: free text';
}

interface Judged {
  kind: string;
  rows: Figure<number>;
  nonNull: Figure<number>;
  blanks: Figure<number>;
  nan?: Figure<number>;
  infinite?: Figure<number>;
  patterns?: Figure<PatternFigure[]>;
  logicalType?: Figure<LogicalTypeFigure>;
}

/** A pattern that so many of a hundred values have is one of those that are meant. */
const REGULAR_PERCENT = 5;
/** Regular patterns that cover fewer of a hundred values are chance: the column is free text. */
const LEAST_REGULAR_PERCENT = 80;

export function estimateQuality(column: Judged): Figure<QualityFigure> {
  const { rows, nonNull, blanks, logicalType, patterns } = column;
  if (!isKnown(rows) || rows.value === 0) return unknown('there are no rows');
  if (!isKnown(nonNull) || !isKnown(blanks)) return unknown('nulls and blanks were not counted');
  const type = isKnown(logicalType) ? logicalType.value : undefined;
  const nothing = type?.others.find((other) => other.type === 'placeholder')?.share ?? 0;
  const filled = nonNull.value - blanks.value;
  const completeness = (filled * (1 - nothing)) / rows.value;
  const { conformity, by } = judge(column, filled, nothing);
  const value = { percent: 100 * completeness * conformity, completeness, conformity, by };
  const isEstimate = (figure: Figure<unknown> | undefined): boolean => isKnown(figure) && figure.basis !== 'exact';
  const estimated = isEstimate(logicalType) || isEstimate(patterns);
  return column.kind === 'text' && estimated ? { value, basis: 'estimate' } : exact(value);
}

function judge(column: Judged, filled: number, nothing: number): Pick<QualityFigure, 'conformity' | 'by'> {
  if (column.kind !== 'text') {
    const odd = [column.nan, column.infinite].reduce((sum, figure) => sum + (isKnown(figure) ? figure.value : 0), 0);
    return { conformity: filled === 0 ? 1 : 1 - odd / filled, by: 'declared type' };
  }
  const said = 1 - nothing;
  if (said <= 0) return { conformity: 1, by: 'nothing: free text' };
  const type = isKnown(column.logicalType) ? column.logicalType.value : undefined;
  if (type && type.type !== 'text' && type.share > 0.5 * said)
    return { conformity: Math.min((type.formats?.[0]?.share ?? type.share) / said, 1), by: 'format' };
  const shown = isKnown(column.patterns) ? column.patterns.value : [];
  const regular = shown.filter(({ percent }) => percent >= REGULAR_PERCENT);
  const covered = regular.reduce((sum, { percent }) => sum + percent, 0);
  if (covered >= LEAST_REGULAR_PERCENT) return { conformity: Math.min(covered / 100 / said, 1), by: 'patterns' };
  return { conformity: 1, by: 'nothing: free text' };
}
