import { type CharSet, type Span, union } from './char-set.ts';

/** Every code point that can stand in a text, surrogates left out: two texts, for in the second each takes two code units. */
let texts: { basic: string; beyond: string } | undefined;

function everyCharacter(): { basic: string; beyond: string } {
  if (texts) return texts;
  const pieces: string[] = [];
  const add = (from: number, to: number): void => {
    for (let at = from; at <= to; at += 4096) {
      const points = Array.from({ length: Math.min(4096, to - at + 1) }, (_, i) => at + i);
      pieces.push(String.fromCodePoint(...points));
    }
  };
  add(0, 0xd7ff);
  add(0xe000, 0xffff);
  const basic = pieces.splice(0).join('');
  add(0x1_0000, 0x10_ffff);
  texts = { basic, beyond: pieces.join('') };
  return texts;
}

const KNOWN = new Map<string, CharSet>();
/** More than all names that anybody writes; beyond, what was found first is found again when it is asked for. */
const MOST_KNOWN = 500;

/**
 * The characters that a class of JavaScript's own regular expressions matches (flag v), found by trying it on all there
 * are: 10 ms the first time. Throws SyntaxError for a class that JavaScript does not know.
 *
 * @param source a class, as `[\p{Lu}]`
 * @param anyCase with all that differ from one of them by simple case folding alone
 */
export function setOfClass(source: string, anyCase = false): CharSet {
  const key = `${anyCase}${source}`;
  const known = KNOWN.get(key);
  if (known) return known;
  const test = new RegExp(`${source}+`, anyCase ? 'giv' : 'gv');
  const { basic, beyond } = everyCharacter();
  const spans: Span[] = [];
  for (const { index, 0: found } of basic.matchAll(test)) {
    // Behind the gap of the surrogates the place of a character is its code point no longer; a span may reach across it.
    const [from, to] = [index, index + found.length - 1];
    if (from < 0xd800) spans.push([from, Math.min(to, 0xd7ff)]);
    if (to >= 0xd800) spans.push([Math.max(from, 0xd800) + 0x800, to + 0x800]);
  }
  for (const { index, 0: found } of beyond.matchAll(test))
    spans.push([0x1_0000 + index / 2, 0x1_0000 + (index + found.length) / 2 - 1]);
  const set = union([spans]);
  if (KNOWN.size >= MOST_KNOWN) KNOWN.delete(KNOWN.keys().next().value as string);
  KNOWN.set(key, set);
  return set;
}

/** A set as a class of JavaScript with the flag v. */
export const toClass = (set: CharSet): string =>
  set.length === 0
    ? '[]'
    : `[${set.map(([from, to]) => (from === to ? hex(from) : `${hex(from)}-${hex(to)}`)).join('')}]`;

const hex = (point: number): string => `\\u{${point.toString(16)}}`;

/** The set with everything that simple case folding makes equal to one of it: what `(?iu)` adds. */
export const inAnyCase = (set: CharSet): CharSet => (set.length === 0 ? set : setOfClass(toClass(set), true));
