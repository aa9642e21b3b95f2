/** Words longer than this are cut, in what is indexed and in what is asked alike. */
const WORD_LENGTH = 100;
/** Parts of one text that are indexed; a name has a handful, a description may have thousands. */
const MOST_PARTS = 5_000;
/** From this many letters on, a word may be mistyped. */
export const TYPO_LENGTH = 5;

/** Scripts that put nothing between words, or not always. */
const UNSPACED = ['Han', 'Hiragana', 'Katakana', 'Hangul', 'Thai', 'Lao', 'Khmer', 'Myanmar']
  .map((script) => `\\p{Script=${script}}`)
  .concat('ー々')
  .join('');
/**
 * A run of such a script is asked for in pieces of so many letters, and found by as many from each of its letters on: what
 * stands anywhere in it is found, and what is stored grows with the run and not with its square.
 */
const PIECE_LETTERS = 8;
/** `HTTP` of HTTPServer, `Server`, `cust`, digits; a run without spaces is one part. */
const PART = new RegExp(
  `[${UNSPACED}]+|\\p{Lu}+(?!\\p{Ll})|[\\p{Lu}\\p{Lt}]?(?:(?![${UNSPACED}])[\\p{Ll}\\p{Lo}\\p{Lm}\\p{M}])+|\\p{N}+|\\p{Lt}`,
  'gu',
);
const IS_RUN = new RegExp(`^[${UNSPACED}]`, 'u');
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
  return tokensOf(text).flatMap((token) => token.flatMap(piecesOf));
}

/** The same, by token: what the author separated, and what only case or digits separate. Runs without spaces are whole. */
function tokensOf(text: string): string[][] {
  const tokens: string[][] = [];
  let parts = 0;
  for (const token of plain(text).split(BETWEEN)) {
    const words = (token.match(PART) ?? []).map((part) => (IS_RUN.test(part) ? lower(part) : cut(lower(part))));
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
 * and what begins at any letter of a run without spaces.
 */
export function nameLexemes(name: string): string[] {
  const words = tokensOf(name).flat();
  const found = new Set(words.flatMap((word) => (IS_RUN.test(word) ? tails(word) : [word])));
  for (const index of words.slice(0, 12).keys()) found.add(cut(words.slice(index).join('')));
  found.add(squash(name));
  found.delete('');
  return [...found];
}

/** What a description is found by. */
export function textLexemes(text: string): string[] {
  const found = new Set<string>();
  for (const token of tokensOf(text)) {
    for (const part of token) {
      if (!IS_RUN.test(part)) found.add(part);
      else for (const tail of tails(part)) found.add(tail);
    }
    if (token.length > 1) found.add(cut(token.join('')));
  }
  return [...found];
}

/** Tokens of what somebody looks for, each with its parts and as one word. */
export function queryTokens(term: string): { parts: string[]; whole: string }[] {
  const tokens = tokensOf(term).map((parts) => ({ parts: parts.flatMap(piecesOf), whole: cut(parts.join('')) }));
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
  return letters.map((_, index) => letters.slice(index, index + PIECE_LETTERS).join(''));
}

function piecesOf(part: string): string[] {
  if (!IS_RUN.test(part)) return [part];
  const letters = [...part];
  const starts = Math.ceil(letters.length / PIECE_LETTERS);
  return Array.from({ length: starts }, (_, index) =>
    letters.slice(index * PIECE_LETTERS, (index + 1) * PIECE_LETTERS).join(''),
  );
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
