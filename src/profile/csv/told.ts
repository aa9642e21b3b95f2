import type { ToldText } from '../../connectors/connector.ts';
import { several } from '../../model/several.ts';

/** Names for people of delimiters that are hard to see. */
export const DELIMITER_WORDS: Readonly<Record<string, string>> = {
  comma: ',',
  semicolon: ';',
  tab: '\t',
  pipe: '|',
  space: ' ',
  none: '',
};

const AS_SAID = 'it was read as the job said: ';

/** Whether a warning of a profile says nothing but what whoever started the job said. */
export const isAsSaid = (warning: string): boolean => warning.startsWith(AS_SAID);

/** A sentence for the profile on what somebody said of how a text is to be read; none where nothing was said. Pure. */
export function sayTold({ encoding, delimiter, quote, header, skipLines }: ToldText): string[] {
  const said = [
    ...(encoding === undefined ? [] : [`encoding ${encoding}`]),
    ...(delimiter === undefined ? [] : [`delimiter ${sign(delimiter)}`]),
    ...(quote === undefined ? [] : [`quote ${sign(quote)}`]),
    ...(header === undefined ? [] : [header ? 'with a header' : 'without a header']),
    ...(skipLines ? [`without ${firstLines(skipLines)}`] : []),
  ];
  return said.length === 0 ? [] : [`${AS_SAID}${said.join(', ')}`];
}

/** `its first line`, `its first 1,200 lines`. */
export const firstLines = (count: number): string => `its first ${count === 1 ? 'line' : several(count, '', 'lines')}`;

const sign = (text: string): string =>
  Object.keys(DELIMITER_WORDS).find((word) => DELIMITER_WORDS[word] === text && text.trim() === '') ??
  JSON.stringify(text);

/** Characters of the first lines of a text, of all of it where it has fewer. Pure. */
export function lengthOfLines(text: string, lines: number): number {
  const end = /\r\n|\n|\r/g;
  for (let line = 0; line < lines; line += 1) if (!end.exec(text)) return text.length;
  return end.lastIndex;
}
