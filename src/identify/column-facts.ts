import type { ColumnKind } from '../profile/column.ts';
import type { ValueSet } from '../sketch/value-set.ts';

/** Something that identification would have needed and the profile does not hold, in words that say how to get it. */
export interface Missing {
  missing: string;
}

/** Values of rows that were drawn without regard to what they hold. */
export interface KnownValues {
  /** Different values with how many of the rows hold them; nulls are not among them, blanks may be. */
  values: readonly (readonly [string, number])[];
  /** Rows they are of, without nulls. */
  rows: number;
  /** Every row of the table is among them: shares are exact. */
  all: boolean;
}

/** Patterns of the rows that are neither null nor blank, most frequent first. */
export interface KnownPatterns {
  patterns: readonly { pattern: string; count: number; low?: number; high?: number }[];
  /** Rows that are neither null nor blank. */
  filled: number;
  /** All patterns of the column are named, each with its exact count. */
  all: boolean;
}

/** What identification knows of one column: nothing but its stored profile. */
export interface ColumnFacts {
  entityId: string;
  tableId: string;
  name: string;
  kind: ColumnKind;
  /** Id of the profile, and when it was made, ISO 8601. */
  profileId: number;
  profiledAt: string;
  /** Rows of the table, and how many of them the profile was made of. */
  rows: number;
  sampledRows: number;
  /** The table has more rows than these, nobody knows how many: some were chosen, and all figures are of those. */
  partial?: true;
  nonNull: number;
  blanks: number;
  distinct: number;
  /** 95 % interval of `distinct`; absent where it is exact. */
  distinctBounds?: { low: number; high: number };
  valueSet: ValueSet | Missing;
  patterns: KnownPatterns | Missing;
  values: KnownValues | Missing;
  /** Why the profile may no longer tell how the column is: it changed since. */
  stale?: string;
}

/** The profile was made of every row there is. */
export const allRead = ({ sampledRows, rows, partial }: ColumnFacts): boolean => !partial && sampledRows >= rows;
