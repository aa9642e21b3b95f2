import { AssayError } from '../errors/assay-error.ts';
import type { ReadRequest } from './connector.ts';

/** The same error, with the condition named as what is at fault: a table alone computes nothing while it is read, a view may. Pure. */
export function blameCondition(error: AssayError, { type, where }: Pick<ReadRequest, 'type' | 'where'>): AssayError {
  if (where === undefined || error.message.startsWith('whereClause')) return error;
  const { code, message, cause, details } = error;
  const fault = type === 'VIEW' ? 'whereClause, or the view itself' : 'whereClause';
  return new AssayError(code, `${fault}: ${message}`, { cause, details });
}
