/** The `code` (SQLSTATE or Node's own) of an error of the driver, or ''. */
export function pgCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** Name of the unique constraint or index that a statement broke, or ''. */
export function violatedConstraint(error: unknown): string {
  if (pgCode(error) !== '23505' || typeof error !== 'object' || error === null || !('constraint' in error)) return '';
  return String(error.constraint);
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EAI_AGAIN',
]);

/** Whether the error says that the store cannot be reached just now, rather than that a statement was wrong. */
export function isUnreachable(error: unknown): boolean {
  const code = pgCode(error);
  // SQLSTATE class 08: connection exception; 57P: the server is stopping or starting; 53300: no connection left.
  if (UNREACHABLE.has(code) || code.startsWith('08') || code.startsWith('57P') || code === '53300') return true;
  const message = error instanceof Error ? error.message : '';
  return /connection terminated|timeout exceeded when trying to connect|connection ended unexpectedly/i.test(message);
}
