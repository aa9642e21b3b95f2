import { type AssayApiError, isPassing, readAnswer, unreachable } from './api-error.ts';
import { pause } from './pause.ts';

/** Gives the token to send; asked again with the rejected one after a 401, for a fresh one or undefined. */
export type TokenSource = (rejected?: string) => Promise<string | undefined> | string | undefined;

export interface TransportOptions {
  /** Address of the server without a path: `http://127.0.0.1:8080`. */
  baseUrl: string;
  /** Ends every call when it aborts. */
  signal?: AbortSignal;
  /** For one attempt of a call; 60 s unless told. */
  timeoutMs?: number;
  /** How often a call that may safely be repeated is tried again; 2 unless told. */
  retries?: number;
  /** Another fetch than the global one, e.g. with a proxy. */
  fetch?: typeof fetch;
}

export interface CallOptions {
  query?: Readonly<Record<string, unknown>>;
  header?: Readonly<Record<string, string | undefined>>;
  body?: unknown;
  signal?: AbortSignal;
}

/** Sends requests with the token, renews it once after a 401, and repeats what may be repeated. */
export interface Transport {
  baseUrl: string;
  signal: AbortSignal | undefined;
  call(method: string, path: string, options?: CallOptions): Promise<unknown>;
  /** One attempt that is not waited for to its end: the caller reads the body, and tells when to stop. */
  open(path: string, header: Record<string, string>, signal: AbortSignal): Promise<Response>;
}

/** The first pause before a repetition; each later one is three times as long. */
const RETRY_MS = 200;
/** A server that asks for more patience is taken at its word by the caller, not by us. */
const LONGEST_RETRY_MS = 10_000;
/** POSTs that only read. */
const READS = /\/(filter|filter\/profiling-info|by-ids|by-ids\/profiling-info|search|search\/facets)$/;

export function createTransport(options: TransportOptions, token: TokenSource): Transport {
  const base = options.baseUrl.replace(/\/+$/, '');
  const send = options.fetch ?? fetch;

  async function attempt(method: string, path: string, given: CallOptions, accept: string): Promise<Response> {
    const url = new URL(base + path);
    for (const [name, value] of Object.entries(given.query ?? {}))
      if (value !== undefined && value !== '') url.searchParams.set(name, String(value));
    const request = async (bearer: string | undefined): Promise<Response> => {
      const headers = new Headers({ accept });
      for (const [name, value] of Object.entries(given.header ?? {})) if (value !== undefined) headers.set(name, value);
      if (bearer !== undefined) headers.set('authorization', `Bearer ${bearer}`);
      if (given.body !== undefined) headers.set('content-type', 'application/json');
      const body = given.body === undefined ? undefined : JSON.stringify(given.body);
      try {
        return await send(url, { method, headers, body, signal: given.signal });
      } catch (cause) {
        throw unreachable(base, `${method} ${path}`, cause);
      }
    };
    const bearer = await token();
    const response = await request(bearer);
    if (response.status !== 401 || bearer === undefined) return response;
    const fresh = await token(bearer);
    if (fresh === undefined) return response;
    await response.body?.cancel();
    return request(fresh);
  }

  return {
    baseUrl: base,
    signal: options.signal,
    open: (path, header, signal) => attempt('GET', path, { header, signal }, 'text/event-stream'),
    async call(method, path, given = {}) {
      const stop = anyOf([options.signal, given.signal]);
      const repeatable = isRepeatable(method, path, given.header);
      for (let left = repeatable ? (options.retries ?? 2) : 0, wait = RETRY_MS; ; left -= 1, wait *= 3) {
        const signal = anyOf([stop, AbortSignal.timeout(options.timeoutMs ?? 60_000)]);
        let retryAfter: number | undefined;
        try {
          const response = await attempt(method, path, { ...given, signal }, 'application/json');
          retryAfter = toMs(response.headers.get('retry-after'));
          return await readAnswer(response, `${method} ${path}`).catch((error: unknown) => {
            throw isBroken(error) ? unreachable(base, `${method} ${path}`, error) : error;
          });
        } catch (error) {
          stop?.throwIfAborted();
          if (left <= 0 || !isPassing(error) || (retryAfter ?? 0) > LONGEST_RETRY_MS) throw error;
        }
        await pause(retryAfter ?? wait, stop);
      }
    },
  };
}

/**
 * Reading twice, or sending the same key twice, does no more than once. A DELETE whose answer was lost would get 404 the second
 * time, and that of a data source, which starts a job, 409 without the id of the job.
 */
function isRepeatable(method: string, path: string, header: CallOptions['header'] = {}): boolean {
  if (method === 'GET') return true;
  if (Object.entries(header).some(([name, value]) => name.toLowerCase() === 'idempotency-key' && value)) return true;
  return method === 'POST' && READS.test(path);
}

/** The connection broke while the body came. */
const isBroken = (error: unknown): boolean => !(error instanceof Error && error.name === 'AssayApiError');

function toMs(retryAfter: string | null): number | undefined {
  const seconds = Number(retryAfter);
  return retryAfter !== null && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

function anyOf(signals: readonly (AbortSignal | undefined)[]): AbortSignal | undefined {
  const given = signals.filter((signal) => signal !== undefined);
  return given.length > 1 ? AbortSignal.any(given) : given[0];
}

export type { AssayApiError };
