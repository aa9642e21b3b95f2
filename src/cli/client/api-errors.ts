import { AssayApiError } from '../../client/index.ts';
import { AssayError, toAssayError } from '../../errors/assay-error.ts';
import { ERRORS, type ErrorCode } from '../../errors/table.ts';

/** Whatever a call of the client threw, as an error of the table. */
export function fromApi(thrown: unknown): AssayError {
  if (thrown instanceof Error && thrown.name === 'AbortError')
    return new AssayError('CANCELLED', 'Interrupted.', { cause: thrown });
  if (!(thrown instanceof AssayApiError)) return toAssayError(thrown);
  const { status: httpStatus, requestId, call, problems } = thrown;
  const details = { httpStatus, requestId, call };
  return new AssayError(codeOf(thrown.code, httpStatus), thrown.message, { problems, details, cause: thrown });
}

/** Servers that are newer than this client may send codes it does not know. */
function codeOf(code: string, status: number): ErrorCode {
  if (Object.hasOwn(ERRORS, code)) return code as ErrorCode;
  const byStatus: Record<number, ErrorCode> = {
    0: 'SERVER_UNREACHABLE',
    401: 'UNAUTHENTICATED',
    403: 'FORBIDDEN',
    404: 'NOT_FOUND',
    409: 'CONFLICT',
    412: 'STALE',
    413: 'TOO_LARGE',
    429: 'RATE_LIMITED',
  };
  return byStatus[status] ?? (status >= 500 ? 'INTERNAL' : 'BAD_REQUEST');
}
