import type { ToldText } from '../../connectors/connector.ts';
import { DELIMITER_WORDS } from '../../profile/csv/told.ts';
import { ENCODINGS, encodingNamed } from '../../profile/encoding/labels.ts';

/** The keys of `configs` that say how text files are to be read. */
export interface GivenText {
  encoding?: string;
  delimiter?: string;
  quote?: string;
  header?: boolean;
  skipLines?: number;
}

const QUOTE_WORDS: Readonly<Record<string, string>> = { double: '"', single: "'", none: '' };
const ESCAPES: Readonly<Record<string, string>> = { '\\t': '\t', '\\x01': '\x01', '\\u0001': '\x01', '\\x1f': '\x1f' };
const LONGEST_DELIMITER = 4;

const words = (table: Readonly<Record<string, string>>): string =>
  Object.keys(table)
    .map((word) => JSON.stringify(word))
    .join(', ');

export const DELIMITERS_SAID = `1 to ${LONGEST_DELIMITER} characters that are neither letters, digits, quotes nor line ends, or one of ${words(DELIMITER_WORDS)}`;
export const QUOTES_SAID = `one character that is neither a letter, a digit nor white space, or one of ${words(QUOTE_WORDS)}`;

/**
 * How the text of files is to be read, as the request says; undefined where it says nothing. Empty texts and 0 say nothing. Pure.
 *
 * @param say is told of every problem
 */
export function readText(given: GivenText, say: (field: keyof GivenText, says: string) => void): ToldText | undefined {
  const text: ToldText = {};
  if (given.encoding?.trim()) {
    const encoding = encodingNamed(given.encoding);
    if (encoding === undefined)
      say(
        'encoding',
        `received ${shown(given.encoding)}, expected one of ${ENCODINGS.map((one) => `"${one}"`).join(', ')}`,
      );
    else text.encoding = encoding;
  }
  if (given.delimiter) {
    const delimiter = signOf(given.delimiter, DELIMITER_WORDS);
    if (/^[^\p{L}\p{N}"'\r\n\0]*$/u.test(delimiter) && [...delimiter].length <= LONGEST_DELIMITER)
      text.delimiter = delimiter;
    else say('delimiter', `received ${shown(given.delimiter)}, expected ${DELIMITERS_SAID}`);
  }
  if (given.quote?.trim()) {
    const quote = signOf(given.quote.trim(), QUOTE_WORDS);
    if (quote === '' || (quote.length === 1 && !/[\p{L}\p{N}\s]/u.test(quote))) text.quote = quote;
    else say('quote', `received ${shown(given.quote)}, expected ${QUOTES_SAID}`);
  }
  if (text.quote && text.delimiter?.includes(text.quote))
    say('quote', `received ${shown(text.quote)}, which is in the delimiter, too; expected another`);
  if (given.header !== undefined) text.header = given.header;
  if (given.skipLines) text.skipLines = given.skipLines;
  return Object.keys(text).length === 0 ? undefined : text;
}

function signOf(given: string, table: Readonly<Record<string, string>>): string {
  const word = given.trim().toLowerCase();
  if (Object.hasOwn(table, word)) return table[word] ?? '';
  return Object.hasOwn(ESCAPES, word) ? (ESCAPES[word] ?? '') : given;
}

const shown = (value: string): string =>
  value.length > 20 ? `a text of ${value.length} characters` : JSON.stringify(value);
