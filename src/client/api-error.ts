/**
 * Every failure of a call. `status` is the HTTP status, or 0 when no answer came: `code` is then `SERVER_UNREACHABLE`, or says
 * why nothing was sent.
 */
export class AssayApiError extends Error {
  readonly status: number;
  /** Stable code of docs/errors.md. */
  readonly code: string;
  /** Every problem of a request, when the server named several. */
  readonly problems: string[];
  /** Names the request in the log of the server; "" when there was none. */
  readonly requestId: string;
  /** Method and path of the call. */
  readonly call: string;
  /** The body of the answer as it came. */
  readonly body: unknown;

  constructor(
    message: string,
    facts: { status: number; code: string; call: string; problems?: string[]; requestId?: string; body?: unknown },
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AssayApiError';
    this.status = facts.status;
    this.code = facts.code;
    this.problems = facts.problems ?? [];
    this.requestId = facts.requestId ?? '';
    this.call = facts.call;
    this.body = facts.body;
  }
}

/** Whether the same call may go well a moment later: no answer, or a server or proxy that is just starting. */
export function isPassing(error: unknown): error is AssayApiError {
  if (!(error instanceof AssayApiError)) return false;
  return error.status === 0 ? error.code === 'SERVER_UNREACHABLE' : [429, 502, 503, 504].includes(error.status);
}

export function unreachable(base: string, call: string, cause: unknown): AssayApiError {
  const message = `No answer from ${base}: ${reasonOf(cause)}.`;
  return new AssayApiError(message, { status: 0, code: 'SERVER_UNREACHABLE', call }, cause);
}

/** fetch says only "fetch failed"; the reason is the cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'it took too long';
  const cause = error.cause as (Error & { code?: string; errors?: Error[] }) | undefined;
  return cause?.errors?.map((one) => one.message).join('; ') || cause?.message || cause?.code || error.message;
}

/** The JSON of an answer, or its text or zip where that was asked for. @throws AssayApiError for an error of the server, and for what is neither */
export async function readAnswer(response: Response, call: string, accept?: string): Promise<unknown> {
  if (accept === 'application/zip' && response.ok && response.headers.get('content-type')?.startsWith(accept))
    return response.blob();
  const text = await response.text();
  // A proxy's page of its own has no such header: reports are files.
  if (accept && response.ok && response.headers.get('content-type')?.startsWith(accept)) {
    if (response.headers.has('content-disposition')) return text;
  }
  let body: unknown;
  try {
    body = text === '' ? undefined : JSON.parse(text);
  } catch (cause) {
    // A proxy that answers for a server that is away speaks HTML.
    const status = response.ok ? 0 : response.status;
    const message = `${new URL(response.url || 'http://unknown').origin} does not speak JSON (HTTP ${response.status}): is it an Assay server?`;
    throw new AssayApiError(message, { status, code: 'SERVER_UNREACHABLE', call, body: text }, cause);
  }
  if (response.ok) return body;
  const error = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const problems = Array.isArray(error.message) ? error.message.map(String) : [];
  const message = problems.length > 0 ? problems.join('; ') : String(error.message ?? response.statusText);
  throw new AssayApiError(message, {
    status: response.status,
    code: typeof error.code === 'string' ? error.code : '',
    call,
    problems,
    requestId: String(error.requestId ?? response.headers.get('x-request-id') ?? ''),
    body,
  });
}
