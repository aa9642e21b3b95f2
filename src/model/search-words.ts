/** Words longer than this are cut, in what is indexed and in what is asked alike. */
const WORD_LENGTH = 100;
/** Parts of one text that are indexed; a name has a handful, a description may have thousands. */
const MOST_PARTS = 5_000;
/** From this many letters on, a word may be mistyped. */
export const TYPO_LENGTH = 5;

const CJK = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}ー々';
/** `HTTP` of HTTPServer, `Server`, `cust`, digits; a run of CJK characters is one part. */
const PART = new RegExp(
  `[${CJK}]+|\\p{Lu}+(?!\\p{Ll})|[\\p{Lu}\\p{Lt}]?(?:(?![${CJK}])[\\p{Ll}\\p{Lo}\\p{Lm}\\p{M}])+|\\p{N}+|\\p{Lt}`,
  'gu',
);
const IS_CJK = new RegExp(`^[${CJK}]`, 'u');
/** What stands between the tokens of a text: white space, `_`, `-`, `.`, `/` and whatever is neither letter nor digit. */
const BETWEEN = /[^\p{L}\p{N}\p{M}]+/u;

/** Without accents and width, in the case it has: `Å` → `A`, `ｉｄ` → `id`. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]+/g, '')
    .normalize('NFC')
    .replaceAll('ß', 'ss');
}

const lower = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\u0307/g, '')
    .replaceAll('ς', 'σ');

/** The parts of a text, in order, without case and accents: `custOrdId`, `CUST_ORD_ID` → cust, ord, id. */
export function splitWords(text: string): string[] {
  return tokensOf(text).flat();
}

/** The same, by token: what the author separated, and what only case or digits separate. */
function tokensOf(text: string): string[][] {
  const tokens: string[][] = [];
  let parts = 0;
  for (const token of plain(text).split(BETWEEN)) {
    const words = (token.match(PART) ?? []).map((part) => cut(lower(part)));
    if (words.length === 0) continue;
    tokens.push(words);
    parts += words.length;
    if (parts >= MOST_PARTS) break;
  }
  return tokens;
}

/** One spelling for all: `custordid`. A text without letters and digits stands for itself. */
export function squash(text: string): string {
  const words = splitWords(text);
  return words.length > 0 ? cut(words.join('')) : cut(lower(plain(text.trim())));
}

/**
 * What a name is found by: its parts; what begins at a part and goes on without separators (`orderid` in customer_order_id);
 * and every tail of a CJK run, since those scripts put nothing between words.
 */
export function nameLexemes(name: string): string[] {
  const parts = splitWords(name);
  const found = new Set(parts);
  const first = parts.slice(0, 12);
  for (const [index, part] of first.entries()) {
    found.add(cut(parts.slice(index).join('')));
    if (IS_CJK.test(part)) for (const tail of tails(part)) found.add(tail);
  }
  found.add(squash(name));
  found.delete('');
  return [...found];
}

/** What a description is found by. */
export function textLexemes(text: string): string[] {
  const found = new Set<string>();
  for (const token of tokensOf(text)) {
    for (const part of token) {
      found.add(part);
      if (IS_CJK.test(part)) for (const tail of tails(part)) found.add(tail);
    }
    if (token.length > 1) found.add(cut(token.join('')));
  }
  return [...found];
}

/** Tokens of what somebody looks for, each with its parts and as one word. */
export function queryTokens(term: string): { parts: string[]; whole: string }[] {
  const tokens = tokensOf(term).map((parts) => ({ parts, whole: cut(parts.join('')) }));
  if (tokens.length > 0) return tokens;
  const whole = squash(term);
  return whole === '' ? [] : [{ parts: [whole], whole }];
}

/** Hashes under which a word and its misspellings meet: of itself, and of what is left without each of its letters. */
export function typoKeys(word: string): number[] {
  const letters = [...word];
  const keys = new Set([hash(word)]);
  for (let index = 0; index < letters.length; index++) keys.add(hash(letters.toSpliced(index, 1).join('')));
  return [...keys];
}

/** Whether a word is worth keeping for typos: a number mistyped is another number. */
export const canBeMistyped = (word: string): boolean => word.length >= TYPO_LENGTH && !/\p{N}/u.test(word);

/** One letter more, less, other, or two neighbours swapped. */
export function isOneTypo(a: string, b: string): boolean {
  const [short, long] = [[...a], [...b]].sort((x, y) => x.length - y.length) as [string[], string[]];
  if (long.length - short.length > 1) return false;
  let start = 0;
  while (start < short.length && short[start] === long[start]) start++;
  const restShort = short.slice(start);
  const restLong = long.slice(start);
  if (restLong.length === 0) return true;
  if (short.length < long.length) return same(restShort, restLong.slice(1));
  if (same(restShort.slice(1), restLong.slice(1))) return true;
  const swapped = restShort[0] === restLong[1] && restShort[1] === restLong[0];
  return swapped && same(restShort.slice(2), restLong.slice(2));
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((letter, index) => letter === b[index]);

function tails(run: string): string[] {
  const letters = [...run];
  return letters.map((_, index) => letters.slice(index).join(''));
}

function cut(word: string): string {
  return word.length <= WORD_LENGTH ? word : [...word].slice(0, WORD_LENGTH).join('');
}

/** FNV-1a, 32 bits, signed as PostgreSQL's integer: the same on every machine. */
function hash(word: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < word.length; index++) {
    value = Math.imul(value ^ word.charCodeAt(index), 0x01000193);
  }
  return value | 0;
}
