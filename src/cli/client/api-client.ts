import { AssayError } from '../../errors/assay-error.ts';
import { ERRORS, type ErrorCode } from '../../errors/table.ts';

export interface ApiClient {
  url: string;
  get<T>(path: string, query?: Query): Promise<T>;
  post<T>(path: string, body?: unknown, query?: Query): Promise<T>;
  patch<T>(path: string, body: unknown): Promise<T>;
  delete<T>(path: string): Promise<T>;
}

export type Query = Record<string, string | number | boolean | undefined>;

export interface ClientOptions {
  /** Base address without a path: `http://127.0.0.1:8080`. */
  url: string;
  /** The token to send; asked again with `rejected` after a 401, to get a fresh one or undefined. */
  token?(rejected?: string): Promise<string | undefined>;
  signal?: AbortSignal;
  timeoutMs?: number;
}

/** Talks to the REST API of a server. Answers are given as they come; errors become AssayError with the server's own code. */
export function openClient(options: ClientOptions): ApiClient {
  const base = options.url.replace(/\/+$/, '');
  const call = async <T>(method: string, path: string, body?: unknown, query: Query = {}): Promise<T> => {
    const url = new URL(`${base}/api/public/v1${path}`);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== '') url.searchParams.set(name, String(value));
    }
    let token = await options.token?.();
    let response = await send(method, url, body, token);
    if (response.status === 401 && token) {
      token = await options.token?.(token);
      if (token) response = await send(method, url, body, token);
    }
    return readAnswer<T>(response, method, url);
  };
  const send = async (method: string, url: URL, body: unknown, token: string | undefined): Promise<Response> => {
    const timeout = AbortSignal.timeout(options.timeoutMs ?? 60_000);
    try {
      return await fetch(url, {
        method,
        headers: {
          accept: 'application/json',
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
      });
    } catch (cause) {
      if (options.signal?.aborted) throw new AssayError('CANCELLED', 'Interrupted.', { cause });
      throw new AssayError('SERVER_UNREACHABLE', `No answer from ${base}: ${reasonOf(cause)}.`, { cause });
    }
  };
  return {
    url: base,
    get: (path, query) => call('GET', path, undefined, query),
    post: (path, body = {}, query) => call('POST', path, body, query),
    patch: (path, body) => call('PATCH', path, body),
    delete: (path) => call('DELETE', path),
  };
}

async function readAnswer<T>(response: Response, method: string, url: URL): Promise<T> {
  const text = await response.text();
  let body: unknown;
  try {
    body = text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new AssayError(
      'SERVER_UNREACHABLE',
      `${url.origin} does not speak JSON (HTTP ${response.status}): is it an Assay server?`,
    );
  }
  if (response.ok) return body as T;
  const error = (body ?? {}) as { message?: unknown; code?: unknown; requestId?: unknown };
  const problems = Array.isArray(error.message) ? error.message.map(String) : [];
  const message = problems.length > 0 ? problems.join('; ') : String(error.message ?? response.statusText);
  throw new AssayError(codeOf(error.code, response.status), message, {
    problems,
    details: { httpStatus: response.status, requestId: error.requestId, call: `${method} ${url.pathname}` },
  });
}

/** Servers that are newer than this client may send codes it does not know. */
function codeOf(code: unknown, status: number): ErrorCode {
  if (typeof code === 'string' && Object.hasOwn(ERRORS, code)) return code as ErrorCode;
  const byStatus: Record<number, ErrorCode> = {
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

/** fetch says only "fetch failed"; the reason is the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'it took too long';
  const cause = error.cause as (Error & { code?: string; errors?: Error[] }) | undefined;
  return cause?.errors?.map((one) => one.message).join('; ') || cause?.message || cause?.code || error.message;
}
