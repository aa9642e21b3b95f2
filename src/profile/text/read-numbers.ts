/**
 * Readings of numbers. A reading is `type:format`; formats are those of number patterns, with `#` for digits that may be missing.
 * Every expression here is anchored and has no two ways to match a text, so it runs in linear time.
 */
const PLAIN = /^(?:0|[1-9]\d*)$/;
/** What a text is made of that any of the forms reads: one look at most texts instead of sixteen. */
const MARKS_AND_DIGITS = /^[\d.,'’ \u00a0\u2009\u202feE+-]+$/;
const FORMS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^[1-9]\d{0,2},\d{3}$/, ['integer:#,##0', 'decimal:0,0']],
  [/^[1-9]\d{0,2}(?:,\d{3}){2,}$/, ['integer:#,##0']],
  [/^[1-9]\d{0,2}(?:,\d{3})+\.\d+$/, ['decimal:#,##0.0']],
  [/^[1-9]\d{0,2}\.\d{3}$/, ['decimal:0.0', 'integer:#.##0']],
  [/^[1-9]\d{0,2}(?:\.\d{3}){2,}$/, ['integer:#.##0']],
  [/^[1-9]\d{0,2}(?:\.\d{3})+,\d+$/, ['decimal:#.##0,0']],
  [/^[1-9]\d{0,2}(?:[ \u00a0\u2009\u202f]\d{3})+$/, ['integer:# ##0']],
  [/^[1-9]\d{0,2}(?:[ \u00a0\u2009\u202f]\d{3})+,\d+$/, ['decimal:# ##0,0']],
  [/^[1-9]\d{0,2}(?:[ \u00a0\u2009\u202f]\d{3})+\.\d+$/, ['decimal:# ##0.0']],
  [/^[1-9]\d{0,2}(?:['’]\d{3})+$/, ["integer:#'##0"]],
  [/^[1-9]\d{0,2}(?:['’]\d{3})+\.\d+$/, ["decimal:#'##0.0"]],
  [/^[1-9]\d?(?:,\d{2})+,\d{3}$/, ['integer:#,##,##0']],
  [/^[1-9]\d?(?:,\d{2})+,\d{3}\.\d+$/, ['decimal:#,##,##0.0']],
  [/^(?:0|[1-9]\d*)?\.\d+$/, ['decimal:0.0']],
  [/^(?:0|[1-9]\d*)?,\d+$/, ['decimal:0,0']],
  [/^\d+(?:\.\d+)?[eE][+-]?\d{1,3}$/, ['decimal:0.0E0']],
];

/** Conventions by which a column may be read as numbers, each with the formats it understands; the first ones are preferred. */
export const CONVENTIONS: readonly (readonly string[])[] = [
  ['integer:0', 'integer:#,##0', 'decimal:0.0', 'decimal:#,##0.0', 'decimal:0.0E0'],
  ['integer:0', 'integer:#.##0', 'decimal:0,0', 'decimal:#.##0,0'],
  ['integer:0', 'integer:# ##0', 'decimal:0,0', 'decimal:# ##0,0'],
  ['integer:0', 'integer:# ##0', 'decimal:0.0', 'decimal:# ##0.0'],
  ['integer:0', "integer:#'##0", 'decimal:0.0', "decimal:#'##0.0"],
  ['integer:0', 'integer:#,##0', 'integer:#,##,##0', 'decimal:0.0', 'decimal:#,##0.0', 'decimal:#,##,##0.0'],
];

const LONGEST = 60;

/** `(1,234.50)` and `−1,234.50` → `1,234.50`. */
export function withoutSign(text: string): string {
  if (text.startsWith('(') && text.endsWith(')')) return text.slice(1, -1).trim();
  if (/^[-+−]/.test(text)) return text.slice(1).trimStart();
  return text.endsWith('-') ? text.slice(0, -1) : text;
}

export function readNumber(text: string): readonly string[] {
  if (text.length > LONGEST) return [];
  const body = withoutSign(text);
  if (PLAIN.test(body)) return ['integer:0'];
  if (!MARKS_AND_DIGITS.test(body)) return [];
  return FORMS.find(([form]) => form.test(body))?.[1] ?? [];
}

const SYMBOLS = new Set(
  'R$ C$ A$ US$ NZ$ HK$ S$ zł kr kr. Kč Ft lei лв Fr. Fr руб руб. р. 円 元 원 Rs Rs. RM Rp TL Kn'.split(' '),
);
const CODES = new Set(
  (
    'AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KES KRW KWD MAD MXN MYR NGN NOK NZD ' +
    'PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR'
  ).split(' '),
);
const isCurrency = (mark: string): boolean => /^\p{Sc}$/u.test(mark) || SYMBOLS.has(mark) || CODES.has(mark);

/** Between the mark and the number of a reading of an amount: `currency:<mark>␁<side>␁<number format>`. */
export const PARTS = '\u0001';

/** Amounts with a currency's symbol or code on either side, and percentages. */
export function readAmount(text: string): readonly string[] {
  if (text.length > LONGEST) return [];
  const body = withoutSign(text);
  const before = /^(\p{Sc}|[A-Za-z]{0,3}\$|[\p{L}]{1,3}\.?)([ \u00a0\u202f]?)(?=[-+−\d.,])/u.exec(body);
  if (before && isCurrency(before[1] as string))
    return amounts('currency', `${before[1]}${before[2] === '' ? '' : ' '}`, '<', body.slice(before[0].length));
  const last = body.charCodeAt(body.length - 1);
  // Searched for at each digit: a text that ends in one, or has none, is not looked through.
  if ((last >= 0x30 && last <= 0x39) || !/\d/.test(body)) return [];
  const after = /(?<=\d)([ \u00a0\u202f]?)(\p{Sc}|%|[\p{L}]{1,3}\.?)$/u.exec(body);
  if (!after) return [];
  const rest = body.slice(0, after.index);
  const space = after[1] === '' ? '' : ' ';
  if (after[2] === '%') return amounts('percent', `${space}%`, '>', rest);
  return isCurrency(after[2] as string) ? amounts('currency', `${space}${after[2]}`, '>', rest) : [];
}

const amounts = (type: string, mark: string, side: string, number: string): string[] =>
  readNumber(number).map((reading) => `${type}:${mark}${PARTS}${side}${PARTS}${reading}`);
