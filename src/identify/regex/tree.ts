import type { CharSet } from './char-set.ts';

/** A regular expression that was read. Flags are gone: each set holds what the flags at its place make it hold. */
export type Tree =
  /** One character of the set. */
  | { type: 'set'; set: CharSet }
  | { type: 'sequence'; items: readonly Tree[] }
  | { type: 'choice'; items: readonly Tree[] }
  /** `most` may be infinite. */
  | { type: 'repeat'; item: Tree; least: number; most: number; mode: 'greedy' | 'lazy' | 'possessive' }
  | { type: 'group'; item: Tree; number: number }
  /** What it matched is not given up again. */
  | { type: 'atomic'; item: Tree }
  | { type: 'look'; ahead: boolean; negative: boolean; item: Tree }
  | { type: 'same'; number: number; anyCase: boolean }
  | { type: 'place'; place: Place };

/**
 * `end`: behind the last character; `last line`: there, or before the line end that is the last of the text; `line start` and
 * `line end`: of `(?m)`. `unixLines`: only `\n` ends lines (`(?d)`).
 */
export type Place =
  | { at: 'start' | 'end' }
  | { at: 'last line' | 'line start' | 'line end'; unixLines: boolean }
  | { at: 'word' | 'not word'; unicode: boolean };

export const EMPTY: Tree = { type: 'sequence', items: [] };
