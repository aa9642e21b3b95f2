/** Kinds of errors whose words are of names, files and settings. The words of all others may quote what stands in a row. */
const OF_NAMES =
  /^(?:IO|Catalog|Binder|Parser|Syntax|Permission|Out of Memory|INTERRUPT|FATAL|INTERNAL|Connection|Dependency|Serialization|TransactionContext|(?:Missing |Loading )?Extension\b.*) Error: (?!JSON path error)/i;

const TYPES =
  'U?(?:INT(?:8|16|32|64|128)|(?:TINY|SMALL|BIG|HUGE)?INT|INTEGER)|FLOAT|DOUBLE|DECIMAL\\(\\d+,\\s?\\d+\\)|BOOL(?:EAN)?|DATE|TIME|TIMESTAMP|INTERVAL|UUID|BLOB|BIT|VARCHAR|JSON|STRUCT|MAP';

/** What may be said of the others. None of it can hold more of a row than a number of bytes, lines or columns. */
const SAYABLE: readonly RegExp[] = [
  /CSV Error on Line: \d+/,
  /Expected Number of Columns: \d+ Found: \d+/,
  /Value with unterminated quote found/,
  /Maximum line size of \d+ bytes exceeded/,
  /It was not possible to automatically detect the CSV [Pp]arsing dialect/,
  /Invalid unicode(?: \(byte sequence mismatch\))?(?: detected)?/,
  /not utf-8 encoded/i,
  /Malformed JSON(?= (?:at byte|in file))/,
  /at byte \d+(?: in (?:line|record\/value) \d+)?/,
  /UTF-(?:16|32) encoding is not supported/,
  /(?:invalid|unexpected) (?:UTF-8 encoding|control character|escaped [a-z]+) in string/,
  /unexpected (?:character|end of data|content after document)/,
  /"maximum_object_size" of \d+ bytes exceeded/,
  /Could not convert string/,
  /Could not cast value/,
  /value is out of range/,
  /(?:date|time|timestamp) field (?:value out of range|format)/,
  /could not convert blob to UTF8 string/,
  /Could not parse string/,
  /Overflow in (?:addition|subtraction|multiplication|division|negation) of U?INT\d+/,
  new RegExp(`(?:to '?|to the destination type |for the destination type )(?:${TYPES})\\b`),
  /No magic bytes found at end of file/,
  /Failed to read file/,
  /decompression failure/,
  /Footer length(?: error)?/,
  /TProtocolException: Invalid data/,
  /Corrupt database file/,
  /Could not read enough bytes/,
  /Unknown TimeZone/,
  /Unimplemented type for cast/,
  /(?:Unsupported|Unrecognized) (?:GZIP )?(?:compression|encoding|codec)\b/i,
  /(?:is|are) not (?:yet )?(?:implemented|supported)\b/,
  /too small to be a Parquet file/,
  /connection disconnected/,
  /Cannot execute statement of type "[A-Z_]+"/,
  /attached in read-only mode/,
];

/**
 * The words of a DuckDB error without the value that it stumbled over: messages are read by people who may see no row. Told
 * by what may stay, for a value can be written without quotes, and can hold some. Pure.
 */
export function withoutValues(message: string): string {
  if (OF_NAMES.test(message)) return message;
  const kind = /^[A-Z][A-Za-z ]{2,30} Error(?=:)/.exec(message)?.[0] ?? 'DuckDB Error';
  const said = SAYABLE.map((one) => one.exec(message)?.[0]).filter((one) => one !== undefined);
  return `${kind}: ${said.length > 0 ? said.join(', ') : 'it does not work with one of the values'}`;
}
