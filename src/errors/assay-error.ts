import { ERRORS, type ErrorCode, type ErrorRow } from './table.ts';

export interface AssayErrorOptions {
  /** What went wrong underneath. Always passed on when there is one. */
  cause?: unknown;
  /** Every problem of a request, when there are several. */
  problems?: string[];
  /** Facts for the log and the event list. Never a secret. */
  details?: Record<string, unknown>;
}

/** The one error class. `message` says what was received, what was expected and what to do. */
export class AssayError extends Error {
  readonly code: ErrorCode;
  readonly problems: string[];
  readonly details: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, options: AssayErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AssayError';
    this.code = code;
    this.problems = options.problems ?? [];
    this.details = options.details ?? {};
  }

  get row(): ErrorRow {
    return ERRORS[this.code];
  }

  toJSON(): SerializedError {
    return { code: this.code, message: this.message, problems: this.problems, details: this.details };
  }
}

/** How an error travels between processes and into the database. */
export interface SerializedError {
  code: ErrorCode;
  message: string;
  problems?: string[];
  details?: Record<string, unknown>;
}

/**
 * The message with what can be done, for the last word on a failed task. A message that advises by itself ("cause; advice"),
 * and a remedy that only points back to it, are left alone.
 */
export function withRemedy(error: AssayError): string {
  const { remedy } = error.row;
  const pointsBack = remedy.startsWith('Read the message') || remedy.endsWith('that the message lists.');
  if (error.message.includes('; ') || pointsBack || error.message.includes(remedy)) return error.message;
  return `${error.message.replace(/\.$/, '')}. ${remedy}`;
}

export function fromSerialized(error: SerializedError): AssayError {
  return new AssayError(error.code, error.message, { problems: error.problems, details: error.details });
}

/** Turns anything thrown into an AssayError; what we did not foresee becomes INTERNAL with its cause kept. */
export function toAssayError(thrown: unknown, fallback: ErrorCode = 'INTERNAL'): AssayError {
  if (thrown instanceof AssayError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new AssayError(fallback, message || 'no message', { cause: thrown });
}
