import { decimalShape, kindOf } from './column.ts';

/** The text that DuckDB writes of a value that is cast from this one, as `castSql` has it; undefined where only DuckDB can tell. */
export type PlainCast = (text: string) => string | undefined;

/** Undefined for a type whose values are to be cast by DuckDB, all of them. Pure. */
export function plainCast({
  duckdbType,
  typeBasis,
}: {
  duckdbType: string;
  typeBasis: 'precise' | 'inferred';
}): PlainCast | undefined {
  const type = duckdbType.toUpperCase();
  const guessed = typeBasis === 'inferred';
  const kind = kindOf(type);
  if (type === 'VARCHAR') return (text) => text;
  if (type === 'DOUBLE')
    return guessed ? (text) => (text.length <= SAFE_LENGTH ? castDouble(text) : undefined) : castDouble;
  if (type === 'DATE') return castDate;
  if (type === 'TIME') return guessed ? undefined : castTime;
  if (type === 'TIMESTAMP') return (text) => castTimestamp(text, '');
  if (type === 'TIMESTAMP WITH TIME ZONE') return guessed ? undefined : (text) => castTimestamp(text, '+00');
  if (type === 'UUID') return (text) => (UUID.test(text) ? text : undefined);
  if (type === 'BOOLEAN')
    return guessed ? (text) => WORDS.get(text.toLowerCase()) : (text) => WORDS.get(text) ?? LETTERS.get(text);
  if (kind === 'integer') return integerCast(type);
  return kind === 'decimal' ? decimalCast(type) : undefined;
}

/** So many significant digits are safe in a double, whatever they are: see `doubleSql`. */
const SAFE_LENGTH = 15;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const WORDS = new Map([
  ['true', 'true'],
  ['false', 'false'],
]);
const LETTERS = new Map([
  ['t', 'true'],
  ['f', 'false'],
]);

const BITS: Record<string, number> = { TINYINT: 8, SMALLINT: 16, INTEGER: 32, BIGINT: 64 };
/** So many digits fit a BIGINT, whatever they are. */
const MOST_DIGITS = 18;

function integerCast(type: string): PlainCast | undefined {
  const bits = BITS[type];
  if (bits === undefined) return undefined;
  const limit = 2 ** (bits - 1);
  const fits = (text: string): boolean =>
    bits === 64 ? text.length <= MOST_DIGITS : Number(text) >= -limit && Number(text) < limit;
  return (text) => (isWhole(text) && fits(text) ? text : undefined);
}

/** `-12`, without zeros in front or a sign before zero. */
const isWhole = (text: string): boolean => /^(?:0|-?[1-9]\d*)$/.test(text);

/** With just the digits behind the point that the type has. */
function decimalCast(type: string): PlainCast | undefined {
  const { width, scale } = decimalShape(type);
  if (width > MOST_DIGITS || scale >= width) return undefined;
  const form = new RegExp(`^-?(?:0|[1-9]\\d{0,${width - scale - 1}})${scale === 0 ? '' : `\\.\\d{${scale}}`}$`);
  return (text) => (form.test(text) && !/^-[0.]+$/.test(text) ? text : undefined);
}

/** From here on DuckDB writes an exponent, as it does below a ten thousandth. */
const MOST_PLAIN = 1e15;

function castDouble(text: string): string | undefined {
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text)) return undefined;
  const number = Number(text);
  // Zero has no sign.
  if (number === 0) return '0.0';
  const size = Math.abs(number);
  if (size < 1e-4 || size >= MOST_PLAIN) return undefined;
  return Number.isInteger(number) ? `${number}.0` : String(number);
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Dates from the year 1 on. */
function castDate(text: string): string | undefined {
  if (text.length !== 10 || !/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8))];
  if (year === 0 || day === 0 || day > (DAYS[month - 1] ?? 0)) return undefined;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && day === 29 && !isLeap ? undefined : text;
}

/** Without zeros at the end of the fraction, which are not written. */
const castTime: PlainCast = (text) =>
  /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{0,5}[1-9])?$/.test(text) ? text : undefined;

function castTimestamp(text: string, zone: string): string | undefined {
  const mark = text[10];
  if ((mark !== ' ' && mark !== 'T') || !text.endsWith(zone)) return undefined;
  const [date, time] = [text.slice(0, 10), text.slice(11, text.length - zone.length)];
  if (castDate(date) === undefined || castTime(time) === undefined) return undefined;
  return mark === ' ' ? text : `${date} ${time}${zone}`;
}
