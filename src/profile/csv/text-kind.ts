import type { ToldText } from '../../connectors/connector.ts';
import { markupOf } from './markup.ts';
import { sniffCsv } from './sniff.ts';
import { lengthOfLines } from './told.ts';

/** What the name of a text promises; `nothing` of a `.txt` or a name without an ending, `Parquet` of one that is none. */
export type Promised = 'csv' | 'json' | 'Parquet' | 'nothing';

/**
 * The format that a text has, whatever it is called. JSON is told by its first character, except that a table with delimiters
 * may begin with a bracket, too: there the first line must be JSON by itself. Where the name promises no text, it takes a table
 * of two columns and more to be one; undefined when there is none. HTML and XML are no tables, whatever they hold. Whoever says a delimiter
 * says that it is delimited text. Pure.
 */
export function kindOfText(
  { head, tail, complete }: { head: string; tail: string; complete: boolean },
  promised: Promised,
  told: ToldText = {},
): 'csv' | 'json' | 'HTML' | 'XML' | undefined {
  if (told.delimiter !== undefined && promised !== 'json') return 'csv';
  const text = head.slice(lengthOfLines(head, told.skipLines ?? 0)).replace(/^\ufeff/, '');
  const markup = markupOf(text, complete ? text : tail);
  if (markup !== undefined) return markup;
  const first = text.trimStart()[0];
  const looksLikeJson = first === '{' || first === '[';
  if (promised === 'csv') return looksLikeJson && beginsWithRecord(text) ? 'json' : 'csv';
  if (promised === 'json') {
    // Comments are no JSON, and make none of what follows into a table.
    if (/^(?:\s*(?:\/\/|#).*)+\s*[{[]/.test(text)) return 'json';
    if (looksLikeJson || first === undefined || /^\s*(["\d-]|true|false|null)/.test(text)) return 'json';
    return sniffCsv(text, { complete }).isTable ? 'csv' : 'json';
  }
  if (looksLikeJson && beginsWithRecord(text)) return 'json';
  if (first === undefined) return undefined;
  return sniffCsv(head, { complete, told }).isTable ? 'csv' : undefined;
}

function beginsWithRecord(text: string): boolean {
  const start = text.trimStart();
  const line = start.split('\n', 1)[0] ?? '';
  try {
    const value: unknown = JSON.parse(line);
    const record = Array.isArray(value) ? (value[0] as unknown) : value;
    return typeof record === 'object' && record !== null && !Array.isArray(record);
  } catch {
    // One value over many lines.
    return /^\[?\s*\{\s*"(?:[^"\\]|\\.)*"\s*:/.test(start);
  }
}
