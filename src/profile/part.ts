import type { MeasuredColumn } from './column.ts';
import type { DrawnRows } from './drawn.ts';
import type { Interval } from './interval.ts';
import type { MeasureName } from './measures/measure.ts';
import type { PathsPart } from './nested/paths-part.ts';
import type { RowBasis } from './row-choice.ts';

/**
 * Of parts that are stored, until the others of their table are measured or for the next run by the same watermark. Raise it whenever the
 * part of any measure changes its form or its meaning (`kept-part.test.ts` notices): parts of another version are not folded.
 */
export const PART_VERSION = 3;

/** What one partition of a table says of it: JSON of bounded size, mergeable with the others. */
export interface TablePart {
  version: number;
  /** Partition key; parts are folded in the order of their keys. */
  key: string;
  rows: number;
  /** The part is all there is of the table. */
  whole: boolean;
  /** Read together with the other parts or not: all are of one state of the table. */
  oneState?: boolean;
  /** Rows are not all there are: a limit was reached, a sample taken, a condition given. */
  limited: boolean;
  /** Which rows; absent: all, or the first ones where `limited`. */
  basis?: RowBasis;
  /** Of a table that is split by columns: which of its columns these are. Groups are joined in the order of these keys. */
  group?: string;
  /** Rows drawn for people and for patterns; folded apart from the figures. */
  drawn?: DrawnRows;
  /** The source computed it; absent: it was measured from rows that were read. */
  pushedDown?: true;
  /** Rows that are copies of others in this part, or why they were not counted; absent: not asked. */
  duplicateRows?: number | Interval | { unknown: string };
  columns: ColumnPart[];
  /** Sentences: values that did not fit their declared type, lines that could not be read. */
  warnings: string[];
  /** Lines of a file that could not be read as rows. */
  rejectedRows: number;
}

export interface ColumnPart {
  column: MeasuredColumn;
  /** A measure that applies and failed is here as `{unknown: reason}`. */
  measures: Partial<Record<MeasureName, unknown>>;
  /** What lies within its values, where they are nested. */
  paths?: PathsPart;
}

export const isUnknown = (part: unknown): part is { unknown: string } =>
  typeof part === 'object' && part !== null && 'unknown' in part;
