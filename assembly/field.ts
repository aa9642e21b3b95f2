/** Where the fields of the column lie that is read now, and what is written of them. */
let from: usize = 0;
let ends: usize = 0;
let stride: usize = 0;
let lead: usize = 0;
let quote: u8 = 0;
let quoted: bool = false;
let nullBytes: usize = 0;
let nullText: u64 = 0;
let nullMask: u64 = 0;

/** The field that was looked at last, without its quotes. */
export let start: usize = 0;
export let end: usize = 0;
export let inQuotes: bool = false;

/**
 * @param fields positions of a row: its columns, and one more where what ends before it is told for each row
 * @param mark the quote; 0 where no field of the block has one
 * @param text of unquoted nulls, up to 8 bytes, the first in the lowest byte
 */
export function openBlock(block: usize, positions: usize, fields: i32, mark: i32, length: i32, text: u64): void {
  from = block;
  ends = positions;
  stride = usize(fields) << 2;
  quote = u8(mark);
  quoted = mark !== 0;
  nullBytes = usize(length);
  nullText = text;
  nullMask = length >= 8 ? ~u64(0) : (u64(1) << (u64(length) << 3)) - 1;
}

let at: usize = 0;

/** 16 bytes of ones, then 16 of zeros: from within it the mask of the first bytes of a vector. */
const MASKS = memory.data<u64>([~0, ~0, 0, 0]);

/** Of the texts that were written of this column: the bits of all their bytes, whether any is a capital of ASCII, whether one is empty or has white space at an end. */
let allBits: v128 = i8x16.splat(0);
let capitals: v128 = i8x16.splat(0);
let edges: bool = false;

/** What the texts of the column are, as in block-reader.ts: 1 where there are bytes beyond ASCII, 2 where there are capitals, 4 where ends are white or missing. */
export function textBits(): i32 {
  return (
    i32(i8x16.bitmask(allBits) !== 0) | (i32(v128.any_true(capitals)) << 1) | (i32(edges) << 2)
  );
}

// @ts-ignore: decorator
@inline
function look(bytes: v128): void {
  allBits = v128.or(allBits, bytes);
  capitals = v128.or(capitals, i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(65)), i8x16.splat(26)));
}

export function openColumn(column: i32, crlf: i32): void {
  allBits = i8x16.splat(0);
  capitals = i8x16.splat(0);
  edges = false;
  at = ends + (usize(column) << 2);
  lead = usize(column === 0 ? 1 + crlf : 1);
}

/** Goes to the field of the next row. @returns false where it is null */
// @ts-ignore: decorator
@inline
export function next(): bool {
  let s = from + usize(i32(load<u32>(at))) + lead;
  let e = from + usize(load<u32>(at, 4));
  at += stride;
  if (quoted && s < e && load<u8>(s) === quote) {
    start = s + 1;
    end = e - 1;
    inQuotes = true;
    return true;
  }
  start = s;
  end = e;
  inQuotes = false;
  return e - s !== nullBytes || (nullBytes !== 0 && (load<u64>(s) & nullMask) !== nullText);
}

/** Goes to the field of a row. */
export function goTo(row: i32, column: i32, crlf: i32): void {
  openColumn(column, crlf);
  at += usize(row) * stride;
  next();
}

/** Writes the field as Parquet does (plain BYTE_ARRAY): its length, then its bytes; pairs of quotes as one. @returns the address behind */
// @ts-ignore: decorator
@inline
export function writeText(to: usize): usize {
  const bytes = end - start;
  if (bytes === 0 || load<u8>(start) <= 32 || load<u8>(end - 1) <= 32) edges = true;
  if (inQuotes) return writeQuoted(to);
  store<u32>(to, u32(bytes));
  to += 4;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const some = v128.load(start + i);
    v128.store(to + i, some);
    look(some);
  }
  if (i < bytes) {
    const some = v128.load(start + i);
    v128.store(to + i, some);
    look(v128.and(some, v128.load(MASKS + 16 - (bytes - i))));
  }
  return to + bytes;
}

function writeQuoted(to: usize): usize {
  const length = to;
  to += 4;
  for (let i = start; i < end; i++) {
    const byte = load<u8>(i);
    store<u8>(to, byte);
    look(v128.and(i8x16.splat(i8(byte)), v128.load(MASKS + 15)));
    to += 1;
    if (byte === quote) i += 1;
  }
  store<u32>(length, u32(to - length - 4));
  return to;
}
