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

export function openColumn(column: i32, crlf: i32): void {
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
  if (inQuotes) return writeQuoted(to);
  store<u32>(to, u32(bytes));
  to += 4;
  for (let i: usize = 0; i < bytes; i += 16) v128.store(to + i, v128.load(start + i));
  return to + bytes;
}

function writeQuoted(to: usize): usize {
  const length = to;
  to += 4;
  for (let i = start; i < end; i++) {
    const byte = load<u8>(i);
    store<u8>(to, byte);
    to += 1;
    if (byte === quote) i += 1;
  }
  store<u32>(length, u32(to - length - 4));
  return to;
}
