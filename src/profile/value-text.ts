import { ANY_DECIMAL } from '../connectors/connector.ts';
import { withoutZeros } from '../sketch/canonical-text.ts';
import type { MeasuredColumn } from './column.ts';

/** Longest text of a value that a profile keeps, in code points; what is longer ends in `…`. */
export const LONGEST_TEXT = 1024;

/** DuckDB's text of a value → ours: ISO 8601 for times (zone only where the type has one), `Infinity`, no U+0000, bounded length. */
export function valueText(column: Pick<MeasuredColumn, 'kind' | 'duckdbType'>, text: string): string {
  if (column.kind === 'timestamp') return isoTimestamp(text);
  if (column.kind === 'float')
    return (
      { inf: 'Infinity', '-inf': '-Infinity', infinity: 'Infinity', '-infinity': '-Infinity', nan: 'NaN' }[text] ?? text
    );
  if (column.duckdbType === ANY_DECIMAL) return withoutZeros(text);
  return safeText(text);
}

/** Years of four digits, as nearly all are, by their places: a fourth of the time. */
function isoTimestamp(text: string): string {
  if (text.indexOf(' ') === 10 && text.charCodeAt(4) === DASH && text.charCodeAt(7) === DASH && isDigit(text, 11)) {
    const [date, time] = [text.slice(0, 10), text.slice(11)];
    const zone = time.endsWith('+00') ? 3 : time.endsWith('+00:00') ? 6 : 0;
    return zone === 0 ? `${date}T${time}` : `${date}T${time.slice(0, -zone)}Z`;
  }
  return text.replace(/^([+-]?\d+-\d\d-\d\d) (\d)/, '$1T$2').replace(/\+00(:00)?$/, 'Z');
}

const DASH = 0x2d;
const isDigit = (text: string, at: number): boolean => text.charCodeAt(at) >= 0x30 && text.charCodeAt(at) <= 0x39;

/** JSON in PostgreSQL holds neither U+0000 nor lone surrogates: both become U+FFFD. */
export function safeText(text: string): string {
  if (text.length <= LONGEST_TEXT && !text.includes('\0') && text.isWellFormed()) return text;
  const whole = text.replaceAll('\u0000', '\ufffd').toWellFormed();
  if (whole.length <= LONGEST_TEXT) return whole;
  const points = [...whole.slice(0, LONGEST_TEXT * 2 + 2)];
  return points.length <= LONGEST_TEXT ? points.join('') : `${points.slice(0, LONGEST_TEXT).join('')}…`;
}

/** `left` of SQL: so many code points. */
export const firstPoints = (text: string, most: number): string =>
  text.length <= most ? text : [...text.slice(0, 2 * most)].slice(0, most).join('');

/** Whether a text of `valueText` may stand for a longer one. A value of just that length that ends so counts as cut, too. */
export const isCut = (text: string): boolean => text.length > LONGEST_TEXT && text.endsWith('…');

/** Order of two values of a column by their texts: numbers by value, times by time, the rest by UTF-8 bytes as DuckDB does. */
export function compareValues(column: Pick<MeasuredColumn, 'kind'>, a: string, b: string): number {
  if (a === b) return 0;
  if (column.kind === 'integer') return sign(BigInt(a) - BigInt(b));
  if (column.kind === 'decimal') return sign(unscaled(a, b) - unscaled(b, a));
  if (column.kind === 'float') return Number(a) - Number(b) || 0;
  if (column.kind === 'date' || column.kind === 'timestamp') return compareTimes(a, b);
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

const sign = (value: bigint): number => (value < 0n ? -1 : value > 0n ? 1 : 0);

function unscaled(text: string, other: string): bigint {
  const places = Math.max(fractionOf(text).length, fractionOf(other).length);
  return BigInt(text.replace('.', '') + '0'.repeat(places - fractionOf(text).length));
}

const fractionOf = (text: string): string => text.split('.')[1] ?? '';

/** `-infinity` < years before Christ < years since < `infinity`; years may have more than four digits. */
function compareTimes(a: string, b: string): number {
  const left = timeParts(a);
  const right = timeParts(b);
  return left.year - right.year || (left.rest < right.rest ? -1 : left.rest > right.rest ? 1 : 0);
}

function timeParts(text: string): { year: number; rest: string } {
  if (text === 'infinity') return { year: Number.MAX_SAFE_INTEGER, rest: '' };
  if (text === '-infinity') return { year: Number.MIN_SAFE_INTEGER, rest: '' };
  const match = /^([+-]?\d+)(.*)$/.exec(text);
  const year = Number(match?.[1] ?? 0);
  const rest = (match?.[2] ?? text)
    .replace(/ ?\(BC\)/, '')
    .replace(/(:\d\d)(?=Z?$)/, '$1.')
    .replace('Z', '');
  return { year: text.includes('(BC)') ? 1 - year : year, rest };
}
