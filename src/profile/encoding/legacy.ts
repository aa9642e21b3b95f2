import { decoderOf } from './labels.ts';
import { type Language, SINGLE_BYTE, WIDE_CHARSETS, type WideCharset } from './languages.ts';

export interface Guess {
  encoding: string;
  /** Between 0 and 1: against all other encodings that would make another text of it. */
  confidence: number;
  /** The next best that makes another text of it. */
  alternative: string;
}

/** So many different words say enough; more of the same language add nothing. */
const MOST_TOKENS = 2_000;
const LONGEST_TOKEN = 200;

/**
 * Different words with bytes beyond ASCII. Words end at bytes that no encoding uses within a character: Shift-JIS, GB18030
 * and Big5 have letters and brackets for second bytes, GB18030 digits, and none of them white space or punctuation below `0`.
 */
export function collectTokens(bytes: Uint8Array, into: Set<string>): void {
  let start = 0;
  let high = false;
  for (let at = 0; at <= bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x80) high = true;
    if (byte >= 0x40 || (byte >= 0x30 && byte <= 0x39)) continue;
    if (high && at - start <= LONGEST_TOKEN)
      into.add(Buffer.from(bytes.buffer, bytes.byteOffset + start, at - start).toString('latin1'));
    if (into.size >= MOST_TOKENS) return;
    start = at + 1;
    high = false;
  }
}

/**
 * The encoding in which the words are most likely text: each candidate decodes them, and each character costs as many bits
 * as it is rare in the languages written in that encoding, more where it stands oddly. So a short Shift-JIS
 * name is not taken for a row of accented Latin letters. Undefined when there are no words. Pure.
 */
export function guessLegacy(tokens: ReadonlySet<string>): Guess | undefined {
  if (tokens.size === 0) return undefined;
  const bytes = Buffer.from([...tokens].join('\n'), 'latin1');
  const judged = [
    ...SINGLE_BYTE.map(({ encoding, languages, rare }) => {
      const text = decode(encoding, bytes);
      return { encoding, text, bits: rare + Math.min(...languages.map((one) => singleByteBits(text, one))) };
    }),
    ...WIDE_CHARSETS.map((charset) => {
      const text = decode(charset.encoding, bytes);
      return { encoding: charset.encoding, text, bits: charset.rare + wideBits(text, charset) };
    }),
  ].sort((a, b) => a.bits - b.bits);
  const [lightest] = judged;
  // Where several make the same text of it, it is the usual one of them.
  const same = judged.filter(({ text }) => text === lightest?.text);
  const best = ALL.map(({ encoding }) => same.find((one) => one.encoding === encoding)).find(
    (one) => one !== undefined,
  );
  if (!best || !lightest) return undefined;
  const others = judged.filter(({ text }) => text !== best.text);
  // Words of a text hang together: they are worth half of what as many of chance would be.
  const against = others.reduce((sum, { bits }) => sum + 2 ** ((lightest.bits - bits) / 2), 0);
  const isLatin1 = best.encoding === 'windows-1252' && !bytes.some((byte) => byte >= 0x80 && byte < 0xa0);
  return {
    encoding: isLatin1 ? 'ISO-8859-1' : best.encoding,
    confidence: 1 / (1 + against),
    alternative: others[0]?.encoding ?? '',
  };
}

/** The usual ones first. */
const ALL = [...SINGLE_BYTE, ...WIDE_CHARSETS].sort((a, b) => a.rare - b.rare);

const decode = (encoding: string, bytes: Uint8Array): string => decoderOf(encoding).decode(bytes);

const TYPOGRAPHY = '’“”„–—…«»€£°§®©²³½‘·´¿¡';
const ODD_BITS = 16;
const BROKEN_BITS = 24;

function singleByteBits(text: string, language: Language): number {
  const costs = costsOf(language);
  let bits = 0;
  let before = '\n';
  for (const char of text) {
    if (char > '\x7f') bits += letterBits(char, before, costs, language);
    else if (language.among === 'themselves' && before > '\x7f' && isLetter(char)) bits += 6;
    before = char;
  }
  return bits;
}

function letterBits(char: string, before: string, costs: ReadonlyMap<string, number>, { among }: Language): number {
  const lower = char.toLowerCase();
  const known = costs.get(lower);
  if (known === undefined) return unknownBits(char);
  let bits = known;
  const isFirst = !isLetter(before);
  if (lower !== char) bits += isFirst || before !== before.toLowerCase() ? 2 : 8;
  else if (!isFirst && before !== before.toLowerCase() && before > '\x7f' && among === 'themselves') bits += 2;
  if (among === 'themselves') bits += /[A-Za-z]/.test(before) ? 6 : 0;
  else if (before > '\x7f' && !isFirst) bits += 4;
  return bits;
}

function unknownBits(char: string): number {
  if (char === '\ufffd' || (char >= '\x80' && char < '\xa0')) return BROKEN_BITS;
  if (TYPOGRAPHY.includes(char)) return 9;
  return isLetter(char) ? 13 : ODD_BITS;
}

const isLetter = (char: string): boolean => /\p{L}/u.test(char);

const kept = new Map<Language, ReadonlyMap<string, number>>();

/** Bits of each letter: their shares fall with the rank, and a twelfth is left for what is not a letter of the language. */
function costsOf(language: Language): ReadonlyMap<string, number> {
  const known = kept.get(language);
  if (known) return known;
  const letters = [...language.letters];
  const weights = letters.map((_, rank) => 1 / (rank + 3));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const costs = new Map(letters.map((letter, rank) => [letter, -Math.log2((0.92 * (weights[rank] ?? 0)) / total)]));
  kept.set(language, costs);
  return costs;
}

function wideBits(text: string, charset: WideCharset): number {
  const { common, everyday } = charactersOf(charset);
  let bits = 0;
  let before = '';
  for (const char of text) {
    if (char > '\x7f') {
      if (char === '\ufffd') bits += BROKEN_BITS;
      else if (charset.script?.test(char)) bits += 7;
      else if (common.has(char)) bits += 10;
      // Half-width kana of old systems come in rows.
      else if (char >= '\uff61' && char <= '\uff9f') bits += before >= '\uff61' && before <= '\uff9f' ? 7 : 11;
      else if (/[\u3000-\u303f\uff01-\uff5e]/.test(char)) bits += 10;
      else if (everyday.has(char)) bits += 13;
      else bits += 20;
    }
    before = char;
  }
  return bits;
}

const keptSets = new Map<WideCharset, { common: Set<string>; everyday: Set<string> }>();

function charactersOf(charset: WideCharset): { common: Set<string>; everyday: Set<string> } {
  const known = keptSets.get(charset);
  if (known) return known;
  const [from, to] = charset.everyday;
  const bytes: number[] = [];
  for (let lead = from; lead <= to; lead++) for (let trail = 0xa1; trail < 0xff; trail++) bytes.push(lead, trail);
  if (charset.encoding === 'Shift_JIS' || charset.encoding === 'Big5')
    for (let lead = from; lead <= to; lead++) for (let trail = 0x40; trail < 0x7f; trail++) bytes.push(lead, trail);
  if (charset.encoding === 'Shift_JIS')
    for (let lead = from; lead <= to; lead++) for (let trail = 0x80; trail < 0xa1; trail++) bytes.push(lead, trail);
  const sets = { common: new Set(charset.common), everyday: new Set(decode(charset.encoding, Uint8Array.from(bytes))) };
  keptSets.set(charset, sets);
  return sets;
}
