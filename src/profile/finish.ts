import { ANY_DECIMAL } from '../connectors/connector.ts';
import { withoutZeros } from '../sketch/canonical-text.ts';
import { isWords, type MeasuredColumn } from './column.ts';
import {
  add,
  divideToDouble,
  type ExactNumber,
  fromExactJson,
  fromInteger,
  multiply,
  negate,
  rootToDouble,
  toDecimalText,
} from './exact-number.ts';
import { exact, type Figure, isKnown, unknown } from './figure.ts';
import { finishDistinct, finishSelectivity, valuesOf } from './finish-distinct.ts';
import { type CountsPart, filledRows } from './measures/counts.ts';
import type { DistinctPart } from './measures/distinct.ts';
import type { HistogramPart } from './measures/histogram.ts';
import type { LengthsPart } from './measures/lengths.ts';
import type { MeasureName } from './measures/measure.ts';
import type { MinMaxPart } from './measures/min-max.ts';
import { foldQuantiles } from './measures/quantile-line.ts';
import { QUANTILES, type QuantilesPart } from './measures/quantiles.ts';
import { type SquaresPart, SUMMED_BITS, scatter } from './measures/squares.ts';
import type { SumPart } from './measures/sum.ts';
import type { TopPart } from './measures/top-values.ts';
import type { ValueSetPart } from './measures/value-set.ts';
import { type ColumnPart, isUnknown } from './part.ts';
import type { ColumnProfile } from './profile.ts';
import { finishPatterns } from './text/finish-patterns.ts';
import { finishFormats } from './text/formats-part.ts';
import type { PatternsPart } from './text/patterns-part.ts';
import { estimateQuality } from './text/quality.ts';
import { suggestRegexes } from './text/suggest-regexes.ts';
import { isCut } from './value-text.ts';

/** The top values a profile shows. */
export const SHOWN_VALUES = 20;

/** Merged parts of a column → its figures. Pure. */
export function finishColumn({ column, measures }: ColumnPart, ordinal: number, rows: number): ColumnProfile {
  const read = <P, T>(name: MeasureName, finish: (part: P) => Figure<T>): Figure<T> => {
    const part = measures[name];
    if (part === undefined) return unknown('it was not measured');
    return isUnknown(part) ? unknown(part.unknown) : finish(part as P);
  };
  const has = (name: MeasureName): boolean => measures[name] !== undefined;
  const count = (pick: (part: CountsPart) => number): Figure<number> =>
    read('counts', (part: CountsPart) => exact(pick(part)));

  const nonNull = count(filledRows);
  const nulls = count((part) => rows - filledRows(part));
  const blanks = count((part) => part.blanks);
  const known = (figure: Figure<number>, otherwise: number): number => (isKnown(figure) ? figure.value : otherwise);
  const values = valuesOf(measures.distinct, measures.top, {
    rows,
    nonNull: known(
      count((part) => part.nonNull),
      rows,
    ),
    blanks: known(blanks, 0),
  });
  const distinct = read('distinct', (part: DistinctPart) => finishDistinct(part, values));
  const profile: ColumnProfile = {
    name: column.name,
    ordinal,
    nativeType: column.nativeType,
    duckdbType: column.duckdbType,
    typeBasis: column.typeBasis,
    kind: column.kind,
    rows: exact(rows),
    nonNull,
    nulls,
    blanks,
    distinct,
    uniqueness: rows === 0 ? unknown('there are no rows') : scaled(distinct, (value) => (100 * value) / rows),
    density:
      rows === 0 ? unknown('there are no rows') : count((part) => (100 * (filledRows(part) - part.blanks)) / rows),
    selectivity: read('distinct', (part: DistinctPart) => finishSelectivity(part, values)),
  };
  if (has('minmax')) {
    const [min, max] = [
      read('minmax', (part: MinMaxPart) => exact(part.min)),
      read('minmax', (part: MinMaxPart) => exact(part.max)),
    ];
    if (isWords(column.kind)) Object.assign(profile, { lexicalMin: min, lexicalMax: max });
    else Object.assign(profile, { min, max });
  }
  if (column.kind === 'float')
    Object.assign(profile, { nan: count((part) => part.nan), infinite: count((part) => part.infinite) });
  const beside = isUnknown(measures.counts) ? undefined : (measures.counts as CountsPart | undefined)?.beside;
  if (beside) Object.assign(profile, { nan: exact(beside.nan), infinite: exact(beside.infinite) });
  if (has('sum') || has('squares')) Object.assign(profile, finishMoments(column, read, rangeOf(measures.minmax)));
  if (has('lengths')) profile.length = read('lengths', finishLengths);
  if (has('top'))
    profile.topValues = read('top', (part: TopPart) => finishTop(values.top ?? part, rows, known(nonNull, rows)));
  if (has('patterns')) profile.patterns = read('patterns', finishPatterns);
  if (has('formats')) profile.logicalType = read('formats', finishFormats);
  if (has('patterns') && column.kind === 'text')
    profile.regexes = read('patterns', (part: PatternsPart) =>
      isJson(profile.logicalType)
        ? unknown('its values are JSON: what lies within them has regular expressions of its own, by path')
        : suggestRegexes(part, isKnown(nonNull) ? nonNull.value : part.filled),
    );
  if (has('quantiles')) profile.quantiles = read('quantiles', (part: QuantilesPart) => finishQuantiles(part, column));
  if (has('histogram')) profile.histogram = read('histogram', finishHistogram);
  if (has('distinct') && !isUnknown(measures.distinct)) {
    const { counter } = measures.distinct as DistinctPart;
    if (counter !== null) profile.distinctCounter = counter;
  }
  if (has('valueset') && !isUnknown(measures.valueset)) profile.valueSet = (measures.valueset as ValueSetPart).set;
  profile.quality = estimateQuality(profile);
  return profile;
}

/** Whether more than half of the values are JSON, which no regular expression tells anything of. */
const isJson = (type: ColumnProfile['logicalType']): boolean =>
  isKnown(type) && type.value.type === 'json' && type.value.share > 0.5;

function scaled(figure: Figure<number>, scale: (value: number) => number): Figure<number> {
  if (!isKnown(figure)) return figure;
  const bounds = 'low' in figure ? { low: figure.low, high: figure.high } : {};
  const known = Object.entries(bounds).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return { ...figure, value: scale(figure.value), ...Object.fromEntries(known.map(([key, at]) => [key, scale(at)])) };
}

type Read = <P, T>(name: MeasureName, finish: (part: P) => Figure<T>) => Figure<T>;

const rangeOf = (part: unknown): MinMaxPart | undefined =>
  part === undefined || isUnknown(part) ? undefined : (part as MinMaxPart);

/** Sums of doubles come with their squares; those of integers and decimals stand alone, so they survive squares that overflow. */
function finishMoments(
  column: MeasuredColumn,
  read: Read,
  range: MinMaxPart | undefined,
): Pick<ColumnProfile, 'sum' | 'mean' | 'standardDeviation'> {
  const sums = column.kind === 'float' ? 'squares' : 'sum';
  // Of doubles so many bits below the largest are added up: where they cancel out, what lies further below is missed.
  const largest = Math.max(Math.abs(Number(range?.finiteMin ?? 0)), Math.abs(Number(range?.finiteMax ?? 0)));
  const summed = (part: SumPart, value: string | null, divisor: number): Figure<string | null> => {
    const within = column.kind === 'float' ? (largest * 2 ** (1 - SUMMED_BITS) * part.count) / divisor : 0;
    if (value === null || within <= Math.abs(Number(value)) * Number.EPSILON) return exact(value);
    return { value, basis: 'estimate', within };
  };
  return {
    sum: read(sums, (part: SumPart) => summed(part, part.count === 0 ? null : sumText(column, part), 1)),
    mean: read(sums, (part: SumPart) =>
      summed(
        part,
        part.count === 0 ? null : String(divideToDouble(fromExactJson(part.sum), BigInt(part.count))),
        Math.max(part.count, 1),
      ),
    ),
    standardDeviation: read('squares', (part: SquaresPart) =>
      exact(part.count < 2 ? null : String(rootToDouble(scatter(part), BigInt(part.count) * BigInt(part.count - 1)))),
    ),
  };
}

const sumText = (column: MeasuredColumn, part: SumPart): string =>
  column.kind === 'float'
    ? sumOfDoubles(fromExactJson(part.sum))
    : column.duckdbType === ANY_DECIMAL
      ? withoutZeros(toDecimalText(fromExactJson(part.sum)))
      : withScale(toDecimalText(fromExactJson(part.sum)), column.scale);

/** Beyond the doubles as well, where it would be called infinite. */
function sumOfDoubles(sum: ExactNumber): string {
  const double = divideToDouble(sum);
  if (Number.isFinite(double)) return String(double);
  const [digits, exponent] = divideToDouble(sum, 10n ** 300n)
    .toExponential()
    .split('e');
  return `${digits}e+${Number(exponent) + 300}`;
}

/** `12.5` with scale 2 → `12.50`, as the source would write it. */
function withScale(text: string, scale: number): string {
  if (scale === 0) return text;
  const [whole = '0', fraction = ''] = text.split('.');
  return `${whole}.${fraction.padEnd(scale, '0')}`;
}

export function finishLengths(part: LengthsPart): NonNullable<ColumnProfile['length']> {
  const { count, min, max } = part;
  const n = BigInt(count);
  const total = fromInteger(BigInt(part.sum));
  const spread = add(multiply(fromInteger(n), fromInteger(BigInt(part.squares))), negate(multiply(total, total)));
  return exact({
    min,
    max,
    mean: count === 0 ? null : divideToDouble(total, n),
    standardDeviation: count < 2 ? null : rootToDouble(spread, n * (n - 1n)),
  });
}

/** Exact when no value that is not shown, in no part that did not name it, could change what is shown. */
function finishTop(part: TopPart, rows: number, nonNull: number): NonNullable<ColumnProfile['topValues']> {
  const shown = part.values.slice(0, SHOWN_VALUES);
  const value = shown.map(({ value, count }) => ({ value, count, percent: rows === 0 ? 0 : (100 * count) / rows }));
  const missing = Math.max(...shown.map((entry) => entry.missing), 0);
  const last = shown.at(-1)?.count ?? 0;
  const others = Math.max(
    part.floor,
    ...part.values.slice(SHOWN_VALUES).map((entry) => (entry.missing > 0 ? entry.count + entry.missing : 0)),
    0,
  );
  // What is named of a long value is how it begins, and any value that is not named may begin so.
  const unnamed = shown.some((entry) => isCut(entry.value))
    ? Math.max(nonNull - part.values.reduce((sum, { count }) => sum + count, 0), 0)
    : 0;
  const within = Math.max(missing, others > last ? others - last : 0, unnamed);
  // Which of equally frequent values are named of a table in parts depends on the parts, once others have that count, too.
  const byChance = others === last && part.values.some(({ choice }) => choice !== undefined);
  if (within === 0 && !part.sampled && !byChance) return exact(value);
  return { value, basis: 'estimate', within };
}

function finishQuantiles(part: QuantilesPart, column: MeasuredColumn): NonNullable<ColumnProfile['quantiles']> {
  const named = (texts: readonly string[]): Record<string, string> =>
    Object.fromEntries(texts.map((text, i) => [String(QUANTILES[i]), text]));
  const { exact: whole, bounds } = part;
  if (whole && !bounds) return exact(named(whole));
  if (whole && bounds)
    return { value: named(whole), basis: 'estimate', low: named(bounds.low), high: named(bounds.high) };
  const found = foldQuantiles(part.summaries, QUANTILES, column);
  const value = named(found.map((quantile) => quantile.value));
  const error = Math.max(...found.map(({ rankError }) => rankError), 0);
  if (error === 0) return exact(value);
  const [low, high] = [named(found.map((quantile) => quantile.low)), named(found.map((quantile) => quantile.high))];
  return { value, basis: 'estimate', low, high, error };
}

function finishHistogram(part: HistogramPart): NonNullable<ColumnProfile['histogram']> {
  const width = 2 ** part.exponent;
  return exact(part.bins.map(([bin, count]) => ({ from: String(bin * width), to: String((bin + 1) * width), count })));
}
