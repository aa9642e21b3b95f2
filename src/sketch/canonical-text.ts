/** What canonical text needs to know of a column's type. Terms of a dictionary are `text`. */
export type CanonicalKind = 'text' | 'decimal' | 'float' | 'timestamp' | 'blob' | 'plain';

/**
 * The text by which values of different columns and dictionaries are compared, whatever they were typed as. This is the only
 * place that makes it; the SQL of the value set gives the same text where it can, and hands the rest to this.
 *
 * - `text`: Unicode white space trimmed at both ends, lower case (of the whole word: final sigma), NFC.
 * - `plain`: what DuckDB writes already is canonical, but for the case: integers, dates, UUIDs, booleans.
 * - `decimal`: no zeros behind the last digit of the fraction: `12.50` → `12.5`, `7.00` → `7`.
 * - `float`: the fewest digits that read back to the same number, with an exponent below 0.0001 and from 10¹⁶ on: `1`, `1e-05`.
 * - `timestamp`: `2020-01-31t10:00:00.5`, with a `z` where the type has a zone, which is UTC.
 * - `blob`: lower-case hex digits.
 *
 * Every canonical text is also the canonical text of itself as `text`, so a term `1e-05` finds the number.
 *
 * @param text as DuckDB writes the value; of a blob its hex digits
 */
export function canonicalText(text: string, kind: CanonicalKind = 'text'): string {
  if (kind === 'text') return trimWhiteSpace(text).toLowerCase().normalize('NFC');
  if (kind === 'decimal') return withoutZeros(text);
  if (kind === 'float') return text.replace(/\.0$/, '').replace(/^-0$/, '0');
  if (kind === 'timestamp') return timestamp(text);
  return text.toLowerCase();
}

/** Years of four digits, as nearly all are, by their places: a fourth of the time. */
function timestamp(text: string): string {
  if (text.indexOf(' ') === 10 && isDigit(text.charCodeAt(11)) && !text.endsWith(')')) {
    const [date, time] = [text.slice(0, 10), text.slice(11)];
    return time.endsWith('+00') ? `${date}t${time.slice(0, -3)}z` : `${date}t${time}`;
  }
  return text
    .toLowerCase()
    .replace(/ (?=\d)/, 't')
    .replace(/\+00$/, 'z');
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

/** Unicode White_Space; `trim` of the language leaves U+0085 and takes U+FEFF. All of it lies below U+10000. */
const WHITE_SPACE = /\p{White_Space}/u;

/** By hand from both ends: a regular expression tries each run of white space within. */
function trimWhiteSpace(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && WHITE_SPACE.test(text[from] ?? '')) from++;
  while (to > from && WHITE_SPACE.test(text[to - 1] ?? '')) to--;
  return text.slice(from, to);
}

/** `12.500` → `12.5` */
export const withoutZeros = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
