import { type Credentials, toTokenSource } from './credentials.ts';
import type { JobStatus } from './generated.ts';
import { type AnswerOf, type Input, type ItemOf, type PathOf, toPath } from './operations.ts';
import { type CallOptions, createTransport, type TransportOptions } from './transport.ts';
import { type WaitOptions, waitForJob } from './wait-for-job.ts';

export interface AssayClientOptions extends TransportOptions, Credentials {}

/**
 * The REST API with the types of openapi.json: paths as they stand there without /api/public/v1, parameters and answers by
 * name. A failed call throws AssayApiError.
 */
export interface AssayClient {
  readonly baseUrl: string;
  get<Path extends PathOf<'GET'>>(path: Path, ...input: Input<'GET', Path>): Promise<AnswerOf<'GET', Path>>;
  post<Path extends PathOf<'POST'>>(path: Path, ...input: Input<'POST', Path>): Promise<AnswerOf<'POST', Path>>;
  patch<Path extends PathOf<'PATCH'>>(path: Path, ...input: Input<'PATCH', Path>): Promise<AnswerOf<'PATCH', Path>>;
  delete<Path extends PathOf<'DELETE'>>(path: Path, ...input: Input<'DELETE', Path>): Promise<AnswerOf<'DELETE', Path>>;
  /** A report, as the text of its HTML file. */
  report(path: ReportPath, id: string): Promise<string>;
  /**
   * Imports dictionaries or data patterns: `{ content: await openAsBlob('methods.zip'), type: 'application/zip' }`. Look at the verdict of
   * each member.
   */
  importMethods(path: MethodPath, upload: MethodUpload): Promise<AnswerOf<'POST', '/dictionaries/import'>>;
  /** Methods of these ids as a zip; without ids all that did not come with Assay. */
  exportMethods(path: MethodPath, ids?: readonly string[]): Promise<Blob>;
  /** Every item of a list with cursors, page after page, each page asked for when it is needed. */
  items<Method extends 'GET' | 'POST', Path extends PathOf<Method>>(
    method: Method,
    path: Path,
    ...input: Input<Method, Path>
  ): AsyncGenerator<ItemOf<Method, Path>>;
  /** Waits for the end of a job; look at the `status` of the answer for how it ended. */
  waitForJob(id: string, options?: WaitOptions): Promise<JobStatus>;
}

export type ReportPath = '/entities/{id}/profile/report' | '/jobs/{id}/report';

export type MethodPath = '/dictionaries' | '/data-patterns';

export interface MethodUpload {
  content: Blob;
  type: 'application/zip' | 'application/json' | 'text/csv';
  /** Of a CSV: name of the dictionary. */
  name?: string;
  /** Of a CSV: tag of columns that match; the name when left out. */
  tag?: string;
}

/** Ten million terms take the server half a minute, and their way there longer. */
const TRANSFER_MS = 3_600_000;

/** What all inputs look like once their types have done their work. */
type AnyInput = CallOptions & { path?: Record<string, unknown> };

/** `createAssayClient({ baseUrl: 'http://127.0.0.1:8080', username, password })`; or `token`, or `apiKey`. */
export function createAssayClient(options: AssayClientOptions): AssayClient {
  const transport = createTransport(options, toTokenSource(options, options));
  const call = (method: string, template: string, input: AnyInput = {}): Promise<unknown> =>
    transport.call(method, toPath(template, input.path), input);
  const verb =
    (method: string) =>
    (template: string, input?: AnyInput): Promise<never> =>
      call(method, template, input) as Promise<never>;

  async function* items(method: string, template: string, input: AnyInput = {}): AsyncGenerator<never> {
    let cursor: string | undefined;
    do {
      const query = { ...input.query, ...(cursor === undefined ? {} : { cursor }) };
      const page = (await call(method, template, { ...input, query })) as {
        data: never[];
        cursorInfo?: { cursor: string };
      };
      yield* page.data;
      cursor = page.cursorInfo?.cursor || undefined;
    } while (cursor !== undefined);
  }

  return {
    baseUrl: transport.baseUrl,
    get: verb('GET'),
    post: verb('POST'),
    patch: verb('PATCH'),
    delete: verb('DELETE'),
    report: (path, id) => call('GET', path, { path: { id }, accept: 'text/html' }) as Promise<string>,
    importMethods: (path, { name, tag, ...upload }) =>
      call('POST', `${path}/import`, { upload, query: { name, tag }, timeoutMs: TRANSFER_MS }),
    exportMethods: (path, ids = []) =>
      call('GET', `${path}/export`, {
        query: { ids: ids.join(',') },
        accept: 'application/zip',
        timeoutMs: TRANSFER_MS,
      }),
    items,
    waitForJob: (id, wait) => waitForJob(transport, id, wait),
  } as AssayClient;
}

export { AssayApiError } from './api-error.ts';
export type * from './generated.ts';
export type { AnswerOf, InputOf, PathOf } from './operations.ts';
export type { TokenSource } from './transport.ts';
export type { WaitOptions } from './wait-for-job.ts';
