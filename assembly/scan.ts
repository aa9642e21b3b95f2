/** What a block may hold that cannot be read here; the rows are left to another reader then. */
export const ODD_FIELDS: i32 = -1;
export const ODD_QUOTES: i32 = -2;
export const ODD_LINE_ENDS: i32 = -3;
export const ODD_BYTES: i32 = -4;

/** What a carriage return outside of quotes is; as in block-reader.ts. Otherwise there may be none. */
const RETURN_ENDS_LINE: i32 = 1;
const RETURN_IS_DATA: i32 = 2;

/** Quotes of the last block: only where there are any, fields need to be looked into. */
export let quotes: i32 = 0;

/** Bits of the bytes of 64 that equal `byte`. */
// @ts-ignore: decorator
@inline
function equal64(a: v128, b: v128, c: v128, d: v128, byte: v128): u64 {
  return (
    u64(i8x16.bitmask(i8x16.eq(a, byte))) |
    (u64(i8x16.bitmask(i8x16.eq(b, byte))) << 16) |
    (u64(i8x16.bitmask(i8x16.eq(c, byte))) << 32) |
    (u64(i8x16.bitmask(i8x16.eq(d, byte))) << 48)
  );
}

/** Each bit the parity of those up to it: what lies between an odd quote and the next one (Langdale and Lemire, 2019, without the carry-less product). */
// @ts-ignore: decorator
@inline
function parity(bits: u64): u64 {
  bits ^= bits << 1;
  bits ^= bits << 2;
  bits ^= bits << 4;
  bits ^= bits << 8;
  bits ^= bits << 16;
  return bits ^ (bits << 32);
}

/**
 * Finds the ends of all fields of a block of whole records, 64 bytes at once.
 *
 * @param from its first byte; at least 64 bytes behind its last one may be read
 * @param ends address of its u32 positions: the byte before the block, then each separator; relative to `from`
 * @param returns what carriage returns are
 * @returns how many records there are, or one of the negative numbers above
 */
export function scan(from: usize, bytes: i32, delimiter: i32, quote: i32, columns: i32, returns: i32, ends: usize): i32 {
  const crlf = i32(returns === RETURN_ENDS_LINE);
  const delimiters = i8x16.splat(i8(delimiter));
  const newlines = i8x16.splat(10);
  const thirteen = i8x16.splat(13);
  const marks = i8x16.splat(i8(quote));
  store<u32>(ends, u32(-1));
  let to = ends + 4;
  let found = 0;
  let rows = 0;
  let expected = columns - 1;
  let inside: u64 = 0;
  let foreign: bool = false;
  let returned = 0;
  quotes = 0;
  for (let at = 0; at < bytes; at += 64) {
    const a = v128.load(from + at);
    const b = v128.load(from + at, 16);
    const c = v128.load(from + at, 32);
    const d = v128.load(from + at, 48);
    const within: u64 = bytes - at >= 64 ? ~u64(0) : (u64(1) << u64(bytes - at)) - 1;
    let lines = equal64(a, b, c, d, newlines) & within;
    let fields = equal64(a, b, c, d, delimiters) & within;
    let ended = equal64(a, b, c, d, thirteen) & within;
    if (v128.any_true(v128.and(v128.or(v128.or(a, b), v128.or(c, d)), i8x16.splat(-128)))) foreign = true;
    const quoted = equal64(a, b, c, d, marks) & within;
    if ((quoted | inside) !== 0) {
      quotes += i32(popcnt(quoted));
      const hidden = parity(quoted) ^ inside;
      inside = u64(i64(hidden) >> 63);
      lines &= ~hidden;
      fields &= ~hidden;
      ended &= ~hidden;
    }
    let all = lines | fields;
    while (lines !== 0) {
      const bit = lines & (0 - lines);
      const before = all & (bit - 1);
      if (found + i32(popcnt(before)) !== expected) return ODD_FIELDS;
      expected += columns;
      rows += 1;
      lines ^= bit;
    }
    let place = at;
    found += i32(popcnt(all));
    while (all !== 0) {
      store<u32>(to, u32(place + i32(ctz(all))));
      to += 4;
      all &= all - 1;
    }
    returned += i32(popcnt(ended));
  }
  if (inside !== 0) return ODD_QUOTES;
  if (found !== rows * columns) return ODD_FIELDS;
  if (returns !== RETURN_IS_DATA && returned !== crlf * rows) return ODD_LINE_ENDS;
  if (crlf !== 0) {
    // Fields of the last column end before the carriage return; those of the first begin a byte later.
    store<u32>(ends, u32(-2));
    for (let row = 1; row <= rows; row++) {
      const end = ends + ((row * columns) << 2);
      const at = load<u32>(end) - 1;
      if (load<u8>(from + at) !== 13) return ODD_LINE_ENDS;
      store<u32>(end, at);
    }
  }
  if (quotes !== 0 && quotesOf(from, ends, rows, columns, crlf, u8(quote)) !== quotes) return ODD_QUOTES;
  if (foreign && !isUtf8(from, bytes)) return ODD_BYTES;
  return rows;
}

/** Quotes of fields that begin and end with one and hold only pairs of them; -1 when one holds others. */
function quotesOf(from: usize, ends: usize, rows: i32, columns: i32, crlf: i32, quote: u8): i32 {
  let seen = 0;
  let at = ends;
  for (let row = 0; row < rows; row++) {
    let start = from + i32(load<u32>(at)) + 1 + crlf;
    for (let column = 0; column < columns; column++) {
      at += 4;
      const end = from + load<u32>(at);
      if (start < end && load<u8>(start) === quote) {
        if (end - start < 2 || load<u8>(end - 1) !== quote) return -1;
        seen += 2;
        for (let i = start + 1; i < end - 1; i++) {
          if (load<u8>(i) !== quote) continue;
          if (i + 1 >= end - 1 || load<u8>(i + 1) !== quote) return -1;
          seen += 2;
          i += 1;
        }
      }
      start = end + 1;
    }
  }
  return seen;
}

/** RFC 3629: no overlong forms, no surrogates, nothing beyond U+10FFFF. */
function isUtf8(from: usize, bytes: i32): bool {
  const to = from + bytes;
  let at = from;
  while (at < to) {
    // 16 bytes of ASCII at once.
    while (at + 16 <= to && !v128.any_true(v128.and(v128.load(at), i8x16.splat(-128)))) at += 16;
    if (at >= to) break;
    const first = u32(load<u8>(at));
    if (first < 0x80) {
      at += 1;
      continue;
    }
    const second = u32(load<u8>(at, 1));
    if (first >= 0xc2 && first < 0xe0) {
      if ((second & 0xc0) !== 0x80) return false;
      at += 2;
    } else if (first >= 0xe0 && first < 0xf0) {
      if ((second & 0xc0) !== 0x80 || (u32(load<u8>(at, 2)) & 0xc0) !== 0x80) return false;
      if ((first === 0xe0 && second < 0xa0) || (first === 0xed && second >= 0xa0)) return false;
      at += 3;
    } else if (first >= 0xf0 && first < 0xf5) {
      if ((second & 0xc0) !== 0x80 || (u32(load<u8>(at, 2)) & 0xc0) !== 0x80) return false;
      if ((u32(load<u8>(at, 3)) & 0xc0) !== 0x80) return false;
      if ((first === 0xf0 && second < 0x90) || (first === 0xf4 && second >= 0x90)) return false;
      at += 4;
    } else return false;
  }
  // A character that was cut off would have been ended by the newline behind it, which is no byte of one.
  return true;
}
