import { closeLevels, setEnd, setLevels, valuesAt } from './levels';

const K: u64 = 0xd6e8feb86659fd93;

/** A whole number as DuckDB 1.5 hashes it (`src/profile/row-hash.ts`). */
// @ts-ignore: decorator
@inline
function mixed(value: u64): u64 {
  value = (value ^ (value >> 32)) * K;
  value = (value ^ (value >> 32)) * K;
  return value ^ (value >> 32);
}

/**
 * Finds the rows of a block whose hash, of their number in the table from 1 and the seed, begins with so many zeros.
 *
 * @param ends of the fields, as `scan` leaves them
 * @param before rows of the table before this block
 * @param to address of u32 positions for each chosen row: where the field before it ends, then the ends of its own
 * @param numbers address of i64 numbers of the chosen rows, from 0
 * @returns how many were chosen
 */
export function chooseRows(
  ends: usize,
  rows: i32,
  columns: i32,
  before: i64,
  seed: i64,
  zeros: i32,
  to: usize,
  numbers: usize,
): i32 {
  const seeded = mixed(u64(seed));
  const stride = usize(columns) << 2;
  let chosen = 0;
  for (let row = 0; row < rows; row++) {
    const number = mixed(u64(before + i64(row) + 1));
    const hash = ((number ^ (number >> 32)) * K) ^ seeded;
    if (zeros > 0 && hash >> u64(64 - zeros) !== 0) continue;
    memory.copy(to, ends + usize(row) * stride, stride + 4);
    to += stride + 4;
    store<i64>(numbers + (usize(chosen) << 3), before + i64(row));
    chosen += 1;
  }
  return chosen;
}

/** Writes i64 numbers, none of them null, as the body of a Parquet data page. */
export function writeNumbers(from: usize, rows: i32, to: usize): void {
  setLevels(rows, 0, to);
  memory.copy(valuesAt, from, usize(rows) << 3);
  setEnd(0, valuesAt + (usize(rows) << 3));
  closeLevels(rows, to);
}
