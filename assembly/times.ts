import { end, start } from './field';
import { eight, expectDigits, onlyDigits } from './numbers';

/** As in numbers. */
export let timeFits: bool = false;

/** Days since 1970 of a day of the proleptic Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms"). */
// @ts-ignore: decorator
@inline
function daysFrom(year: u32, month: u32, day: u32): i32 {
  const y = month <= 2 ? year - 1 : year;
  const era = y / 400;
  const ofEra = y - era * 400;
  const ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return i32(era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear) - 719_468;
}

// @ts-ignore: decorator
@inline
function daysOf(year: u32, month: u32): u32 {
  if (month !== 2) return 30 + ((month + (month >> 3)) & 1);
  return (year & 3) === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** `YYYY-MM-DD` at an address, of the years 0001 to 9999. */
// @ts-ignore: decorator
@inline
function dayAt(at: usize): i32 {
  const chars = load<u64>(at);
  expectDigits();
  const day = u32(
    eight((chars & 0xffffffff) | ((chars >> 8) & 0xffff00000000) | (u64(load<u16>(at, 8)) << 48), 8),
  );
  const year = day / 10_000;
  const month = (day / 100) % 100;
  const ofMonth = day % 100;
  timeFits =
    (chars & 0xff0000ff00000000) === 0x2d00002d00000000 &&
    onlyDigits &&
    year > 0 &&
    month - 1 < 12 &&
    ofMonth - 1 < 31 &&
    ofMonth <= daysOf(year, month);
  return timeFits ? daysFrom(year, month, ofMonth) : 0;
}

/** Days since 1970 of `YYYY-MM-DD`. */
// @ts-ignore: decorator
@inline
export function readDate(): i32 {
  timeFits = false;
  return end - start === 10 ? dayAt(start) : 0;
}

const DAY_MICROS: i64 = 86_400_000_000;

/**
 * Microseconds since 1970 of `YYYY-MM-DD HH:MM:SS`.
 *
 * @param places how many digits of a second may follow behind a point: 6, or none
 * @param zoned `+00` follows
 */
// @ts-ignore: decorator
@inline
export function readTimestamp(places: u32, zoned: bool): i64 {
  timeFits = false;
  let to = end;
  if (zoned) {
    if (to - start < 22 || load<u8>(to - 3) !== 43 || load<u16>(to - 2) !== 0x3030) return 0;
    to -= 3;
  }
  const length = to - start;
  if (length !== 19 && (places === 0 || length < 21 || length > 26 || load<u8>(start, 19) !== 46)) return 0;
  const days = dayAt(start);
  if (!timeFits) return 0;
  const chars = load<u64>(start, 11);
  expectDigits();
  const time = u32(eight((chars & 0xffff) | ((chars >> 8) & 0xffff0000) | ((chars >> 16) & 0xffff00000000), 6));
  const hour = time / 10_000;
  const minute = (time / 100) % 100;
  const second = time % 100;
  let odd = u32(hour > 23) | u32(minute > 59) | u32(second > 59) | u32(!onlyDigits);
  odd |= u32(load<u8>(start, 10) !== 32) | u32((chars & 0x0000ff0000ff0000) !== 0x00003a00003a0000);
  let micros: u32 = 0;
  if (length > 19) {
    for (let at = start + 20; at < to; at++) {
      const digit = u32(load<u8>(at)) - 48;
      odd |= u32(digit > 9);
      micros = micros * 10 + digit;
    }
    for (let i = length; i < 26; i++) micros *= 10;
  }
  timeFits = odd === 0;
  return i64(days) * DAY_MICROS + i64((hour * 60 + minute) * 60 + second) * 1_000_000 + i64(micros);
}
