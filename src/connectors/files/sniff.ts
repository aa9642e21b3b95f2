export interface Sniffed {
  /** Absent when the text shows no columns. */
  delimiter?: string;
  /** Whether the first line holds names; absent when the text does not settle it. */
  header?: boolean;
}

const SAMPLE_RECORDS = 100;
const CANDIDATES = [',', ';', '\t', '|'] as const;

/**
 * Finds delimiter and header of a text. `complete`: the text is the whole file, so its last line counts too. `expected` is the
 * delimiter its extension promises: it wins when both would do. Pure.
 */
export function sniffText(text: string, complete: boolean, expected?: string): Sniffed {
  const sample = text.startsWith('\ufeff') ? text.slice(1) : text;
  let best: { delimiter: string; records: string[][]; score: number } | undefined;
  for (const delimiter of CANDIDATES) {
    const records = splitRecords(sample, delimiter, complete);
    const score = scoreOf(records) + (delimiter === expected ? 0.01 : 0);
    if (score > 0.5 && (!best || score > best.score)) best = { delimiter, records, score };
  }
  if (!best) return {};
  const header = findHeader(best.records);
  return header === undefined ? { delimiter: best.delimiter } : { delimiter: best.delimiter, header };
}

/** Share of records that have the most common number of fields, 0 when that number is one; more fields break a tie. */
function scoreOf(records: string[][]): number {
  const counts = Map.groupBy(records, (record) => record.length);
  let common = 1;
  let times = 0;
  for (const [fields, list] of counts) if (list.length > times) [common, times] = [fields, list.length];
  return common < 2 ? 0 : times / records.length + Math.min(common, 100) / 100_000;
}

/** Fields between delimiters; a quoted one may hold delimiters, line breaks and doubled quotes. Blank lines are no records. */
export function splitRecords(text: string, delimiter: string, complete: boolean): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let field = '';
  let quoted = false;
  const endField = (): void => {
    record.push(field);
    field = '';
  };
  const endRecord = (): void => {
    endField();
    if (record.length > 1 || record[0] !== '') records.push(record);
    record = [];
  };
  for (let at = 0; at < text.length && records.length < SAMPLE_RECORDS; at++) {
    const char = text[at] as string;
    if (quoted) {
      if (char !== '"') field += char;
      else if (text[at + 1] === '"') field += text[++at];
      else quoted = false;
    } else if (char === '"' && field === '') quoted = true;
    else if (char === delimiter) endField();
    else if (char === '\n') endRecord();
    else if (char === '\r') {
      if (text[at + 1] === '\n') at++;
      endRecord();
    } else field += char;
  }
  if ((complete || records.length === 0) && records.length < SAMPLE_RECORDS && (field !== '' || record.length > 0))
    endRecord();
  return records;
}

const NUMBER = /^[-+]?(\d+([.,]\d+)*|\.\d+)(e[-+]?\d+)?%?$/i;
const DATE = /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T]\d{1,2}:\d{2}.*)?$/;
const isValue = (text: string): boolean => NUMBER.test(text.trim()) || DATE.test(text.trim());

/** Names are distinct, filled and no values, above a column of values. A first line with a value or a gap holds no names. */
function findHeader(records: string[][]): boolean | undefined {
  const [first = [], ...rest] = records;
  if (first.some((name) => isValue(name))) return false;
  const distinct = new Set(first.map((name) => name.trim().toLowerCase()));
  if (distinct.size < first.length || distinct.has('')) return undefined;
  const sure = first.some((_, column) => {
    const below = rest.map((record) => record[column]?.trim() ?? '').filter((value) => value !== '');
    return below.length > 0 && below.every(isValue);
  });
  return sure ? true : undefined;
}
