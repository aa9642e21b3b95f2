import { AssayError } from '../../errors/assay-error.ts';
import type { ErrorCode } from '../../errors/table.ts';
import { toStorable } from '../../model/storable-text.ts';
import { withoutValues } from './without-values.ts';

/** Throws when the work was called off, whatever error that led to. */
export function assertLive(signal: AbortSignal, cause: unknown = signal.reason): void {
  if (signal.aborted) throw new AssayError('CANCELLED', 'the work was called off', { cause });
}

const CODES: [RegExp, ErrorCode][] = [
  [/^INTERRUPT Error/, 'CANCELLED'],
  [/No space left on device|disk full/i, 'DISK_FULL'],
  [/^Out of Memory Error|could not allocate|failed to offload/i, 'OUT_OF_MEMORY'],
  [/No files found|No such file|does not exist.*(file|table)|Table with name .* does not exist/i, 'SOURCE_NO_OBJECT'],
  [/Permission denied|Cannot access (?:file|directory)/i, 'SOURCE_NO_RIGHT'],
  [/Could not set lock on file|Conflicting lock/i, 'SOURCE_BUSY'],
  [/^(Invalid Input|Conversion|IO|Serialization|Malformed JSON|Out of Range|Invalid)/i, 'SOURCE_BAD_DATA'],
];

/** DuckDB's errors in our words, without values of rows; `doing` says what was tried: `reading orders.csv`. */
export function translateDuckDbError(thrown: unknown, doing: string): AssayError {
  if (thrown instanceof AssayError) return thrown;
  // Which folder it was to look into is no matter of who wrote the condition.
  const message = (thrown instanceof Error ? thrown.message : String(thrown)).replace(
    /(Cannot access directory) "[^"]*"/,
    '$1',
  );
  const code = CODES.find(([pattern]) => pattern.test(message))?.[1] ?? 'INTERNAL';
  const words = toStorable(withoutValues(message).split('\n').slice(0, 6).join(' ').slice(0, 1000));
  return new AssayError(code, `${doing}: ${words}`, { cause: thrown });
}
