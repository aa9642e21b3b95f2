import { end, goTo, next, openColumn, start, writeText } from './field';
import { closeLevels, setEnd, setLevels, valuesAt } from './levels';
import { fits, readDecimal, readDouble, readInteger } from './numbers';
import { readDate, readTimestamp, timeFits } from './times';

/** How the fields of a column are read, and how they are written: as in column-code.ts. */
const TEXT: i32 = 0;
const INT64: i32 = 1;
const INT32: i32 = 2;
const DOUBLE: i32 = 3;
const DECIMAL: i32 = 4;
const DATE: i32 = 5;
const TIMESTAMP: i32 = 6;
const BOOLEAN: i32 = 7;

/** Rows whose fields do not fit the type. */
export let odd: i32 = 0;
/** Of integers, dates and times; nothing where there are none. */
export let least: i64 = 0;
export let most: i64 = 0;

/**
 * Writes a column as the body of a Parquet data page (version 1, plain): definition levels, then the values that are there.
 *
 * @param a scale of decimals, digits of a second of timestamps, and for booleans 1 where they may be `t` and `f`
 * @param b precision of decimals, bits of an INT32, 1 for timestamps with their zone
 * @param oddRows address of u32 numbers of the rows with fields that do not fit, which are null here
 */
export function writeColumn(
  column: i32,
  rows: i32,
  crlf: i32,
  kind: i32,
  a: i32,
  b: i32,
  to: usize,
  oddRows: usize,
): void {
  setLevels(rows, 0, to);
  const bitmap = valuesAt - (u32(rows + 7) >> 3);
  openColumn(column, crlf);
  let nulls = 0;
  odd = 0;
  least = i64.MAX_VALUE;
  most = i64.MIN_VALUE;
  let levels: u32 = 0;
  let at = valuesAt;
  let count = 0;
  const bound: i64 = kind === INT32 ? i64(1) << i64(b - 1) : 0;
  for (let row = 0; row < rows; row++) {
    let there: bool = next();
    if (there) {
      if (kind === TEXT) at = writeText(at);
      else if (kind === DOUBLE) {
        store<f64>(at, readDouble());
        there = fits;
        at += there ? 8 : 0;
      } else if (kind === BOOLEAN) {
        const value = a !== 0 && end - start === 1 ? readLetter() : readWord();
        there = value < 2;
        if (there) {
          const byte = at + (count >> 3);
          store<u8>(byte, u32((count & 7) === 0 ? 0 : load<u8>(byte)) | (u32(value) << (count & 7)));
          count += 1;
        }
      } else {
        let value: i64;
        if (kind === INT64 || kind === INT32) {
          value = readInteger();
          there = fits;
          if (kind === INT32 && (value >= bound || value < -bound)) there = false;
        } else if (kind === DATE) {
          value = i64(readDate());
          there = timeFits;
        } else if (kind === TIMESTAMP) {
          value = readTimestamp(u32(a), b === 1);
          there = timeFits;
        } else {
          value = readDecimal(a, b);
          there = fits;
        }
        if (there) {
          if (kind === INT32 || kind === DATE) {
            store<i32>(at, i32(value));
            at += 4;
          } else {
            store<i64>(at, value);
            at += 8;
          }
          least = min(least, value);
          most = max(most, value);
        }
      }
      if (!there) {
        store<u32>(oddRows + (usize(odd) << 2), row);
        odd += 1;
      }
    }
    nulls += i32(!there);
    levels |= u32(there) << (row & 7);
    if ((row & 7) === 7) {
      store<u8>(bitmap + (row >> 3), u8(levels));
      levels = 0;
    }
  }
  if ((rows & 7) !== 0) store<u8>(bitmap + (rows >> 3), u8(levels));
  setEnd(nulls, kind === BOOLEAN ? at + ((count + 7) >> 3) : at);
  closeLevels(rows, to);
}

/** Writes the texts of the odd rows of a column in the same way, all other rows null. */
export function writeOdd(column: i32, rows: i32, crlf: i32, to: usize, oddRows: usize): void {
  setLevels(rows, rows - odd, to);
  const groups = u32(rows + 7) >> 3;
  const bitmap = valuesAt - groups;
  memory.fill(bitmap, 0, groups);
  let at = valuesAt;
  for (let i = 0; i < odd; i++) {
    const row = load<u32>(oddRows + (usize(i) << 2));
    const byte = bitmap + (row >> 3);
    store<u8>(byte, u32(load<u8>(byte)) | (u32(1) << (row & 7)));
    goTo(row, column, crlf);
    at = writeText(at);
  }
  setEnd(rows - odd, at);
  closeLevels(rows, to);
}

/** 1 and 0 for `true` and `false` in any case of letters, 2 for all else. */
function readWord(): i32 {
  const length = end - start;
  if (length !== 4 && length !== 5) return 2;
  const four = load<u32>(start) | 0x20202020;
  if (length === 4) return four === 0x65757274 ? 1 : 2;
  return four === 0x736c6166 && (load<u8>(start, 4) | 32) === 101 ? 0 : 2;
}

/** The same for `t` and `f`. */
function readLetter(): i32 {
  const letter = load<u8>(start);
  return letter === 116 ? 1 : letter === 102 ? 0 : 2;
}
