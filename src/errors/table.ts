/**
 * The error table: one row per code. The only place where codes are made.
 *
 * - `kind` says whose fault it is: `caller` (the request), `source` (the connected system), `limit` (a bound of ours),
 *   `engine` (Assay itself or what it runs on).
 * - `status` is the HTTP status when the error reaches an API client.
 * - `retry` says whether a task that failed with it may be tried again without anybody changing anything.
 * - `says` is the English sentence of the documentation; `remedy` what a person can do.
 *
 * Codes are stable: the UI translates by code. A retired code is never used for something else.
 */
export type ErrorKind = 'caller' | 'source' | 'limit' | 'engine';

export interface ErrorRow {
  kind: ErrorKind;
  status: number;
  retry: boolean;
  says: string;
  remedy: string;
}

const row = (kind: ErrorKind, status: number, retry: boolean, says: string, remedy: string): ErrorRow => ({
  kind,
  status,
  retry,
  says,
  remedy,
});

// biome-ignore format: one row per line reads as the table it is
export const ERRORS = {
  // caller
  BAD_REQUEST: row('caller', 400, false, 'The request is not valid.', 'Mend every problem that the message lists.'),
  MALFORMED_ID: row('caller', 400, false, 'An id has the wrong form.', 'Job and data source ids are 24 hex digits, entity ids are UUIDs.'),
  WRONG_ENTITY_TYPE: row('caller', 400, false, 'The entity is of a type that this job cannot work on.', 'Give ids of the types that the message names.'),
  OPTION_NOT_BUILT: row('caller', 400, false, 'An option was given that this version does not have.', 'Leave the option out or give its default.'),
  SECRET_REQUIRED: row('caller', 400, false, 'The body changes where the connection goes, so the stored secret is not used.', 'Send the secret in the same body.'),
  UNAUTHENTICATED: row('caller', 401, false, 'No valid token was sent.', 'Sign in at POST /api/public/v1/auth, or make an API key, and send it as Authorization: Bearer.'),
  BAD_CREDENTIALS: row('caller', 401, false, 'User name or password is wrong.', 'Check both; the user name is wanted, not the e-mail address.'),
  FORBIDDEN: row('caller', 403, false, 'Your roles do not include the right this needs.', 'Ask an administrator for a role that has the right named in the message.'),
  KEY_LACKS_SCOPE: row('caller', 403, false, 'The scopes of the API key do not include the right this needs.', 'Make another key that has the right named in the message as a scope; `assay keys create --help` shows how.'),
  NOT_WITH_KEY: row('caller', 403, false, 'This takes somebody who signed in, not an API key.', 'Sign in and send the token; on the command line unset ASSAY_API_KEY to use your login.'),
  NO_ROLE: row('caller', 403, false, 'The token of the issuer gives you no role here.', 'Ask an administrator to give you a role at the issuer, or to map one with ASSAY_OIDC_ROLE_MAP.'),
  NOT_FOUND: row('caller', 404, false, 'There is no such thing.', 'Check the id and the path.'),
  CONFLICT: row('caller', 409, false, 'The request conflicts with what is stored or running.', 'Read the message: it names the other side of the conflict.'),
  STALE: row('caller', 412, false, 'Someone changed it since you read it.', 'Read it again and repeat the change with the new ETag.'),
  TOO_LARGE: row('caller', 413, false, 'The body is too large.', 'Send less at once; the limits are 8 MB and 100,000 ids.'),
  UNSUPPORTED_MEDIA_TYPE: row('caller', 415, false, 'The content type is not one that this route reads.', 'Send application/json.'),
  EXPRESSION_TOO_SLOW: row('caller', 400, false, 'A regular expression took longer than it may.', 'Write it so that it runs in linear time: without repetitions within repetitions, or without lookaround and references.'),
  NOT_SUPPORTED: row('caller', 400, false, 'This kind of source cannot do that.', 'See docs/connectors.md for what each kind can do.'),
  NOTHING_TO_WORK_ON: row('caller', 400, false, 'The job could not have done anything.', 'Read the message: it names what is missing.'),
  CANCELLED: row('caller', 409, false, 'The work was cancelled.', 'Run the job again if it is still wanted.'),

  // source
  SOURCE_NAME_NOT_RESOLVED: row('source', 422, true, 'The host name of the source does not resolve.', 'Check the spelling of the host and the name server of the worker.'),
  SOURCE_UNREACHABLE: row('source', 422, true, 'The source does not answer at that address.', 'Check host, port, firewall, and that the server runs.'),
  SOURCE_TLS: row('source', 422, false, 'The encrypted connection could not be set up.', 'Check sslType and the trust store or certificate.'),
  SOURCE_AUTH: row('source', 422, false, 'The source refuses the user name or password.', 'Check userName and password.'),
  SOURCE_NO_DATABASE: row('source', 422, false, 'The source has no such database, file or folder.', 'Check databaseName or path.'),
  SOURCE_NO_OBJECT: row('source', 422, false, 'The source no longer has this schema, table or file.', 'Ingest the metadata again.'),
  SOURCE_NO_RIGHT: row('source', 422, false, 'The user of the connection lacks a right in the source.', 'Grant the right that the message names.'),
  SOURCE_BUSY: row('source', 422, true, 'The source takes no more connections or is starting.', 'Wait, or raise its connection limit.'),
  SOURCE_LOST: row('source', 422, true, 'The connection to the source broke in the middle.', 'Check the network and the log of the source.'),
  SOURCE_TIMEOUT: row('source', 422, true, 'The source did not answer in time.', 'Try again when it is less busy, or give it more time.'),
  SOURCE_BAD_DATA: row('source', 422, false, 'The source gave data that cannot be read.', 'Read the message: it names the file or table and the place.'),
  NOT_A_TABLE: row('source', 422, false, 'The file holds no table.', 'If it does, give it the ending of what it is: .csv, .tsv, .json.'),
  SOURCE_NOT_ALLOWED: row('source', 422, false, 'The path lies outside the folders that may be read.', 'Start the worker with --file-root for that folder.'),
  SOURCE_FAILED: row('source', 422, false, 'The source reported an error.', 'Read the message: it carries the words of the source.'),

  // limit
  RATE_LIMITED: row('limit', 429, false, 'Too many attempts in a short time.', 'Wait as long as the Retry-After header says.'),
  OUT_OF_MEMORY: row('limit', 500, false, 'The task needed more memory than it may use.', 'Give the worker more memory (--task-memory) or the task less to do.'),
  DISK_FULL: row('limit', 503, true, 'The disk that Assay writes to is full.', 'Free some space; work goes on by itself.'),
  TOO_MANY_ATTEMPTS: row('limit', 500, false, 'The task was started again and again and never came to an end.', 'Read the event log of the job and the log of the workers; if they die of it, give them more memory.'),
  TIME_LIMIT: row('limit', 500, false, 'The task took longer than it may.', 'Raise the time limit or give the task less to do.'),

  // engine
  TASK_CRASHED: row('engine', 500, true, 'The process that did the task ended unexpectedly.', 'It is tried again by itself; if it keeps failing, read the log of the worker.'),
  LEASE_LOST: row('engine', 500, true, 'Another worker took the task over.', 'Nothing to do: the other worker finishes it.'),
  ISSUER_UNAVAILABLE: row('engine', 503, true, 'The issuer of the token cannot be asked for its keys.', 'Try again in a few seconds; if it stays, check ASSAY_OIDC_ISSUER and the way there. Tokens of Assay itself and API keys go on working.'),
  STORE_UNAVAILABLE: row('engine', 503, true, 'The database of Assay cannot be reached.', 'Check DATABASE_URL and the server; work goes on by itself.'),
  STORE_BUSY: row('engine', 503, true, 'Another request was in the way in the database of Assay.', 'Try again.'),
  STORE_NEWER: row('engine', 503, false, 'The database was written by a newer version of Assay.', 'Use that version or a later one.'),
  STORE_FAILED: row('engine', 500, true, 'The database of Assay reported an error.', 'Read the log; if it stays, report it with the requestId.'),
  WRONG_KEY: row('engine', 503, false, 'The secret key is not the one the stored secrets were encrypted with.', 'Give the key this database was started with (ASSAY_SECRET_KEY or the key file).'),
  BAD_CONFIG: row('engine', 500, false, 'A setting is not valid.', 'Mend every setting that the message lists.'),
  FOLDER_IN_USE: row('engine', 503, false, 'Another server already uses this data folder.', 'Stop it, use another folder, or add workers with `assay worker`.'),
  EMBEDDED_FAILED: row('engine', 503, false, 'The embedded database could not be started.', 'Read the message, or set DATABASE_URL to a PostgreSQL of your own.'),
  SERVER_UNREACHABLE: row('engine', 503, true, 'The Assay server does not answer at that address.', 'Check --url or ASSAY_URL, and that `assay serve` runs.'),
  INTERNAL: row('engine', 500, true, 'Something went wrong inside Assay.', 'Report it with the requestId.'),
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;
