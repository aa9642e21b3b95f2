import { end, next, openColumn, start, writeText } from './field';
import { closeLevels, packBits, setLevels, valuesAt } from './levels';

/** More different texts than this, or than a quarter of the rows where they are many, and a column is written plainly. */
const MOST_TEXTS: i32 = 8_192;
const FEW_TEXTS: i32 = 256;

const SLOTS: usize = 4 * 16_384;
const slots = memory.data(65_536);
const starts = memory.data(32_768);
const lengths = memory.data(32_768);

/** Of the column that was written last: its dictionary page, and how many texts it holds. */
export let textsAt: usize = 0;
export let textsEnd: usize = 0;
export let texts: i32 = 0;

/**
 * Writes a column of texts that repeat as the bodies of two Parquet pages: the dictionary of its texts, and the data page of definition levels and
 * of bit-packed places in the dictionary (RLE_DICTIONARY).
 *
 * @param gap bytes to leave between the two, for a header
 * @param codes address of 2 bytes a row
 * @returns false where the texts do not repeat enough; nothing is written then
 */
export function writeDictionary(column: i32, rows: i32, crlf: i32, to: usize, gap: usize, codes: usize): bool {
  memory.fill(slots, 0, SLOTS);
  openColumn(column, crlf);
  textsAt = to;
  texts = 0;
  const most = max(min(MOST_TEXTS, rows >> 2), FEW_TEXTS);
  let at = to;
  let values = 0;
  let levels: u32 = 0;
  const bitmap = codes + (usize(rows) << 1) + 16;
  for (let row = 0; row < rows; row++) {
    const there: bool = next();
    if (there) {
      const length = end - start;
      let slot = slots + ((hashOf(start, length) & 16_383) << 2);
      let place: i32;
      for (;;) {
        place = i32(load<u32>(slot)) - 1;
        if (place < 0 || isSame(place, length)) break;
        slot += 4;
        if (slot === slots + SLOTS) slot = slots;
      }
      if (place < 0) {
        if (texts >= most) return false;
        place = texts;
        store<u32>(slot, place + 1);
        store<u32>(starts + (usize(place) << 2), u32(start));
        store<u32>(lengths + (usize(place) << 2), u32(length));
        at = writeText(at);
        texts += 1;
      }
      store<u16>(codes + (usize(values) << 1), u16(place));
      values += 1;
    }
    levels |= u32(there) << (row & 7);
    if ((row & 7) === 7) {
      store<u8>(bitmap + (row >> 3), u8(levels));
      levels = 0;
    }
  }
  if ((rows & 7) !== 0) store<u8>(bitmap + (rows >> 3), u8(levels));
  textsEnd = at;
  setLevels(rows, rows - values, at + gap);
  memory.copy(valuesAt - (u32(rows + 7) >> 3), bitmap, u32(rows + 7) >> 3);
  packBits(codes, values, texts);
  closeLevels(rows, at + gap);
  return true;
}

/** Any good hash will do: it is seen by nobody. */
// @ts-ignore: decorator
@inline
function hashOf(at: usize, length: usize): u32 {
  let hash: u64 = u64(length) * 0x9e3779b97f4a7c15;
  let left = length;
  while (left > 8) {
    hash = (hash ^ load<u64>(at)) * 0xff51afd7ed558ccd;
    hash ^= hash >> 32;
    at += 8;
    left -= 8;
  }
  if (left > 0) hash = (hash ^ (load<u64>(at) << ((8 - u64(left)) << 3))) * 0xff51afd7ed558ccd;
  hash ^= hash >> 29;
  hash *= 0xc4ceb9fe1a85ec53;
  return u32(hash >> 40);
}

// @ts-ignore: decorator
@inline
function isSame(place: i32, length: usize): bool {
  if (usize(load<u32>(lengths + (usize(place) << 2))) !== length) return false;
  let a = start;
  let b = usize(load<u32>(starts + (usize(place) << 2)));
  let left = length;
  while (left >= 8) {
    if (load<u64>(a) !== load<u64>(b)) return false;
    a += 8;
    b += 8;
    left -= 8;
  }
  if (left === 0) return true;
  const beyond = (8 - u64(left)) << 3;
  return load<u64>(a) << beyond === load<u64>(b) << beyond;
}
