/** What a file is by its first bytes. */
export type Content =
  | { is: 'parquet' }
  /** Something that is no table as it stands; `what` in words, `remedy` what to do. */
  | { is: 'other'; what: string; remedy: string }
  /** Text, or nothing that is known. */
  | { is: 'unknown' };

const CONVERT = 'export it as CSV, JSON or Parquet';
const REPLACE = 'give it the ending of what it is, or copy the right file here';
const UNPACK = 'unpack it, or pack it with gzip or zstd';

/** Signatures: where, which bytes (latin1), what that is, what to do. */
const MAGIC: readonly [number, string, string, string][] = [
  [0, 'PARE', 'a Parquet file whose footer is encrypted', 'give a copy that is not encrypted'],
  [0, 'SQLite format 3\0', 'a SQLite database', 'make it a data source of databaseType SQLITE'],
  [8, 'DUCK', 'a DuckDB database', 'make it a data source of databaseType DUCKDB'],
  [0, 'PK\x03\x04', 'a zip archive (as .xlsx files are, too)', `unpack it, or ${CONVERT}`],
  [0, '%PDF-', 'a PDF document', CONVERT],
  [0, 'ORC', 'an ORC file', CONVERT],
  [0, 'Obj\x01', 'an Avro file', CONVERT],
  [0, 'ARROW1', 'an Arrow file', CONVERT],
  [0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'an old Office document', CONVERT],
  [0, '\xfd7zXZ\0', 'packed with xz', UNPACK],
  [0, 'BZh', 'packed with bzip2', UNPACK],
  [0, '7z\xbc\xaf\x27\x1c', 'a 7-Zip archive', UNPACK],
  [0, '\x1f\x8b\x08', 'packed twice', 'pack it once'],
  [0, '\x28\xb5\x2f\xfd', 'packed twice', 'pack it once'],
  [257, 'ustar', 'a tar archive', 'unpack it into a folder'],
  [0, '\x89PNG\r\n', 'a picture (PNG)', REPLACE],
  [0, '\xff\xd8\xff', 'a picture (JPEG)', REPLACE],
  [0, 'GIF8', 'a picture (GIF)', REPLACE],
  [0, 'version https://git-lfs.github.com/spec/', 'a pointer of Git LFS', 'fetch the file itself: git lfs pull'],
  [0, '\x7fELF', 'a program', REPLACE],
  [0, 'MZ', 'a program', REPLACE],
];

export function contentOf(bytes: Buffer): Content {
  const starts = (at: number, text: string): boolean =>
    bytes.subarray(at, at + text.length).toString('latin1') === text;
  if (starts(0, 'PAR1') && !isText(bytes)) return { is: 'parquet' };
  for (const [at, text, what, remedy] of MAGIC)
    if (starts(at, text) && !(/^[\w]+$/.test(text) && isText(bytes))) return { is: 'other', what, remedy };
  return { is: 'unknown' };
}

/** A table may begin with a column called ORCID, or PAR1_ID: no text holds control characters as these files do. */
const isText = (bytes: Buffer): boolean => bytes.length > 12 && !bytes.some((byte) => byte < 9);
