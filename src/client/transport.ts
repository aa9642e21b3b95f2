import { AssayApiError, isPassing, readAnswer, unreachable } from './api-error.ts';
import { pause } from './pause.ts';

/** Gives the token to send; asked again with the rejected one after a 401, for a fresh one or undefined. */
export type TokenSource = (rejected?: string) => Promise<string | undefined> | string | undefined;

export interface TransportOptions {
  /** Address of the server: `http://127.0.0.1:8080`. */
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
  /** Sent as it is, in place of JSON. */
  upload?: { content: Blob; type: string };
  /** For one attempt; that of the transport when left out. */
  timeoutMs?: number;
  /** The answer is of this media type rather than JSON: a text, or of a zip a Blob. */
  accept?: 'text/html' | 'application/zip';
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
/** What Headers takes; its own refusal would carry the value, which may be a secret. */
const SENDABLE = /^[\x20-\x7e\x80-\xff]*$/;
/** What a token or key consists of. */
const TOKEN = /^[\x21-\x7e]+$/;
/** POSTs that only read. */
const READS = /\/(filter|filter\/profiling-info|by-ids|by-ids\/profiling-info|search|search\/facets)$/;

/** @throws TypeError for a `baseUrl` that is none */
export function createTransport(options: TransportOptions, token: TokenSource): Transport {
  const base = checkBase(options.baseUrl);
  const send = options.fetch ?? fetch;

  async function attempt(method: string, path: string, given: CallOptions, accept: string): Promise<Response> {
    const url = new URL(base + path);
    for (const [name, value] of Object.entries(given.query ?? {}))
      if (value !== undefined && value !== '') url.searchParams.set(name, String(value));
    const request = async (bearer: string | undefined): Promise<Response> => {
      const headers = new Headers({ accept });
      const call = `${method} ${path}`;
      for (const [name, value] of Object.entries(given.header ?? {}))
        if (value !== undefined) headers.set(name, checkHeader(name, value, call));
      if (bearer !== undefined) headers.set('authorization', `Bearer ${checkToken(bearer, call)}`);
      const { upload } = given;
      if (upload) headers.set('content-type', upload.type);
      else if (given.body !== undefined) headers.set('content-type', 'application/json');
      const body = upload?.content ?? (given.body === undefined ? undefined : JSON.stringify(given.body));
      try {
        return await send(url, { method, headers, body, signal: given.signal });
      } catch (cause) {
        throw unreachable(base, call, cause);
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
        const signal = anyOf([stop, AbortSignal.timeout(given.timeoutMs ?? options.timeoutMs ?? 60_000)]);
        let retryAfter: number | undefined;
        try {
          const response = await attempt(method, path, { ...given, signal }, given.accept ?? 'application/json');
          retryAfter = toMs(response.headers.get('retry-after'));
          return await readAnswer(response, `${method} ${path}`, given.accept).catch((error: unknown) => {
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

/** User name and password in an address would come back in the messages about it, and fetch refuses them. */
function checkBase(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.username + url.password === '') return given.replace(/\/+$/, '');
  const received = given.includes('@') ? 'one with a user name or password' : JSON.stringify(given);
  throw new TypeError(`baseUrl: received ${received}, expected a URL like http://127.0.0.1:8080`);
}

/** @throws AssayApiError UNAUTHENTICATED without the token, not even as a cause */
function checkToken(given: string, call: string): string {
  const token = given.trim();
  if (TOKEN.test(token)) return token;
  const problem = token === '' ? 'is empty' : 'has a line break, a blank or a character that none has';
  const message = `the token or API key ${problem}; copy the whole of it`;
  throw new AssayApiError(message, { status: 0, code: 'UNAUTHENTICATED', call });
}

/** @throws AssayApiError BAD_REQUEST without the value */
function checkHeader(name: string, value: string, call: string): string {
  if (SENDABLE.test(value)) return value;
  const message = `header ${name}: received a line break or a character beyond Latin-1, which no header can carry`;
  throw new AssayApiError(message, { status: 0, code: 'BAD_REQUEST', call });
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
