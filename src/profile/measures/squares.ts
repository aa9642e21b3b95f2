import { decimalShape, type MeasuredColumn } from '../column.ts';
import {
  add,
  type ExactJson,
  type ExactNumber,
  fromDouble,
  fromExactJson,
  fromInteger,
  multiply,
  negate,
  toExactJson,
  ZERO,
} from '../exact-number.ts';
import type { InHand } from '../in-hand.ts';
import { powerOfTwo } from '../sql.ts';
import { hasWholeNumbers, sumInHand } from '../whole-numbers.ts';
import { type Known, type Measure, requireCount } from './measure.ts';
import type { MinMaxPart } from './min-max.ts';

/**
 * Sums of x and x² of the finite values, for mean and deviation. Both are kept exactly, so parts add up the same in any
 * order and with any number of threads. In DuckDB the squares are of x − p, p the middle of the range: that keeps their
 * digits when the mean is large beside the deviation. Here Σx² = Σ(x−p)² + 2pΣx − np² is exact arithmetic again.
 *
 * Integers and decimals up to 18 digits: exact throughout. Doubles: each (x−p)² is rounded once to a double, then summed as
 * two integers of 53 bits below the largest, so the sum does not depend on the order.
 */
export interface SquaresPart {
  count: number;
  sum: ExactJson;
  squares: ExactJson;
}

export const squares: Measure<SquaresPart> = {
  name: 'squares',
  pass: 'refine',
  applies: ({ kind }) => kind === 'integer' || kind === 'decimal' || kind === 'float',
  sql(column, known) {
    const shape = shapeOf(column, known);
    if (!shape) return {};
    return shape.way === 'whole' ? wholeSql(column, shape) : fractionSql(column, shape);
  },
  inHand(values, column, known) {
    const shape = shapeOf(column, known);
    if (!shape) return NO_SQUARES;
    if (hasWholeNumbers(column)) {
      const squares = fromInteger(sumInHand(values, column, 2), 0, -2 * column.scale);
      return { count: values.rows, sum: toExactJson(exactSum(known)), squares: toExactJson(squares) };
    }
    return column.kind === 'float' && shape.way === 'fraction' ? floatSquares(values, column, shape) : undefined;
  },
  part(row, column, known) {
    const shape = shapeOf(column, known);
    if (!shape) return NO_SQUARES;
    const count = requireCount(row, 'count');
    const about = shape.way === 'whole' ? readWhole(row, shape) : readFixed(row, 's', shape.squareTop);
    const total =
      column.kind === 'float' && shape.way === 'fraction' ? readFixed(row, 'x', shape.top) : exactSum(known);
    return aboutZero(count, total, about, shape.middle);
  },
  merge: (a, b) => ({
    count: a.count + b.count,
    sum: toExactJson(add(fromExactJson(a.sum), fromExactJson(b.sum))),
    squares: toExactJson(add(fromExactJson(a.squares), fromExactJson(b.squares))),
  }),
};

/** From the squares of the distances to `middle`. */
function aboutZero(count: number, total: ExactNumber, about: ExactNumber, middle: ExactNumber): SquaresPart {
  const twice = multiply(multiply(fromInteger(2n), middle), total);
  const correction = multiply(fromInteger(-BigInt(count)), multiply(middle, middle));
  return { count, sum: toExactJson(total), squares: toExactJson(add(add(about, twice), correction)) };
}

const NO_SQUARES: SquaresPart = { count: 0, sum: toExactJson(ZERO), squares: toExactJson(ZERO) };

/** Whether (x − p)² fits a BIGINT, or is made of halves of 31 bits as BIGINT or of 32 bits as HUGEINT. */
type Width = 'one' | 'halves' | 'huge halves';

type Shape =
  | { way: 'whole'; middle: ExactNumber; literal: string; scale: number; width: Width }
  | { way: 'fraction'; middle: ExactNumber; centre: number; top: number; squareTop: number };

/** How the squares can be summed, from the range; undefined when there is no finite value. */
function shapeOf(column: MeasuredColumn, known: Known): Shape | undefined {
  const range = known.parts.minmax as MinMaxPart | undefined;
  if (!range) throw new Error('the smallest and largest value are unknown');
  if (column.kind === 'float') return floatShape(column, known);
  if (range.min === null || range.max === null) return undefined;
  const scale = column.scale;
  const [low, high] = [unscaled(range.min, scale), unscaled(range.max, scale)];
  const middle = (low + high) / 2n;
  const reach = high - middle > middle - low ? high - middle : middle - low;
  const narrow = column.kind === 'integer' || decimalShape(column.duckdbType).width <= 18;
  if (narrow && reach < 2n ** 80n) {
    return {
      way: 'whole',
      middle: fromInteger(middle, 0, -scale),
      literal: decimalLiteral(middle, scale),
      scale,
      width: reach < 3_000_000_000n ? 'one' : reach < 2n ** 61n ? 'halves' : 'huge halves',
    };
  }
  return fractionShape(Number(range.min), Number(range.max));
}

const unscaled = (text: string, scale: number): bigint => {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(scale, '0'));
};

function decimalLiteral(value: bigint, scale: number): string {
  if (scale === 0) return `${value}`;
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** x − p in units of 10^-scale; beyond 3·10⁹ its square passes a BIGINT. */
function wholeSql({ ref, duckdbType }: MeasuredColumn, shape: Shape & { way: 'whole' }): Record<string, string> {
  const large = /^(UBIGINT|HUGEINT|UHUGEINT)$/i.test(duckdbType);
  const unit = !/^(DECIMAL|NUMERIC)/i.test(duckdbType)
    ? shape.width === 'huge halves'
      ? `(${ref}::HUGEINT - (${shape.literal})::HUGEINT)`
      : large
        ? `(${ref}::HUGEINT - (${shape.literal})::HUGEINT)::BIGINT`
        : `(${ref}::BIGINT - (${shape.literal})::BIGINT)`
    : decimalUnit(ref, decimalShape(duckdbType).width, shape);
  if (shape.width === 'one') return { count: `count(${ref})`, s: `sum(${unit} * ${unit})` };
  const half = shape.width === 'halves' ? '2147483648' : '4294967296::HUGEINT';
  const [high, low] = [`(${unit} // ${half})`, `(${unit} % ${half})`];
  return {
    count: `count(${ref})`,
    hh: `sum(${high} * ${high})`,
    hl: `sum(${high} * ${low})`,
    ll: `sum(${low} * ${low})`,
  };
}

/**
 * x − p of a decimal of up to 18 digits. Whatever passes 18 digits on the way is a HUGEINT to DuckDB and takes 0.6 µs a value, thirty
 * times as long; so the digits before and behind the point are shifted apart where they must be.
 */
function decimalUnit(ref: string, width: number, { scale, literal }: Shape & { way: 'whole' }): string {
  const tens = 10n ** BigInt(scale);
  const shifted = (x: string): string => `(${x} * ${tens}::DECIMAL(${scale + 1},0))::BIGINT`;
  const middle = `(${literal.replace('.', '')})::BIGINT`;
  if (scale === 0) return `(${ref}::BIGINT - ${middle})`;
  if (width + scale <= 18) return `(${shifted(ref)} - ${middle})`;
  if (scale <= 9) return `(trunc(${ref})::BIGINT * ${tens} + ${shifted(`(${ref} - trunc(${ref}))`)} - ${middle})`;
  return `((${ref}::DECIMAL(38,${scale}) - (${literal})::DECIMAL(38,${scale}))::DECIMAL(19,${scale}) * ${tens}::DECIMAL(19,0))::BIGINT`;
}

function readWhole(row: Record<string, string | null>, shape: Shape & { way: 'whole' }): ExactNumber {
  if (shape.width === 'one') return fromInteger(BigInt(row.s ?? 0), 0, -2 * shape.scale);
  const bits = shape.width === 'halves' ? 31n : 32n;
  const total = (BigInt(row.hh ?? 0) << (2n * bits)) + (BigInt(row.hl ?? 0) << (bits + 1n)) + BigInt(row.ll ?? 0);
  return fromInteger(total, 0, -2 * shape.scale);
}

function floatShape({ duckdbType }: MeasuredColumn, known: Known): Shape | undefined {
  const range = known.parts.minmax as MinMaxPart;
  if (range.finiteMin == null || range.finiteMax == null) return undefined;
  // A FLOAT written as 0.1 is 0.10000000149 once it is a double, which may lie outside of what its text says.
  const toNumber = duckdbType.toUpperCase() === 'FLOAT' ? (text: string) => Math.fround(Number(text)) : Number;
  return fractionShape(toNumber(range.finiteMin), toNumber(range.finiteMax));
}

function spanOf(low: number, high: number): { middle: number; reach: number } {
  const middle = low / 2 + high / 2;
  return { middle, reach: Math.max(high - middle, middle - low) };
}

function fractionShape(low: number, high: number): Shape {
  const { middle, reach } = spanOf(low, high);
  return {
    way: 'fraction',
    middle: fromDouble(middle),
    centre: middle,
    top: topExponent(Math.max(Math.abs(low), Math.abs(high))),
    squareTop: topExponent(reach * reach),
  };
}

export const SQUARES_TOO_LARGE = 'the squares of the values pass the range of a double';

/** How doubles between two finite ones are added up as integers; undefined when their squares pass the range of a double. */
export function fixedPointOf(
  low: number,
  high: number,
): { middle: number; top: number; squareTop: number } | undefined {
  const { middle, reach } = spanOf(low, high);
  const top = topExponent(Math.max(Math.abs(low), Math.abs(high)));
  const squareTop = topExponent(reach * reach);
  return Number.isFinite(squareTop) ? { middle, top, squareTop } : undefined;
}

/** So many bits below the largest value are added up of each double. */
export const SUMMED_BITS = 106;

/** Smallest e with value ≤ 2^e, not so small that 2^(e−106) leaves the doubles. */
function topExponent(value: number): number {
  if (!(value < Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY;
  let exponent = value === 0 ? -900 : Math.ceil(Math.log2(value));
  if (2 ** exponent < value) exponent += 1;
  return Math.max(exponent, -900);
}

function fractionSql({ ref, kind }: MeasuredColumn, shape: Shape & { way: 'fraction' }): Record<string, string> {
  if (!Number.isFinite(shape.squareTop)) throw new Error(SQUARES_TOO_LARGE);
  const x = kind === 'float' ? `(CASE WHEN isfinite(${ref}) THEN ${ref}::DOUBLE END)` : `(${ref}::DOUBLE)`;
  const centre = `'${shape.centre}'::DOUBLE`;
  const square = `((${x} - ${centre}) * (${x} - ${centre}))`;
  return { count: `count(${x})`, ...fixedSql('x', x, shape.top), ...fixedSql('s', square, shape.squareTop) };
}

/** What `fractionSql` adds up, of values in hand. */
function floatSquares(values: InHand, column: MeasuredColumn, shape: Shape & { way: 'fraction' }): SquaresPart {
  if (!Number.isFinite(shape.squareTop)) throw new Error(SQUARES_TOO_LARGE);
  const [sum, squares] = [new FixedSum(shape.top), new FixedSum(shape.squareTop)];
  let rows = 0;
  for (const [i, x] of values.numbers(column).entries()) {
    if (!Number.isFinite(x)) continue;
    const count = values.counts[i] as number;
    rows += count;
    sum.add(x, count);
    squares.add((x - shape.centre) * (x - shape.centre), count);
  }
  return aboutZero(rows, sum.total(), squares.total(), shape.middle);
}

/** Adds doubles up as `fixedSql` does: as integers of 53 bits, and what those leave as integers of 53 bits below. */
class FixedSum {
  readonly #top: number;
  readonly #high: number;
  readonly #low: number;
  #first = 0n;
  #second = 0n;

  constructor(top: number) {
    this.#top = top;
    this.#high = 2 ** (top - 53);
    this.#low = 2 ** (top - 106);
  }

  add(value: number, count: number): void {
    const first = roundEven(value / this.#high);
    const times = BigInt(count);
    this.#first += BigInt(first) * times;
    this.#second += BigInt(roundEven((value - first * this.#high) / this.#low)) * times;
  }

  total(): ExactNumber {
    return add(fromInteger(this.#first, this.#top - 53), fromInteger(this.#second, this.#top - 106));
  }
}

/** To the nearest integer, from the middle to the even one: as a cast of DuckDB does. */
function roundEven(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  return rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1;
}

function fixedSql(alias: string, value: string, top: number): Record<string, string> {
  const [high, low] = [powerOfTwo(top - 53), powerOfTwo(top - 106)];
  const first = `(${value} / ${high})::BIGINT`;
  return {
    [`${alias}1`]: `sum(${first})`,
    [`${alias}2`]: `sum(((${value} - ${first}::DOUBLE * ${high}) / ${low})::BIGINT)`,
  };
}

const readFixed = (row: Record<string, string | null>, alias: string, top: number): ExactNumber =>
  add(fromInteger(BigInt(row[`${alias}1`] ?? 0), top - 53), fromInteger(BigInt(row[`${alias}2`] ?? 0), top - 106));

function exactSum(known: Known): ExactNumber {
  const part = known.parts.sum as { sum: ExactJson } | undefined;
  if (!part) throw new Error('the sum is unknown');
  return fromExactJson(part.sum);
}

/** Σ(x − mean)² · count, exactly: count·Σx² − (Σx)². */
export const scatter = (part: SquaresPart): ExactNumber => {
  const total = fromExactJson(part.sum);
  return add(multiply(fromInteger(BigInt(part.count)), fromExactJson(part.squares)), negate(multiply(total, total)));
};
