import { collectTokens, guessLegacy } from './legacy.ts';
import { lookAtUtf8, markOf, wideEncodingOf } from './unicode.ts';

/** How the text of a file is encoded, how sure that is, and what it rests on. */
export interface FoundEncoding {
  encoding: string;
  /** Between 0 and 1. */
  confidence: number;
  /** In words: `byte order mark`, `valid UTF-8`, … */
  basis: string;
  /** Another encoding that would do nearly as well; '' when there is none. */
  alternative: string;
  /** The bytes looked at hold some that are invalid in this encoding. */
  hasInvalid: boolean;
  /** What somebody said that it is, where its byte order mark says otherwise. */
  notTold?: string;
}

/** Bytes of a file: its beginning, and windows from further on. */
export interface Sample {
  head: Uint8Array;
  windows?: readonly Uint8Array[];
}

/** Control characters that no text has much of: two in a hundred bytes are no text. */
const MOST_CONTROLS = 0.02;
/** One invalid byte in twenty sequences beyond ASCII is damage to a UTF-8 text; more is another encoding. */
const MOST_INVALID = 1 / 20;
/** Below this the next best encoding is named as well. */
export const SURE = 0.9;

const told = (encoding: string, basis: string, confidence = 1, hasInvalid = false): FoundEncoding => ({
  encoding,
  confidence,
  basis,
  alternative: '',
  hasInvalid,
});

/**
 * The encoding of a text by its bytes. In this order: a byte order mark; the places of NULs (UTF-16, UTF-32); escapes of
 * ISO-2022-JP; UTF-8 that is valid, or damaged in few places; else the encoding in which the words beyond ASCII are most likely.
 * `binary` when it is no text, `EBCDIC` when it is one of a mainframe, which is not decoded here. Pure.
 */
export function detectEncoding({ head, windows = [] }: Sample): FoundEncoding | 'binary' | 'EBCDIC' {
  const mark = markOf(head);
  if (mark) {
    const hasInvalid =
      mark.encoding === 'UTF-8' && [head, ...windows].some((one, i) => lookAtUtf8(one, i > 0).invalid > 0);
    return told(mark.encoding, 'byte order mark', 1, hasInvalid);
  }
  const wide = wideEncodingOf(head);
  if (wide) return told(wide, 'places of the NUL bytes', 0.99);
  if (isEbcdic(head)) return 'EBCDIC';
  if (shareOfControls(head) > MOST_CONTROLS) return 'binary';
  if (hasJapaneseEscapes(head)) return told('ISO-2022-JP', 'escape sequences', 0.99);
  const looks = [head, ...windows].map((one, i) => lookAtUtf8(one, i > 0));
  const sequences = looks.reduce((sum, one) => sum + one.sequences, 0);
  const invalid = looks.reduce((sum, one) => sum + one.invalid, 0);
  if (invalid === 0)
    return sequences === 0
      ? told('UTF-8', 'ASCII only')
      : told('UTF-8', 'valid UTF-8', 1 - 0.1 ** Math.min(sequences + 1, 4));
  if (invalid <= sequences * MOST_INVALID) return told('UTF-8', 'nearly all valid UTF-8', 0.95, true);
  const tokens = new Set<string>();
  for (const [i, bytes] of [head, ...windows].entries()) collectTokens(i === 0 ? bytes : fromNextLine(bytes), tokens);
  const guess = guessLegacy(tokens);
  if (!guess) return 'binary';
  return {
    encoding: guess.encoding,
    confidence: guess.confidence,
    basis: 'frequency of characters',
    alternative: guess.confidence < SURE ? guess.alternative : '',
    hasInvalid: false,
  };
}

/** What an encoding rests on that somebody named. */
export const TOLD = 'as the job said';

/** The same where somebody named the encoding. A byte order mark goes before that. Pure. */
export function takeEncoding(encoding: string, { head, windows = [] }: Sample): FoundEncoding | 'binary' | 'EBCDIC' {
  const mark = markOf(head);
  // UTF-16 alone says nothing of the order of its bytes.
  if (mark && mark.encoding.slice(0, 6) !== encoding.slice(0, 6)) {
    const found = detectEncoding({ head, windows });
    return typeof found === 'string' ? found : { ...found, notTold: encoding };
  }
  if (!/^UTF-(16|32)/.test(encoding) && shareOfControls(head) > MOST_CONTROLS) return 'binary';
  const hasInvalid = encoding === 'UTF-8' && [head, ...windows].some((one, i) => lookAtUtf8(one, i > 0).invalid > 0);
  return told(mark?.encoding ?? encoding, TOLD, 1, hasInvalid);
}

/** NULs are counted apart: a text may hold some where a program filled its fields with them. */
function shareOfControls(bytes: Uint8Array): number {
  let controls = 0;
  let nuls = 0;
  for (const byte of bytes) {
    if (byte === 0) nuls++;
    // Tab, line ends, form feed, the end of CP/M, escape, and the separators of records are met in text.
    else if (byte < 9 && byte > 1) controls++;
    else if ((byte > 13 && byte < 26) || byte === 0x7f) controls++;
  }
  return bytes.length === 0 ? 0 : Math.max(controls / bytes.length, nuls / bytes.length - 0.1);
}

/** Letters, digits, blanks, delimiters and line ends of EBCDIC nearly everywhere, and no blank or line end of ASCII. */
function isEbcdic(bytes: Uint8Array): boolean {
  if (bytes.length < 16 || bytes.includes(0x0a) || bytes.includes(0x20)) return false;
  const known = bytes.reduce((sum, byte) => sum + (isOfEbcdic(byte) ? 1 : 0), 0);
  return known >= bytes.length * 0.95;
}

const isOfEbcdic = (byte: number): boolean =>
  [0x0d, 0x15, 0x25, 0x40, 0x4b, 0x4f, 0x5e, 0x60, 0x61, 0x6b, 0x7f].includes(byte) ||
  (byte >= 0xf0
    ? byte <= 0xf9
    : byte >= 0x81 && (byte & 0x0f) >= (byte >> 4 === 0xa || byte >> 4 === 0xe ? 2 : 1) && (byte & 0x0f) <= 9);

/** ESC $ B or ESC $ @ opens, ESC ( B or ESC ( J closes. */
function hasJapaneseEscapes(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  return (text.includes('\x1b$B') || text.includes('\x1b$@')) && (text.includes('\x1b(B') || text.includes('\x1b(J'));
}

const fromNextLine = (bytes: Uint8Array): Uint8Array => bytes.subarray(bytes.indexOf(10) + 1);

/** A sentence for the profile when the encoding is no more than likely, or not as somebody said; undefined when it is sure. */
export function doubtOf({ encoding, confidence, alternative, notTold }: FoundEncoding): string | undefined {
  if (notTold !== undefined)
    return `it was read as ${encoding}, whose byte order mark it begins with, and not as ${notTold}, as the job said`;
  if (confidence >= SURE || alternative === '') return undefined;
  return `the encoding is not sure: the text was read as ${encoding} (${Math.round(confidence * 100)} %), ${alternative} would do nearly as well; save the file as UTF-8 to be sure`;
}
