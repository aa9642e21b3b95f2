import { sniffCsv } from './sniff.ts';

/** What the name of a text promises; `nothing` of a `.txt` or a name without an ending, `Parquet` of one that is none. */
export type Promised = 'csv' | 'json' | 'Parquet' | 'nothing';

/**
 * The format that a text has, whatever it is called. JSON is told by its first character, except that a table with delimiters
 * may begin with a bracket, too: there the first line must be JSON by itself. Where the name promises no text, it takes a table
 * of two columns and more to be one; undefined when there is none. Pure.
 */
export function kindOfText(head: string, complete: boolean, promised: Promised): 'csv' | 'json' | undefined {
  const text = head.replace(/^\ufeff/, '');
  const first = text.trimStart()[0];
  const looksLikeJson = first === '{' || first === '[';
  if (promised === 'csv') return looksLikeJson && beginsWithRecord(text) ? 'json' : 'csv';
  if (promised === 'json') {
    if (looksLikeJson || first === undefined || /^\s*(["\d-]|true|false|null)/.test(text)) return 'json';
    return sniffCsv(text, { complete }).isTable ? 'csv' : 'json';
  }
  if (looksLikeJson && beginsWithRecord(text)) return 'json';
  if (first === undefined) return undefined;
  return sniffCsv(text, { complete }).isTable ? 'csv' : undefined;
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
