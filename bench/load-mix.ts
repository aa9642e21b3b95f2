/** What the requests of the mix are about: ids of the catalog under load. */
export interface LoadGround {
  sources: string[];
  schemas: string[];
  tables: string[];
  /** Of every type. */
  entities: string[];
  /** Columns that have a profile. */
  profiled: string[];
  /** The source that jobs are started on, its tables and their columns. */
  live: { source: string; tables: string[]; columns: string[] };
  /** The job that runs beside, if one does. */
  job: string | undefined;
}

export interface LoadRequest {
  method: 'GET' | 'POST';
  /** Below /api/public. */
  path: string;
  body?: object;
  /** Called with the parsed answer; without it the answer is read and thrown away. */
  onAnswer?(answer: Answer): void;
}

interface Answer {
  data: { _id: string };
  cursorInfo?: { cursor: string };
}

export interface LoadKind {
  what: string;
  /** So many of 80 requests. */
  share: number;
  next(): LoadRequest;
}

/** Clients show pages of this size. */
const PAGE = 50;
/** Jobs that are looked at again and again; a client stops when its job has ended. */
const WATCHED = 20;

/**
 * What clients ask of a catalog that is in use: people who look around, scripts that wait for their jobs, and a job started
 * now and then, all small. Every kind goes through the ids in an order of its own, so no answer is asked for twice in a row.
 */
export function makeMix(ground: LoadGround, onStarted: (jobId: string) => void): LoadKind[] {
  const watched: string[] = ground.job ? [ground.job] : [];
  const { live } = ground;
  const start = (path: string, body: () => object) => (): LoadRequest => ({
    method: 'POST',
    path: `/v1/jobs/execute/${path}`,
    body: body(),
    onAnswer: ({ data }) => {
      onStarted(data._id);
      watched.splice(1, Math.max(0, watched.length - WATCHED));
      watched.push(data._id);
    },
  });
  const id = taking(ground.entities);
  const table = taking(ground.tables);
  const profiled = taking(ground.profiled);
  const term = taking(TERMS);
  const liveTable = taking(live.tables);
  const liveColumn = taking(live.columns);
  let polls = 0;
  const poll = (): LoadRequest => {
    const job = watched[polls++ % watched.length];
    return job ? { method: 'GET', path: `/v1/jobs/${job}/status` } : { method: 'GET', path: '/v1/jobs?size=20' };
  };
  return [
    { what: 'job status', share: 26, next: poll },
    {
      what: 'page of a source, by type',
      share: 4,
      next: walk(ground.sources, (one) => ({ resourceIds: [one], types: ['TABLE'] })),
    },
    {
      what: 'page below a schema, by type',
      share: 2,
      next: walk(ground.schemas, (one) => ({ rootIds: [one], types: ['COLUMN'] })),
    },
    { what: 'children of a table', share: 6, next: () => filter({ parentIds: [table()] }) },
    { what: 'entity', share: 14, next: () => ({ method: 'GET', path: `/v1/entities/${id()}?extended=true` }) },
    {
      what: '20 entities by ids',
      share: 8,
      next: () => ({ method: 'POST', path: '/v1/entities/by-ids', body: { ids: Array.from({ length: 20 }, id) } }),
    },
    {
      what: 'profiling-info of 5 columns',
      share: 6,
      next: () => ({
        method: 'POST',
        path: '/v1/entities/by-ids/profiling-info',
        body: { ids: Array.from({ length: 5 }, profiled) },
      }),
    },
    { what: 'search', share: 8, next: () => ({ method: 'POST', path: '/v1/search', body: { searchTerm: term() } }) },
    { what: 'data sources', share: 4, next: () => ({ method: 'GET', path: '/v1/data-sources?limit=100' }) },
    {
      what: 'start of a test connection',
      share: 1,
      next: start('test-connection', () => ({ resourceId: live.source })),
    },
    {
      what: 'start of a profile or re-ingest',
      share: 1,
      next: alternately([
        start('data-profiling', () => ({ scope: [liveColumn()] })),
        start('metadata/re-ingest', () => ({ scope: [liveTable()] })),
      ]),
    },
  ];
}

const TERMS = [
  'customer',
  'order status',
  'invoice id',
  'cust',
  'paymnt',
  'source3.lab',
  'beneficiary',
  'created at',
  'fax',
];

const filter = (filters: object, cursor = '', onAnswer?: LoadRequest['onAnswer']): LoadRequest => ({
  method: 'POST',
  path: `/v1/entities/filter?size=${PAGE}${cursor && `&cursor=${cursor}`}`,
  body: { filters },
  ...(onAnswer ? { onAnswer } : {}),
});

/** Page after page of one, then of the next one. */
function walk(of: readonly string[], filters: (one: string) => object): () => LoadRequest {
  const next = taking(of);
  let one = next();
  let cursor = '';
  return () =>
    filter(filters(one), cursor, ({ cursorInfo }) => {
      cursor = cursorInfo?.cursor ?? '';
      if (cursor === '') one = next();
    });
}

/** One after the other, and again. */
function taking<T>(of: readonly T[]): () => T {
  let at = 0;
  return () => of[at++ % of.length]!;
}

function alternately(kinds: readonly (() => LoadRequest)[]): () => LoadRequest {
  const next = taking(kinds);
  return () => next()();
}

/** The kinds in the order in which they are asked, each spread evenly over the whole. */
export function toSequence(kinds: readonly LoadKind[]): LoadKind[] {
  return kinds
    .flatMap((kind) => Array.from({ length: kind.share }, (_, i) => ({ kind, at: (i + 0.5) / kind.share })))
    .sort((a, b) => a.at - b.at)
    .map(({ kind }) => kind);
}
