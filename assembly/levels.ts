/** Of the column that was written last: where its definition levels begin, and where its values lie. */
export let levelsAt: usize = 0;
export let valuesAt: usize = 0;
export let valuesEnd: usize = 0;
export let nulls: i32 = 0;

/** Leaves room for the levels of so many rows: their length, the head of a bit-packed run, the bits right before the values. */
export function setLevels(rows: i32, absent: i32, to: usize): void {
  const groups = u32(rows + 7) >> 3;
  nulls = absent;
  valuesAt = to + 4 + varintBytes((groups << 1) | 1) + groups;
  valuesEnd = valuesAt;
}

export function setEnd(absent: i32, end: usize): void {
  nulls = absent;
  valuesEnd = end;
}

/** Definition levels of one bit: one run where all values are there, else the bits. */
export function closeLevels(rows: i32, to: usize): void {
  if (nulls > 0) {
    const groups = u32(rows + 7) >> 3;
    levelsAt = to;
    store<u32>(to, u32(valuesAt - to - 4));
    writeVarint(to + 4, (groups << 1) | 1);
    return;
  }
  const bytes = varintBytes(u32(rows) << 1) + 1;
  // The bits of up to 16 rows take less room than a run does; there is room before them.
  levelsAt = valuesAt - bytes - 4;
  store<u32>(levelsAt, u32(bytes));
  writeVarint(levelsAt + 4, u32(rows) << 1);
  store<u8>(valuesAt - 1, 1);
}

/** Writes places in a dictionary as values: the width of each in bits, then one bit-packed run, the first one in the lowest bits. */
export function packBits(codes: usize, values: i32, most: i32): void {
  const width: u32 = most <= 1 ? 1 : 32 - clz(u32(most - 1));
  store<u8>(valuesAt, u8(width));
  const groups = u32(values + 7) >> 3;
  let to = valuesAt + 1;
  writeVarint(to, (groups << 1) | 1);
  to += varintBytes((groups << 1) | 1);
  const end = to + groups * width;
  let bits: u64 = 0;
  let held: u32 = 0;
  for (let i = 0; i < values; i++) {
    bits |= u64(load<u16>(codes + (usize(i) << 1))) << u64(held);
    held += width;
    if (held >= 32) {
      store<u32>(to, u32(bits));
      to += 4;
      bits >>= 32;
      held -= 32;
    }
  }
  // The rest, and zeros up to the end of the last group of eight.
  for (; to < end; to++) {
    store<u8>(to, u8(bits));
    bits >>= 8;
  }
  valuesEnd = end;
}

export function varintBytes(value: u32): usize {
  let bytes: usize = 1;
  for (; value > 127; value >>= 7) bytes += 1;
  return bytes;
}

function writeVarint(to: usize, value: u32): void {
  for (; value > 127; value >>= 7) {
    store<u8>(to, u8(value) | 128);
    to += 1;
  }
  store<u8>(to, u8(value));
}
