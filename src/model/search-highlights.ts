import { canBeMistyped, isOneTypo, queryTokens, squash } from './search-words.ts';

/** How a text answers what was asked: in whole, by a word, by the beginning of a word, or by a word one typo away. */
export type MatchKind = 'exact' | 'word' | 'prefix' | 'typo';

export interface Highlight {
  field: string;
  text: string;
  how: MatchKind;
  /** [start, end) in UTF-16 units of `text`. */
  ranges: [number, number][];
}

const TOKEN = /[\p{L}\p{N}\p{M}]+/gu;
const PART = /\p{Lu}+(?!\p{Ll})|[\p{Lu}\p{Lt}]?[\p{Ll}\p{Lo}\p{Lm}\p{M}]+|\p{N}+|./gsu;
const ORDER: readonly MatchKind[] = ['exact', 'word', 'prefix', 'typo'];
/** Of a long description, what is looked at. */
const LOOKED_AT = 20_000;

/** Where a text answers a search term; undefined when it does not. */
export function highlight(field: string, text: string, term: string): Highlight | undefined {
  const tokens = queryTokens(term);
  if (tokens.length === 0) return undefined;
  if (squash(text) === squash(term)) return { field, text, how: 'exact', ranges: [[0, text.length]] };
  const words = [...new Set(tokens.flatMap((token) => [...token.parts, token.whole]))];
  const ranges: [number, number][] = [];
  let how: MatchKind | undefined;
  const keep = (kind: MatchKind, start: number, end: number): void => {
    const last = ranges.at(-1);
    if (!last || start >= last[1]) ranges.push([start, end]);
    else last[1] = Math.max(last[1], end);
    if (!how || ORDER.indexOf(kind) < ORDER.indexOf(how)) how = kind;
  };
  for (const token of text.slice(0, LOOKED_AT).matchAll(TOKEN)) {
    const whole = compare(squash(token[0]), words, true);
    if (whole) {
      keep(whole, token.index, token.index + token[0].length);
      continue;
    }
    for (const part of token[0].matchAll(PART)) {
      const kind = compare(squash(part[0]), words, false);
      const start = token.index + part.index;
      if (kind) keep(kind, start, start + part[0].length);
    }
  }
  if (how) return { field, text, how, ranges };
  const joined = squash(text);
  if (tokens.some((token) => token.whole.length > 1 && joined.includes(token.whole)))
    return { field, text, how: 'prefix', ranges: [] };
  return undefined;
}

/** A token of several parts counts as a whole only when it is the whole: otherwise its parts show more. */
function compare(found: string, words: readonly string[], wholeOnly: boolean): MatchKind | undefined {
  if (words.includes(found)) return 'word';
  if (wholeOnly) return undefined;
  if (words.some((word) => [...word].length > 1 && found.startsWith(word))) return 'prefix';
  if (canBeMistyped(found) && words.some((word) => isOneTypo(word, found))) return 'typo';
  return undefined;
}
