/** Formats of files that are read as tables. */
export type TableFormat = { kind: 'csv'; delimiter: string } | { kind: 'json' } | { kind: 'parquet' };

const FORMATS: Readonly<Record<string, TableFormat>> = {
  csv: { kind: 'csv', delimiter: ',' },
  tsv: { kind: 'csv', delimiter: '\t' },
  tab: { kind: 'csv', delimiter: '\t' },
  psv: { kind: 'csv', delimiter: '|' },
  json: { kind: 'json' },
  jsonl: { kind: 'json' },
  ndjson: { kind: 'json' },
  parquet: { kind: 'parquet' },
};

/** Endings of packed files, behind that of the format: `orders.csv.gz`. */
const PACKED = /\.(gz|zst)$/i;

/** Format that a file's name promises; undefined when it promises none. Pure. */
export function formatOfName(name: string): TableFormat | undefined {
  const inner = name.replace(PACKED, '');
  const dot = inner.lastIndexOf('.');
  return dot <= 0 ? undefined : FORMATS[inner.slice(dot + 1).toLowerCase()];
}

/** For people: `.csv, .tsv, … (also packed: .gz, .zst)`. */
export const TABLE_FILES = `${Object.keys(FORMATS)
  .map((one) => `.${one}`)
  .join(', ')} (also packed: .gz, .zst)`;
