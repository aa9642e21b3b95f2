import type { ColumnKind } from './column.ts';
import type { Figure } from './figure.ts';
import type { MembershipFacts } from './membership.ts';
import type { PathProfile, PathSketches } from './nested/finish-paths.ts';
import type { RowBasis } from './row-choice.ts';
import type { TableFigures } from './table-figures.ts';
import type { PatternFigure } from './text/finish-patterns.ts';
import type { LogicalTypeFigure } from './text/formats-part.ts';
import type { QualityFigure } from './text/quality.ts';
import type { RegexFigure } from './text/suggest-regexes.ts';
import type { WatermarkBasis } from './watermark.ts';

/** What profiling knows of one table. Counts are numbers; values of columns are always texts, so that none loses digits. */
export interface TableProfile extends TableFigures {
  version: 1;
  rows: Figure<number>;
  /** Of how many rows the figures are, and whether those are all. */
  basis: ProfileBasis;
  columns: ColumnProfile[];
  warnings: string[];
  rejectedRows: number;
}

export interface ProfileBasis extends RowBasis {
  rowsRead: number;
  partitions: number;
  /**
   * `each part`: the parts were read at different moments, so `exact` figures are exact for the rows that were read, which
   * the table need not have held all at once. Absent: one statement read everything.
   */
  snapshot?: 'each part';
  /** `in the source`: the source measured its rows itself. Absent: rows were read and measured here. */
  computed?: 'in the source';
  /** Rows were added to those of earlier runs, by a column whose values only grow. */
  watermark?: WatermarkBasis;
}

export interface ColumnProfile {
  name: string;
  ordinal: number;
  nativeType: string;
  duckdbType: string;
  typeBasis: 'precise' | 'inferred';
  kind: ColumnKind;
  rows: Figure<number>;
  nonNull: Figure<number>;
  nulls: Figure<number>;
  /** Texts that are empty or white space only. */
  blanks: Figure<number>;
  /** Different values, neither nulls nor blanks among them. */
  distinct: Figure<number>;
  /** 100 · distinct / rows. */
  uniqueness: Figure<number>;
  /** 100 · (rows − nulls − blanks) / rows. */
  density: Figure<number>;
  /** 100 · Σ (count / rows)²: 100 for a constant, 100 / rows for a key. */
  selectivity: Figure<number>;
  /** Numbers and times; absent where the type has no such order. */
  min?: Figure<string | null>;
  max?: Figure<string | null>;
  lexicalMin?: Figure<string | null>;
  lexicalMax?: Figure<string | null>;
  sum?: Figure<string | null>;
  mean?: Figure<string | null>;
  /** Of the sample (n − 1); null below two values. */
  standardDeviation?: Figure<string | null>;
  /** Of doubles, and of decimals that have some: they are no part of any other figure of decimals than the filled rows. */
  nan?: Figure<number>;
  infinite?: Figure<number>;
  /** Code points of texts, bytes of blobs. */
  length?: Figure<{ min: number | null; max: number | null; mean: number | null; standardDeviation: number | null }>;
  topValues?: Figure<{ value: string; count: number; percent: number }[]>;
  /** The 20 most frequent patterns of the values that are neither null nor blank. */
  patterns?: Figure<PatternFigure[]>;
  /** What the values of a text are: numbers, dates, identifiers, … and in which format. */
  logicalType?: Figure<LogicalTypeFigure>;
  /** Regular expressions that the values of a text follow, at three levels of strictness; unknown for free text. */
  regexes?: Figure<RegexFigure[]>;
  /** An estimate from nulls, blanks, formats and patterns; no verdict of business rules. */
  quality?: Figure<QualityFigure>;
  /** Nearest rank: `{"0.5": "17"}`. */
  quantiles?: Figure<Record<string, string>>;
  histogram?: Figure<{ from: string; to: string; count: number }[]>;
  /** What lies within nested values, by path, in the order of the paths. */
  paths?: PathProfile[];
  /** Paths that were found and not measured, for there are too many or they lie too deep. */
  pathsLeftOut?: string[];
  /** The bytes of the sketches of paths, by path. */
  pathSketches?: Record<string, PathSketches>;
  /** Of columns that may be keys: the filter that tells whether a value is among theirs, or why there is none. */
  membership?: MembershipFacts | { unknown: string };
  /** Bytes of the distinct counter, base64: for totals over several tables. */
  distinctCounter?: string;
  /** Bytes of the value set, base64: for finding the values in dictionaries and other columns. */
  valueSet?: string;
}
