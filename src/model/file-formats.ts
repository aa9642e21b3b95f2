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
export const PACKED = /\.(gz|zst)$/i;

/** Format that a file's name promises; undefined when it promises none. Pure. */
export function formatOfName(name: string): TableFormat | undefined {
  const inner = name.replace(PACKED, '');
  const dot = inner.lastIndexOf('.');
  return dot <= 0 ? undefined : FORMATS[inner.slice(dot + 1).toLowerCase()];
}

/** Names that say nothing of what the file holds, and under which tables are sent all the same: `.txt`, `.dat`, no ending. */
export function mayHoldTable(name: string): boolean {
  const file = name.slice(name.lastIndexOf('/') + 1).replace(PACKED, '');
  return /\.(?:txt|text|dat|data|asc|del|out)$/i.test(file) || !/.\./.test(file);
}

export type Packing = 'gzip' | 'zstd';

/** How a file is packed, by its first four bytes; a zstd file may begin with a frame that holds no data (RFC 8878, section 3.1.2). Pure. */
export function packingOf(head: Buffer): Packing | undefined {
  const magic = head.toString('hex', 0, 4);
  if (magic.startsWith('1f8b')) return 'gzip';
  return magic === '28b52ffd' || /^5.2a4d18$/.test(magic) ? 'zstd' : undefined;
}

/** For people: `.csv, .tsv, … (also packed: .gz, .zst)`. */
export const TABLE_FILES = `${Object.keys(FORMATS)
  .map((one) => `.${one}`)
  .join(', ')} (also packed: .gz, .zst)`;
