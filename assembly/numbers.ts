import { end, start } from './field';

/** Whether the last field that was read was written as its type demands; if not, its value means nothing. */
export let fits: bool = false;

/** Set to false by whoever meets a byte that is no digit. */
export let onlyDigits: bool = true;

export function expectDigits(): void {
  onlyDigits = true;
}

/**
 * The number that 1 to 8 digits stand for, all of them at once: pairs, then fours, then eight (Lemire, "Quickly parsing eight digits", 2022).
 *
 * @param chars the first digit in the lowest byte; bytes beyond may be anything
 */
// @ts-ignore: decorator
@inline
export function eight(chars: u64, digits: usize): u64 {
  let v = (chars ^ 0x3030303030303030) << ((8 - u64(digits)) << 3);
  if ((((v + 0x7676767676767676) | v) & 0x8080808080808080) !== 0) onlyDigits = false;
  v = v * 10 + (v >> 8);
  return (((v & 0x000000ff000000ff) * 0x000f424000000064 + ((v >> 16) & 0x000000ff000000ff) * 0x0000271000000001) >> 32) & 0xffffffff;
}

const WHOLE_TENS = memory.data<u64>([1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000]);

// @ts-ignore: decorator
@inline
function shifted(value: u64, digits: usize): u64 {
  return value * load<u64>(WHOLE_TENS + (digits << 3));
}

/** The number that up to 18 digits stand for, behind those of `value`. */
function append(value: u64, at: usize, digits: usize): u64 {
  while (digits > 8) {
    value = value * 100_000_000 + eight(load<u64>(at), 8);
    at += 8;
    digits -= 8;
  }
  return digits === 0 ? value : shifted(value, digits) + eight(load<u64>(at), digits);
}

/** `-?(0|[1-9][0-9]{0,17})`: what is longer may not fit into 64 bits. */
// @ts-ignore: decorator
@inline
export function readInteger(): i64 {
  let at = start;
  const negative = at < end && load<u8>(at) === 45;
  if (negative) at += 1;
  const digits = end - at;
  fits = false;
  if (digits - 1 > 17 || (digits > 1 && load<u8>(at) === 48)) return 0;
  onlyDigits = true;
  const value = i64(append(0, at, digits));
  fits = onlyDigits;
  return negative ? -value : value;
}

/** How many of the bytes up to `to` come before a point: all where there is none among the first 32. */
// @ts-ignore: decorator
@inline
function beforePoint(at: usize, to: usize): usize {
  const points = i8x16.splat(46);
  const found =
    u32(i8x16.bitmask(i8x16.eq(v128.load(at), points))) |
    (u32(i8x16.bitmask(i8x16.eq(v128.load(at, 16), points))) << 16);
  const length = to - at;
  return found === 0 ? length : min(length, usize(ctz(found)));
}

/** `-?[0-9]+(\.[0-9]{0,scale})?`, up to 18 digits in all, as a number of units of the last place. */
export function readDecimal(scale: i32, precision: i32): i64 {
  let at = start;
  fits = false;
  const negative = at < end && load<u8>(at) === 45;
  if (negative) at += 1;
  const whole = beforePoint(at, end);
  const point = at + whole;
  const places = point < end ? end - point - 1 : 0;
  if (whole === 0 || i32(whole) + scale > precision || i32(places) > scale) return 0;
  onlyDigits = true;
  let value = append(append(0, at, whole), point + 1, places);
  for (let left = scale - i32(places); left > 0; left--) value *= 10;
  fits = onlyDigits;
  return negative ? -i64(value) : i64(value);
}

const TENS = memory.data<f64>([
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21,
  1e22,
]);

/** Up to here a whole number of 15 digits and a power of ten are doubles, so that their quotient is the nearest one (Clinger, 1990). */
const SAFE: u64 = 1_000_000_000_000_000;

/**
 * `-?(0|[1-9][0-9]*)(\.[0-9]+)?` whose digits tell its double from all others: up to 15 digits, or 16 and 17 that are what
 * programs write of it. All else, exponents among it, does not fit here.
 */
export function readDouble(): f64 {
  let at = start;
  fits = false;
  const negative = at < end && load<u8>(at) === 45;
  if (negative) at += 1;
  // 17 digits and a point, and zeros before them.
  if (end - at > 22) return 0;
  const whole = beforePoint(at, end);
  if (whole === 0 || whole > 18 || (whole > 1 && load<u8>(at) === 48)) return 0;
  const point = at + whole;
  const places = point < end ? i32(end - point - 1) : 0;
  if (point < end && places === 0) return 0;
  // 19 digits fit into 64 bits, whatever they are: those before them have to be zeros.
  const figures = i32(whole) + places;
  if (figures > 19 && (load<u8>(at) !== 48 || (figures > 20 && load<u8>(point, 1) !== 48))) return 0;
  onlyDigits = true;
  const digits = append(append(0, at, whole), point + 1, usize(places));
  if (!onlyDigits) return 0;
  let value: f64;
  if (digits < SAFE) {
    fits = true;
    value = f64(digits) / load<f64>(TENS + (usize(places) << 3));
  } else value = readLong(digits, places);
  // Zero has no sign here.
  return negative && value !== 0 ? -value : value;
}

/** The sum of two doubles and what its rounding lost (Knuth's TwoSum). */
let sum: f64 = 0;
let lost: f64 = 0;
// @ts-ignore: decorator
@inline
function add(a: f64, b: f64): void {
  sum = a + b;
  const c = sum - a;
  lost = a - (sum - c) + (b - c);
}

/** How far `value` times ten to the `places` lies above `digits`, in units of the last digit: of two doubles that are near, exact but for 2⁻⁵⁰ of a unit. */
function above(value: f64, places: i32, digits: u64): f64 {
  const power = load<f64>(TENS + (usize(places) << 3));
  const product = value * power;
  // Dekker's product: halves of 26 bits multiply without loss.
  const splitValue = value * 134217729.0;
  const valueHigh = splitValue - (splitValue - value);
  const valueLow = value - valueHigh;
  const splitPower = power * 134217729.0;
  const powerHigh = splitPower - (splitPower - power);
  const powerLow = power - powerHigh;
  const rest = valueHigh * powerHigh - product + valueHigh * powerLow + valueLow * powerHigh + valueLow * powerLow;
  const high = f64(digits);
  const low = f64(i64(digits - u64(high)));
  add(product, -high);
  return sum + (lost + rest - low);
}

/** No decision is taken so near to where it turns, in units of the last digit. */
const NEAR: f64 = 1e-6;

/** 16 or 17 digits, the last not a zero, of a number that is written without an exponent. */
function readLong(digits: u64, places: i32): f64 {
  if (places === 0 || places > 20 || digits >= SAFE * 100 || digits % 10 === 0) return 0;
  const power = load<f64>(TENS + (usize(places) << 3));
  let value = f64(digits) / power;
  // Smaller ones are written with an exponent, larger ones have no place behind the point that counts.
  if (value < 0.0001 || value >= 1e15) return 0;
  let distance = above(value, places, digits);
  let step = ulp(value) * power;
  if (Math.abs(distance) > step * 0.5) {
    value = reinterpret<f64>(reinterpret<u64>(value) + (distance > 0 ? u64(-1) : 1));
    distance = above(value, places, digits);
    step = ulp(value) * power;
  }
  // The nearest double beyond doubt, and these are its digits rounded to so many.
  if (Math.abs(distance) > step * 0.5 - NEAR || Math.abs(distance) > 0.5 - NEAR) return 0;
  if (digits < SAFE * 10) {
    // Of 16 digits: had it a text of 15, that would be what is written of it.
    const last = f64(digits % 10) + distance;
    const shorter = min(Math.abs(last), Math.abs(10 - last));
    if (shorter < step * 0.5 + NEAR) return 0;
  }
  fits = true;
  return value;
}

/** The distance to the next larger double. A power of two is nearer to the one below it: no matter, for it is told by fewer digits or is not decided. */
// @ts-ignore: decorator
@inline
function ulp(value: f64): f64 {
  return reinterpret<f64>(reinterpret<u64>(value) + 1) - value;
}
