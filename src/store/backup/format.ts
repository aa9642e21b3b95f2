import { z } from 'zod';
import { AssayError } from '../../errors/assay-error.ts';

/**
 * A backup is gzipped text, readable with zcat:
 * 1. a line of JSON, the header;
 * 2. for each table of the header, in its order: the rows in COPY's text format, then a line `\.`;
 * 3. a line of JSON, the trailer. A file without it was cut off.
 *
 * Tables come in an order in which every row's references are there before it.
 */
export const FORMAT = 'assay-backup';
export const FORMAT_VERSION = 1;

const header = z.object({
  format: z.literal(FORMAT),
  version: z.int().min(1),
  /** Version of Assay that wrote it. */
  assay: z.string(),
  createdAt: z.iso.datetime(),
  /** Names of the migrations of its schema. */
  migrations: z.array(z.string()),
  /** Of the secret key its secrets are encrypted with; null when none was stored. */
  keyFingerprint: z.string().nullable(),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()).min(1) })),
});
export type BackupHeader = z.infer<typeof header>;

const trailer = z.object({
  end: z.literal(true),
  /** Rows by table. */
  rows: z.record(z.string(), z.int()),
  /** Last value of the sequences behind identity columns, as text because int8 exceeds a double. */
  sequences: z.array(z.object({ table: z.string(), column: z.string(), value: z.string(), called: z.boolean() })),
});
export type BackupTrailer = z.infer<typeof trailer>;

/** Values in the text of a backup mean the same whatever the server's or the user's settings are. */
export const SESSION = `
  SET LOCAL client_encoding = 'UTF8'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'iso_8601';
  SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 3; SET LOCAL bytea_output = 'hex';
  SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL lock_timeout = 0`;

export function parseHeader(line: string, file: string): BackupHeader {
  const parsed = header.safeParse(parseJson(line));
  if (!parsed.success) {
    throw new AssayError('BAD_REQUEST', `${file} is not a backup made by \`assay backup\`; nothing was changed.`);
  }
  if (parsed.data.version > FORMAT_VERSION) {
    throw new AssayError(
      'STORE_NEWER',
      `${file} has format ${parsed.data.version} and was made by Assay ${parsed.data.assay}; this version reads up to format ` +
        `${FORMAT_VERSION}. Restore it with that version or a later one. Nothing was changed.`,
    );
  }
  return parsed.data;
}

export function parseTrailer(line: string, file: string): BackupTrailer {
  const parsed = trailer.safeParse(parseJson(line));
  if (!parsed.success) throw damaged(file, 'its last line is not complete');
  return parsed.data;
}

export function damaged(file: string, what: string, cause?: unknown): AssayError {
  return new AssayError(
    'BAD_REQUEST',
    `The backup ${file} is damaged (${what}); nothing was changed. Use another copy of it.`,
    { cause },
  );
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
