/** The two kinds of identification method. */
export type MethodKind = 'dictionary' | 'pattern';

/** JsonLogic as it was written: an operation `{op: [arguments]}`, a number, a text, a truth value, null or a list. */
export type Logic = number | string | boolean | null | Logic[] | { [operation: string]: Logic };

/** What a method says of the columns it matches, and of their tables. */
export interface Action {
  tags: string[];
  tableTags: string[];
  /** `id` where the definition names one: it counts if a term has it, else the name does. */
  terms: { name: string; id?: string }[];
  sensitivity?: 'LOW' | 'MEDIUM' | 'HIGH';
}

export interface Rule {
  /** Rows that must have been sampled before the rule says anything. */
  minSamples: number;
  confidenceScore: Logic;
  condition: Logic;
  actions: Action[];
}

/** A name that speaks for the method: `nameRegex` matches anywhere in the name of a column; the best score counts. */
export interface Alias {
  nameRegex: string;
  /** 0 to 1. */
  score: number;
}

interface MethodBase {
  /** `_id` of the definition. */
  id: string;
  name: string;
  enabled: boolean;
  builtIn: boolean;
  categories: string[];
  rules: Rule[];
  aliases: Alias[];
  /** Changes with everything that could change a verdict; evidence names it. */
  version: string;
}

export interface DictionaryMethod extends MethodBase {
  kind: 'dictionary';
  /** Different terms by canonical text. */
  cardinality: number;
}

export interface PatternMethod extends MethodBase {
  kind: 'pattern';
  /** In the alphabet of patterns; `n` was read as `d`. */
  profilePatterns: string[];
  /** Whole values, Java syntax. A value that one of them matches and no exclusion names is a match. */
  regexes: string[];
  exclusions: string[];
  /** Name of a check that a value must pass besides: `luhn`, `iban`, … */
  validator?: string;
}

export type Method = DictionaryMethod | PatternMethod;
