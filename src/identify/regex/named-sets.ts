import { type CharSet, charsOf, complement, type Span, union } from './char-set.ts';
import { setOfClass } from './unicode-sets.ts';

const span = (from: number, to: number): CharSet => [[from, to]];
const DIGIT = span(0x30, 0x39);
const LOWER = span(0x61, 0x7a);
const UPPER = span(0x41, 0x5a);
const ALPHA = union([LOWER, UPPER]);
const PUNCT = charsOf('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~');

/** ` `, tab, line feed, vertical tab, form feed, carriage return. */
const SPACE: CharSet = union([charsOf(' '), span(0x09, 0x0d)]);
const WORD: CharSet = union([ALPHA, DIGIT, charsOf('_')]);
const HORIZONTAL: CharSet = union([charsOf(' \t\u00a0\u1680\u180e\u202f\u205f\u3000'), span(0x2000, 0x200a)]);
export const VERTICAL: CharSet = union([span(0x0a, 0x0d), charsOf('\u0085\u2028\u2029')]);
/** What `.` does not match, and where lines end. */
export const LINE_ENDS: CharSet = charsOf('\n\r\u0085\u2028\u2029');

/** The classes of POSIX, for ASCII alone as in Java. */
const POSIX: Record<string, CharSet> = {
  Lower: LOWER,
  Upper: UPPER,
  ASCII: span(0, 0x7f),
  Alpha: ALPHA,
  Digit: DIGIT,
  Alnum: union([ALPHA, DIGIT]),
  Punct: PUNCT,
  Graph: span(0x21, 0x7e),
  Print: span(0x20, 0x7e),
  Blank: charsOf(' \t'),
  Cntrl: union([span(0, 0x1f), span(0x7f, 0x7f)]),
  XDigit: union([DIGIT, span(0x41, 0x46), span(0x61, 0x66)]),
  Space: SPACE,
};

/** The same under `(?U)`. */
const POSIX_UNICODE: Record<string, string> = {
  Lower: '[\\p{Lowercase}]',
  Upper: '[\\p{Uppercase}]',
  Alpha: '[\\p{Alphabetic}]',
  Digit: '[\\p{Nd}]',
  Alnum: '[\\p{Alphabetic}\\p{Nd}]',
  Punct: '[\\p{P}]',
  Graph: '[^\\p{White_Space}\\p{Cc}\\p{Cs}\\p{Cn}]',
  Print: '[[^\\p{White_Space}\\p{Cc}\\p{Cs}\\p{Cn}]\\p{Zs}]',
  Blank: '[\\p{Zs}\\t]',
  Cntrl: '[\\p{Cc}]',
  XDigit: '[\\p{Nd}\\p{Hex_Digit}]',
  Space: '[\\p{White_Space}]',
};
const SHORTHANDS: Record<string, CharSet> = { d: DIGIT, w: WORD, s: SPACE, h: HORIZONTAL, v: VERTICAL };
const WORD_UNICODE = '[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]';

/** `java.lang.Character.isXxx` behind `\p{javaXxx}`. */
const JAVA: Record<string, string> = {
  javaLowerCase: '[\\p{Lowercase}]',
  javaUpperCase: '[\\p{Uppercase}]',
  javaAlphabetic: '[\\p{Alphabetic}]',
  javaIdeographic: '[\\p{Ideographic}]',
  javaTitleCase: '[\\p{Lt}]',
  javaDigit: '[\\p{Nd}]',
  javaDefined: '[\\P{Cn}]',
  javaLetter: '[\\p{L}]',
  javaLetterOrDigit: '[\\p{L}\\p{Nd}]',
  javaSpaceChar: '[\\p{Z}]',
  javaWhitespace: '[[\\p{Z}--[\\u00a0\\u2007\\u202f]][\\t-\\r\\u001c-\\u001f]]',
  javaISOControl: '[\\p{Cc}]',
  javaMirrored: '[\\p{Bidi_Mirrored}]',
  javaUnicodeIdentifierStart: '[\\p{ID_Start}]',
  javaUnicodeIdentifierPart: '[\\p{ID_Continue}]',
  javaJavaIdentifierStart: '[\\p{L}\\p{Nl}\\p{Sc}\\p{Pc}]',
  javaJavaIdentifierPart:
    '[\\p{L}\\p{Nl}\\p{Sc}\\p{Pc}\\p{Nd}\\p{Mc}\\p{Mn}\\p{Cf}\\u0000-\\u0008\\u000e-\\u001b\\u007f-\\u009f]',
};

/** Blocks by the names of Java, of the scripts that names and codes are written in. JavaScript knows none. */
const BLOCKS: Record<string, Span> = {
  BASICLATIN: [0, 0x7f],
  LATIN1SUPPLEMENT: [0x80, 0xff],
  LATINEXTENDEDA: [0x100, 0x17f],
  LATINEXTENDEDB: [0x180, 0x24f],
  GREEK: [0x370, 0x3ff],
  GREEKANDCOPTIC: [0x370, 0x3ff],
  CYRILLIC: [0x400, 0x4ff],
  ARMENIAN: [0x530, 0x58f],
  HEBREW: [0x590, 0x5ff],
  ARABIC: [0x600, 0x6ff],
  DEVANAGARI: [0x900, 0x97f],
  THAI: [0xe00, 0xe7f],
  HANGULJAMO: [0x1100, 0x11ff],
  GENERALPUNCTUATION: [0x2000, 0x206f],
  CURRENCYSYMBOLS: [0x20a0, 0x20cf],
  CJKSYMBOLSANDPUNCTUATION: [0x3000, 0x303f],
  HIRAGANA: [0x3040, 0x309f],
  KATAKANA: [0x30a0, 0x30ff],
  CJKUNIFIEDIDEOGRAPHS: [0x4e00, 0x9fff],
  HANGULSYLLABLES: [0xac00, 0xd7af],
  HALFWIDTHANDFULLWIDTHFORMS: [0xff00, 0xffef],
};

/** What a word is of for `\b`: ASCII alone unless `(?U)`, as in Java since 19. */
export const wordSet = (unicode: boolean): CharSet => (unicode ? setOfClass(WORD_UNICODE) : WORD);

/** `\d`, `\w`, `\s` and `\h`, `\v`, in either case; `(?U)` widens the first three. Undefined for another letter. */
export function shorthand(letter: string, unicode: boolean): CharSet | undefined {
  const lower = letter.toLowerCase();
  const wide: Record<string, string> = unicode ? { d: '[\\p{Nd}]', w: WORD_UNICODE, s: '[\\p{White_Space}]' } : {};
  const set = wide[lower] ? setOfClass(wide[lower]) : SHORTHANDS[lower];
  return set && letter !== lower ? complement(set) : set;
}

/**
 * The set behind `\p{name}` of Java: POSIX, `java…` methods, general categories (`Lu`, `IsLu`, `gc=Lu`), scripts (`IsLatin`, `sc=Latin`), binary
 * properties (`IsAlphabetic`) and the more usual blocks (`InGreek`). Undefined for a name that is not known here.
 */
export function namedSet(name: string, unicode: boolean): CharSet | undefined {
  const posix = POSIX[name];
  if (posix) return unicode && POSIX_UNICODE[name] ? setOfClass(POSIX_UNICODE[name]) : posix;
  if (JAVA[name]) return setOfClass(JAVA[name]);
  if (name === 'L1') return span(0, 0xff);
  if (name === 'all') return span(0, 0x10_ffff);
  if (name === 'LC') return setOfClass('[\\p{Lu}\\p{Ll}\\p{Lt}]');
  const block = /^(?:In|(?:block|blk)=)(.+)$/i.exec(name);
  if (block) {
    const found = BLOCKS[(block[1] ?? '').replaceAll(/[\s_-]/g, '').toUpperCase()];
    return found && [found];
  }
  const [, key = '', value = ''] = /^(?:(general_category|gc|script|sc)=)?(.+)$/i.exec(name) ?? [];
  const plain = key === '' ? value.replace(/^Is/, '') : value;
  const spelt = plain.replaceAll(
    /(^|[_\s-])([a-z])/g,
    (_, before: string, c: string) => `${before && '_'}${c.toUpperCase()}`,
  );
  const titled = spelt.replaceAll(/(?<=[A-Z])[A-Z]+/g, (rest) => rest.toLowerCase());
  const candidates = key.toLowerCase().startsWith('s')
    ? [`sc=${plain}`, `sc=${titled}`]
    : key !== ''
      ? [`gc=${plain}`]
      : [plain, `sc=${plain}`, `sc=${titled}`, ...(name.startsWith('Is') ? [spelt, titled] : [])];
  for (const candidate of candidates) {
    try {
      return setOfClass(`[\\p{${candidate}}]`);
    } catch (error) {
      // Not a name of JavaScript's; another spelling may be.
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}
