import type { Action } from './method.ts';

/** The names that rules may use. */
export const VARIABLES = [
  'similarity',
  'metadataScore',
  'profilePatternScore',
  'regexScore',
  'confidenceScore',
  'columnCardinality',
  'dictionaryCardinality',
  'intersectionCardinality',
  'dictionarySimilarity',
  'rowCount',
] as const;
export type Variable = (typeof VARIABLES)[number];

/** One figure that a rule is computed from. */
export interface Score {
  value: number;
  /** 95 % interval; equal to the value where it is exact. */
  low: number;
  high: number;
  basis: 'exact' | 'estimate' | 'sample';
  /** Of how many values or rows. */
  of?: number;
}

/** A score's part in the confidence: `contribution` = weight · value; `share` of the confidence, 0 to 1. */
export interface Factor {
  variable: Variable;
  weight: number;
  score: Score;
  contribution: number;
  share: number;
}

/** What would have to change for the verdict to be the other one: the smallest change of one score, or of all together. */
export interface Flip {
  /** `confidenceScore`: no score alone turns it, and all together do; `from` and `to` are what the confidence then is, as it is computed. */
  variable: Variable;
  from: number;
  to: number;
  /** In words: "profilePatternScore from 0.80 to below 0.55". */
  text: string;
}

/** A finding of one method on one column, as it is stored beside what it led to. */
export interface Evidence {
  methodId: string;
  methodName: string;
  methodVersion: string;
  profileId: number;
  profiledAt: string;
  rule: number;
  /** 0 to 1, also where more was computed: the condition was asked with what was computed. */
  confidence: Score;
  factors: Factor[];
  /** The alias that matched the name best. */
  alias?: { nameRegex: string; score: number };
  /** Terms that were found or values that matched, at most 10; `[]` where none are known. Masked where they may not be seen. */
  matched: string[];
  /** Values that did not match, at most 5. */
  unmatched: string[];
  flip?: Flip;
  /** The verdict lies inside the interval of its scores: more rows could turn it. */
  close: boolean;
}

export type Outcome = 'matched' | 'not matched' | 'could not match';

export interface Verdict {
  outcome: Outcome;
  /** Of `could not match`: which ingredient is missing and what would bring it. */
  missing?: string[];
  evidence?: Evidence;
  actions: Action[];
  /** Of `matched`: what each rule that matched applies, with evidence of its own; the surest last. */
  found?: { actions: Action[]; evidence: Evidence }[];
}
