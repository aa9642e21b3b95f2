/** Encodings of Unicode that are told by their bytes alone. */
export type UnicodeEncoding = 'UTF-8' | 'UTF-16LE' | 'UTF-16BE' | 'UTF-32LE' | 'UTF-32BE';

/** Byte order marks, the longer ones first: that of UTF-32LE begins with that of UTF-16LE. */
const MARKS: readonly [UnicodeEncoding | 'GB18030', readonly number[]][] = [
  ['UTF-32LE', [0xff, 0xfe, 0, 0]],
  ['UTF-32BE', [0, 0, 0xfe, 0xff]],
  ['GB18030', [0x84, 0x31, 0x95, 0x33]],
  ['UTF-8', [0xef, 0xbb, 0xbf]],
  ['UTF-16LE', [0xff, 0xfe]],
  ['UTF-16BE', [0xfe, 0xff]],
];

/** The encoding that a byte order mark at the beginning names, and the length of the mark. Pure. */
export function markOf(head: Uint8Array): { encoding: UnicodeEncoding | 'GB18030'; bytes: number } | undefined {
  const found = MARKS.find(([, mark]) => mark.every((byte, i) => head[i] === byte));
  return found && { encoding: found[0], bytes: found[1].length };
}

/** NULs among the ones that a place within four bytes can hold: a text of UTF-16 or UTF-32 has them where its ASCII has none. */
const MOSTLY = 0.9;
/** Half of the line ends and delimiters of a Chinese table in UTF-16 are NULs: a hundredth of its bytes and more. */
const LEAST_NULS = 0.01;

/**
 * UTF-16 or UTF-32 without a mark, by where the NULs are: every character has some in UTF-32, every ASCII character one in UTF-16,
 * and all on the same side. Undefined for anything else. Pure.
 */
export function wideEncodingOf(head: Uint8Array): Exclude<UnicodeEncoding, 'UTF-8'> | undefined {
  const length = head.length - (head.length % 4);
  if (length < 4) return head.length === 2 ? shortWide(head) : undefined;
  const nuls = [0, 0, 0, 0];
  for (let at = 0; at < length; at++) if (head[at] === 0) nuls[at % 4] = (nuls[at % 4] ?? 0) + 1;
  const [a = 0, b = 0, c = 0, d = 0] = nuls;
  const units = length / 4;
  if (a > MOSTLY * units && b > MOSTLY * units && d === 0) return 'UTF-32BE';
  if (d > MOSTLY * units && c > MOSTLY * units && a === 0) return 'UTF-32LE';
  const [even, odd] = [a + c, b + d];
  if (even + odd < LEAST_NULS * length) return undefined;
  if (odd > 10 * even && isUtf16(head, true)) return 'UTF-16LE';
  if (even > 10 * odd && isUtf16(head, false)) return 'UTF-16BE';
  return undefined;
}

const shortWide = (head: Uint8Array): 'UTF-16LE' | 'UTF-16BE' | undefined =>
  head[1] === 0 && head[0] !== 0 ? 'UTF-16LE' : head[0] === 0 && head[1] !== 0 ? 'UTF-16BE' : undefined;

/** Surrogates come in pairs, control characters are rare, and a line feed has its NUL: one byte in a text that only holds some NULs. */
function isUtf16(head: Uint8Array, little: boolean): boolean {
  let odd = 0;
  let controls = 0;
  let lineFeeds = 0;
  const units = Math.floor(head.length / 2);
  for (let i = 0; i < units; i++) {
    const [first = 0, second = 0] = [head[2 * i], head[2 * i + 1]];
    const unit = little ? first | (second << 8) : (first << 8) | second;
    if (unit === 10) lineFeeds++;
    if (unit >= 0xd800 && unit < 0xdc00) {
      if (i + 1 < units) {
        const next = head[little ? 2 * i + 3 : 2 * i + 2] ?? 0;
        if (next >= 0xdc && next < 0xe0) i++;
        else odd++;
      }
    } else if ((unit >= 0xdc00 && unit < 0xe000) || unit >= 0xfffe) odd++;
    else if (unit < 9 || (unit > 13 && unit < 27)) controls++;
  }
  const nuls = head.reduce((sum, byte) => sum + (byte === 0 ? 1 : 0), 0);
  const feeds = head.reduce((sum, byte) => sum + (byte === 10 ? 1 : 0), 0);
  const isWritten = feeds === 0 ? nuls * 5 > head.length : lineFeeds > 0;
  return isWritten && odd <= units / 200 && controls <= units / 50;
}

export interface Utf8Facts {
  /** Valid sequences of two bytes and more. */
  sequences: number;
  /** Bytes that are part of none. */
  invalid: number;
  /** The window ended within a sequence that was valid so far. */
  cut: boolean;
}

/**
 * Counts what is UTF-8 (RFC 3629) beyond ASCII, and what is not. A window from the middle of a file may begin within a
 * sequence: up to three continuation bytes at its start are passed over. Pure.
 */
export function lookAtUtf8(bytes: Uint8Array, fromMiddle: boolean): Utf8Facts {
  let at = 0;
  if (fromMiddle) while (at < 3 && at < bytes.length && ((bytes[at] ?? 0) & 0xc0) === 0x80) at++;
  const facts: Utf8Facts = { sequences: 0, invalid: 0, cut: false };
  while (at < bytes.length) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) {
      at++;
      continue;
    }
    const more =
      lead >= 0xc2 && lead <= 0xdf ? 1 : lead >= 0xe0 && lead <= 0xef ? 2 : lead >= 0xf0 && lead <= 0xf4 ? 3 : 0;
    let good = 0;
    while (good < more && at + 1 + good < bytes.length && follows(lead, good, bytes[at + 1 + good] ?? 0)) good++;
    if (more > 0 && good === more) {
      facts.sequences++;
      at += more + 1;
    } else if (more > 0 && at + 1 + good === bytes.length) {
      facts.cut = true;
      at = bytes.length;
    } else {
      facts.invalid++;
      at++;
    }
  }
  return facts;
}

/** Of the second byte some leads allow a part only: no overlong forms, no surrogates, nothing beyond U+10FFFF. */
function follows(lead: number, place: number, byte: number): boolean {
  if (place > 0) return (byte & 0xc0) === 0x80;
  const [low, high] =
    lead === 0xe0
      ? [0xa0, 0xbf]
      : lead === 0xed
        ? [0x80, 0x9f]
        : lead === 0xf0
          ? [0x90, 0xbf]
          : lead === 0xf4
            ? [0x80, 0x8f]
            : [0x80, 0xbf];
  return byte >= low && byte <= high;
}
