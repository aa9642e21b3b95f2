export type SampleType = 'none' | 'clause' | 'first' | 'nth' | 'filter';
export type SampleMethod = 'percentage' | 'rows';

/** What is written in lists of valid values, and the other spellings of each, in letters and digits alone. */
type Spellings<T extends string> = Record<T, { shown: string; also: string[] }>;

export const TYPES: Spellings<SampleType> = {
  none: { shown: 'None', also: ['all', 'allrows', 'clear', 'off', 'nosampling'] },
  clause: { shown: 'Sample Clause', also: ['sample', 'clause', 'random', 'randomrows'] },
  first: { shown: 'First N Rows', also: ['first', 'firstn', 'firstrows', 'rowlimit', 'limit', 'topn', 'topnrows'] },
  nth: { shown: 'Every Nth Row', also: ['everynth', 'nth', 'nthrow', 'everynthrows', 'nthvalue'] },
  filter: { shown: 'Filter', also: ['where', 'whereclause', 'condition', 'sqlfilter'] },
};
export const METHODS: Spellings<SampleMethod> = {
  percentage: { shown: 'percentage', also: ['percent', 'pct', '%'] },
  rows: { shown: 'rows', also: ['row', 'numberofrows', 'numrows', 'rowcount', 'rownumber', 'reservoir'] },
};

export const SAMPLE_TYPES = Object.values(TYPES).map(({ shown }) => shown);
export const SAMPLE_METHODS = Object.values(METHODS).map(({ shown }) => shown);

/** `SAMPLE_CLAUSE`, `Sample Clause` and `sampleClause` are one. */
const bare = (text: string): string => (text.trim() === '%' ? '%' : text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''));

function find<T extends string>(table: Spellings<T>, text: string): T | undefined {
  const wanted = bare(text);
  return (Object.keys(table) as T[]).find(
    (key) => bare(table[key].shown) === wanted || table[key].also.includes(wanted),
  );
}

export const findMethod = (text: string): SampleMethod | undefined => find(METHODS, text);

/**
 * What a `sampleType` means; a way to take a sample stands for a sample clause of it. `first 10 rows`, `every 3rd row` and `10 %` bring
 * their number along. Pure.
 */
export function findType(text: string): { type: SampleType; method?: SampleMethod; value?: number } | undefined {
  const type = find(TYPES, text);
  if (type) return { type };
  const method = find(METHODS, text);
  if (method) return { type: 'clause', method };
  const [number, more] = text.match(/\d+(\.\d+)?/g) ?? [];
  if (number === undefined || more !== undefined || Number(number) === 0 || /(^|\s)-\d/.test(text)) return undefined;
  const value = Number(number);
  const counted = find(
    TYPES,
    text.replace(/\d+(st|nd|rd|th)?/i, (_, ending) => (ending ? 'nth' : 'n')),
  );
  if (Number.isSafeInteger(value) && (counted === 'first' || counted === 'nth')) return { type: counted, value };
  const measured = find(METHODS, text.replace(number, ''));
  return measured && { type: 'clause', method: measured, value };
}
