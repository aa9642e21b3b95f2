/**
 * Exact numbers for parts that must add up the same in any order: `digits · 2^two · 10^ten`, digits of any length.
 * Doubles are dyadic, decimals decadic; sums of either stay exact, so merging is associative to the last bit.
 */
export interface ExactNumber {
  digits: bigint;
  two: number;
  ten: number;
}

export const ZERO: ExactNumber = { digits: 0n, two: 0, ten: 0 };

export const fromInteger = (digits: bigint, two = 0, ten = 0): ExactNumber => ({ digits, two, ten });

/** `-12.50` → exactly that. Also reads plain integers; not exponents. */
export function fromDecimalText(text: string): ExactNumber {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text);
  if (!match || (match[2] === '' && !match[3])) throw new RangeError(`expected a decimal number, received "${text}"`);
  const fraction = match[3] ?? '';
  const digits = BigInt(`${match[2]}${fraction}` || '0');
  return { digits: match[1] === '-' ? -digits : digits, two: 0, ten: fraction ? -fraction.length : 0 };
}

const DOUBLE = new DataView(new ArrayBuffer(8));

/** A finite double, exactly. */
export function fromDouble(value: number): ExactNumber {
  if (!Number.isFinite(value)) throw new RangeError(`expected a finite number, received ${value}`);
  DOUBLE.setFloat64(0, value);
  const bits = DOUBLE.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const digits = exponent === 0 ? fraction : fraction | 0x10000000000000n;
  return { digits: bits >> 63n ? -digits : digits, two: Math.max(exponent, 1) - 1075, ten: 0 };
}

export function add(a: ExactNumber, b: ExactNumber): ExactNumber {
  if (a.digits === 0n) return b;
  if (b.digits === 0n) return a;
  const two = Math.min(a.two, b.two);
  const ten = Math.min(a.ten, b.ten);
  return { digits: scaled(a, two, ten) + scaled(b, two, ten), two, ten };
}

export const negate = (a: ExactNumber): ExactNumber => ({ ...a, digits: -a.digits });
export const multiply = (a: ExactNumber, b: ExactNumber): ExactNumber => ({
  digits: a.digits * b.digits,
  two: a.two + b.two,
  ten: a.ten + b.ten,
});

const scaled = (a: ExactNumber, two: number, ten: number): bigint =>
  (a.digits << BigInt(a.two - two)) * 10n ** BigInt(a.ten - ten);

/** a / divisor as the nearest double. */
export function divideToDouble(a: ExactNumber, divisor: bigint = 1n): number {
  let numerator = a.digits < 0n ? -a.digits : a.digits;
  let denominator = divisor;
  if (numerator === 0n) return 0;
  if (a.ten >= 0) numerator *= 10n ** BigInt(a.ten);
  else denominator *= 10n ** BigInt(-a.ten);
  // 66 bits of quotient and a sticky bit: enough for one correct rounding to 53.
  const shift = 66 - (bitLength(numerator) - bitLength(denominator));
  if (shift >= 0) numerator <<= BigInt(shift);
  else denominator <<= BigInt(-shift);
  let quotient = numerator / denominator;
  if (numerator % denominator !== 0n) quotient |= 1n;
  const value = timesPowerOfTwo(Number(quotient), a.two - shift);
  return a.digits < 0n ? -value : value;
}

/** In two steps, since 2^exponent alone may leave the range of a double. */
function timesPowerOfTwo(value: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return value * 2 ** half * 2 ** (exponent - half);
}

const bitLength = (value: bigint): number => value.toString(2).length;

/** Square root of a / divisor, to the nearest double. */
export const rootToDouble = (a: ExactNumber, divisor: bigint): number =>
  a.digits <= 0n ? 0 : Math.sqrt(divideToDouble(a, divisor));

/** The exact decimal text: `-12.5`, `3`. Every dyadic number has one. */
export function toDecimalText(a: ExactNumber): string {
  let digits = a.digits < 0n ? -a.digits : a.digits;
  let ten = a.ten;
  if (a.two >= 0) digits <<= BigInt(a.two);
  else {
    digits *= 5n ** BigInt(-a.two);
    ten += a.two;
  }
  if (ten >= 0) digits *= 10n ** BigInt(ten);
  const places = Math.max(-ten, 0);
  const text = digits.toString().padStart(places + 1, '0');
  const whole = text.slice(0, text.length - places);
  const fraction = text.slice(text.length - places).replace(/0+$/, '');
  return `${a.digits < 0n && digits !== 0n ? '-' : ''}${whole}${fraction ? `.${fraction}` : ''}`;
}

/** `{digits: "12", two: 0, ten: -1}`: for JSON, canonical, so that equal numbers are equal texts. */
export interface ExactJson {
  digits: string;
  two: number;
  ten: number;
}

export function toExactJson(a: ExactNumber): ExactJson {
  if (a.digits === 0n) return { digits: '0', two: 0, ten: 0 };
  let { digits, two, ten } = a;
  // Remove common tens and twos, so that equal numbers made in different ways are equal texts.
  while (ten < 0 && digits % 10n === 0n) {
    digits /= 10n;
    ten += 1;
  }
  while (two < 0 && (digits & 1n) === 0n) {
    digits >>= 1n;
    two += 1;
  }
  // −0 is no other exponent than 0.
  return { digits: digits.toString(), two: two + 0, ten: ten + 0 };
}

export const fromExactJson = (json: ExactJson): ExactNumber => ({
  digits: BigInt(json.digits),
  two: json.two,
  ten: json.ten,
});
