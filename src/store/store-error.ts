import { AssayError, toAssayError } from '../errors/assay-error.ts';
import { isUnreachable, pgCode } from './pg-errors.ts';

/** Serialization failure, deadlock, lock not available. */
const PASSING = new Set(['40001', '40P01', '55P03']);

/**
 * What the driver threw about the catalog's own database, as an error of the table; undefined for anything else. Where a
 * task talks to a PostgreSQL source too, its connector has translated that one's errors before.
 */
export function toStoreError(thrown: unknown): AssayError | undefined {
  if (thrown instanceof AssayError) return thrown;
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  const state = pgCode(thrown);
  if (state === '53100' || state === 'ENOSPC' || state === 'EDQUOT' || /no space left on device/i.test(words)) {
    return new AssayError('DISK_FULL', `the disk that Assay writes to is full: ${words}`, { cause: thrown });
  }
  if (isUnreachable(thrown))
    return new AssayError('STORE_UNAVAILABLE', `the catalog database cannot be reached: ${words}`, { cause: thrown });
  if (PASSING.has(state))
    return new AssayError('STORE_BUSY', `the catalog database says: ${words} (${state})`, { cause: thrown });
  // The rest of SQLSTATE is a bug of ours, and tried again all the same.
  if (/^[0-9A-Z]{5}$/.test(state))
    return new AssayError('STORE_FAILED', `the catalog database says: ${words} (${state})`, { cause: thrown });
  return undefined;
}

/**
 * What the database could not store because of what it was given, as BAD_REQUEST; undefined for anything else. Its words without values:
 * what it quotes may be what was given.
 *
 * @source https://www.postgresql.org/docs/current/errcodes-appendix.html, classes 22 (data exception) and 54 (program limit exceeded)
 */
export function toUnstorable(thrown: unknown): AssayError | undefined {
  const state = pgCode(thrown);
  if (!(thrown instanceof Error) || !/^(22|54)[0-9A-Z]{3}$/.test(state)) return undefined;
  const words = thrown.message
    .replace(/".*"/s, '"…"')
    .replace(/[:(].*$/s, '')
    .trim();
  return new AssayError(
    'BAD_REQUEST',
    `the catalog database cannot store it: ${words} (${state}); look for unusual characters, for very long texts and deep nesting`,
    { cause: thrown },
  );
}

/** An error of the table for whatever was thrown: what is neither ours nor the database's becomes INTERNAL. */
export function toStoreOrAssayError(thrown: unknown): AssayError {
  return toStoreError(thrown) ?? toAssayError(thrown);
}
