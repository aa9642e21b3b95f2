import { type CharSet, isRange, membersOf } from './char-set.ts';
import type { Run } from './shapes.ts';

/** Regular expressions as text, in what RE2, Java and JavaScript with `u` have in common. */

/** A run of a shape, or of several that were drawn together. */
export type MergedRun = Omit<Run, 'of'> & { of: Run['of'] | 'letters' | 'words' };

const SPECIAL = /[\\^$.*+?()[\]{}|]/;
const CONTROLS: Record<string, string> = {
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\f': '\\f',
  '\v': '\\x0B',
  '\u0085': '\\x85',
};

/** `-` is none of the characters that may be escaped outside of a class; inside, it must be. */
export const escapeText = (text: string): string =>
  [...text]
    .map((character) => CONTROLS[character] ?? (SPECIAL.test(character) ? `\\${character}` : character))
    .join('');

const escapeInClass = (character: string): string =>
  CONTROLS[character] ?? (/[\\\]^[-]/.test(character) ? `\\${character}` : character);

export const quantifier = (least: number, most: number): string =>
  least === most ? (least === 1 ? '' : `{${least}}`) : `{${least},${most}}`;

const CLASSES: Record<string, readonly [ascii: string, any: string]> = {
  A: ['[A-Z]', '[\\p{Lu}\\p{Lt}]'],
  a: ['[a-z]', '\\p{Ll}'],
  d: ['\\d', '\\p{Nd}'],
  letters: ['[A-Za-z]', '[\\p{Lu}\\p{Lt}\\p{Ll}]'],
  words: ['[A-Za-z0-9]', '[\\p{L}\\p{M}\\p{Nd}]'],
};

/** The class of a run: the short ASCII one where its characters are ASCII. */
export function tokenOf({ of, chars }: Pick<MergedRun, 'of' | 'chars'>): string {
  const ascii = membersOf(chars ?? '').every((point) => point < 0x80);
  return typeof of === 'string' ? (CLASSES[of]?.[ascii ? 0 : 1] ?? '[\\p{Lo}\\p{Lm}\\p{M}]') : escapeText(of.symbol);
}

/** So many different letters, or digits, of one place are named one by one. */
const NAMED_LETTERS = 6;
const NAMED_DIGITS = 3;

function tokenOfSet(set: CharSet, run: MergedRun): string {
  const members = membersOf(set).map((point) => String.fromCodePoint(point));
  if (isRange(set) || members.length > (run.of === 'd' ? NAMED_DIGITS : NAMED_LETTERS)) return tokenOf(run);
  if (members.length === 1) return escapeText(members[0] as string);
  return `[${members.map(escapeInClass).join('')}]`;
}

/** Place by place as far as every value goes, then the characters of the rest. */
export function strictRun(run: MergedRun): string {
  if (run.chars === undefined) return tokenOf(run) + quantifier(run.least, run.most);
  const head = (run.head ?? []).map((set) => tokenOfSet(set, run));
  let text = '';
  for (let i = 0; i < head.length; ) {
    let end = i + 1;
    while (head[end] === head[i]) end += 1;
    const rest = tokenOfSet(run.chars, run);
    // The last places and what follows them are often one class.
    if (end === head.length && head[i] === rest) return text + rest + quantifier(run.least - i, run.most - i);
    text += (head[i] as string) + quantifier(end - i, end - i);
    i = end;
  }
  const [least, most] = [run.least - head.length, run.most - head.length];
  return most === 0 ? text : text + tokenOfSet(run.chars, run) + quantifier(least, most);
}
