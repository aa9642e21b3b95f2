import type { Figure } from '../figure.ts';
import type { SharedBin } from './bins.ts';
import type { DistancePair } from './distance.ts';

/** The weaker of the two sides: a change is exact only when both figures are. */
export type ChangeBasis = 'exact' | 'estimate' | 'sample';

/** A part of a comparison that cannot be had, with the reason; it is never 0 instead. */
export type Incomparable = { incomparable: string };

export const incomparable = (reason: string): Incomparable => ({ incomparable: reason });
export const isComparable = <T extends object>(part: T | Incomparable | undefined): part is T =>
  part !== undefined && !('incomparable' in part);

/** After less before. `low` and `high`: the 95 % interval, where a side has one. Of numbers beyond a double, a text. */
export interface Change<T = number | string> {
  value: T;
  basis: ChangeBasis;
  low?: number;
  high?: number;
  /** Change as a share of the figure before; absent when that was 0. Dates have none. */
  relative?: number;
  /** Of times: seconds. */
  unit?: 's';
}

export interface ComparedFigure {
  before: Figure<unknown>;
  after: Figure<unknown>;
  change: Change | Incomparable;
}

/** What the distance of two distributions was measured over. */
export type DistanceOver = 'histogram' | 'quantiles' | 'values' | 'patterns';

export interface Distance extends DistancePair {
  over: DistanceOver;
  basis: ChangeBasis;
  /** What cannot be told apart was taken together: the true distance is not smaller. */
  atLeast: boolean;
  /** 95 of 100 pairs of samples of these sizes of the same values have a smaller PSI. */
  psiByChance: number;
  bins: SharedBin[];
  /** How the bins were made. */
  binning: string;
}

/** Values that only one side has. */
export interface ValueChange {
  count: number;
  basis: ChangeBasis;
  low?: number;
  high?: number;
  /** How that is known. */
  from: 'complete lists' | 'value sets' | 'distinct counters';
  /** Those among them that a list of frequent values names, most frequent first. */
  named: { value: string; count: number }[];
}

export interface ColumnComparison {
  name: string;
  kind: { before: string; after: string };
  nativeType: { before: string; after: string };
  figures: Record<string, ComparedFigure>;
  distribution: Distance | Incomparable;
  patterns?: Distance | Incomparable;
  newValues: ValueChange | Incomparable;
  vanishedValues: ValueChange | Incomparable;
  drifts: Drift[];
}

export type DriftCode =
  | 'COLUMN_ADDED'
  | 'COLUMN_REMOVED'
  | 'TYPE_CHANGED'
  | 'ROWS_CHANGED'
  | 'NULLS_CHANGED'
  | 'BLANKS_CHANGED'
  | 'DISTINCT_CHANGED'
  | 'NO_LONGER_UNIQUE'
  | 'DISTRIBUTION_MOVED'
  | 'PATTERNS_MOVED'
  | 'MEAN_MOVED'
  | 'RANGE_GREW'
  | 'NEW_VALUES'
  | 'VANISHED_VALUES';

/** A change worth a look. Holds counts and shares, never a value. */
export interface Drift {
  code: DriftCode;
  severity: 'warning' | 'notice' | 'info';
  /** Absent: of the table. */
  column?: string;
  sentence: string;
  /** How many times its threshold the change is; what came, went or changed its type counts as 100. */
  size: number;
}

export interface ComparedColumn {
  name: string;
  nativeType: string;
}

export interface TableComparison {
  rows: ComparedFigure;
  columnsAdded: ComparedColumn[];
  columnsRemoved: ComparedColumn[];
  typesChanged: { name: string; before: string; after: string }[];
  /** Columns on both sides that could not be compared, by name, with the reason. */
  columnsNotCompared: { name: string; reason: string }[];
  /** Those that changed most come first. */
  columns: ColumnComparison[];
  /** Of the table and of all its columns, the largest change first. */
  drifts: Drift[];
}
