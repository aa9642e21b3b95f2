import { readCode, readLongHex } from './read-codes.ts';
import { readDateOrTime } from './read-dates.ts';
import { readAmount, readNumber } from './read-numbers.ts';
import { readWord } from './read-words.ts';

/** Longer values are judged by what DuckDB says of them. */
export const LONGEST_VALUE = 1_024;

/**
 * All ways to read a value, `type:format` each, as one text: values with the same readings are counted together. `''` where there
 * is none but text. Linear in the length of the value.
 */
export function readingsOf(value: string): string {
  const text = value.trim();
  const first = text.charCodeAt(0);
  if (first === 0x7b || first === 0x5b) {
    const json = readJson(text);
    if (json) return json;
  }
  if (/^\d+$/.test(text)) return readDigits(text).join('|');
  const hex = readLongHex(text);
  if (hex) return hex.join('|');
  const readings = [
    ...readWord(text),
    ...readNumber(text),
    ...readAmount(text),
    ...readDateOrTime(text),
    ...readCode(text),
  ];
  return readings.join('|');
}

function readJson(text: string): string {
  try {
    JSON.parse(text);
    return text.startsWith('{') ? 'json:object' : 'json:array';
  } catch {
    return '';
  }
}

/** Digits may be a number, or a code, where a zero in front matters; and some numbers look like dates, years and clocks. */
function readDigits(text: string): string[] {
  if (text.length > 1 && text.startsWith('0')) return ['digits:'];
  const readings = ['integer:0', 'digits:'];
  const number = Number(text);
  if (text === '0' || text === '1') readings.unshift(`boolean:${text}`);
  else if (text.length === 4 && number >= 1900 && number <= 2100) readings.push('year:yyyy');
  else if (text.length === 10 && number >= 946_684_800 && number < 2_208_988_800) readings.push('epoch:seconds');
  else if (text.length === 13 && number >= 946_684_800_000 && number < 2_208_988_800_000)
    readings.push('epoch:milliseconds');
  else if (text.length === 8 || text.length === 14) readings.push(...readDateOrTime(text));
  return readings;
}
