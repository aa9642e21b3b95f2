import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { AssayApiError, createAssayClient } from './index.ts';

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((ready) => server!.listen(0, '127.0.0.1', ready));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers each path from a list of answers, the last one for ever; keeps what was asked. */
async function script(answers: Record<string, [status: number, body: unknown, headers?: Record<string, string>][]>) {
  const asked: { line: string; authorization?: string; body: string }[] = [];
  const baseUrl = await serve(async (request, response) => {
    const line = `${request.method} ${request.url!.replace('/api/public/v1', '')}`;
    let body = '';
    for await (const chunk of request) body += chunk;
    asked.push({ line, authorization: request.headers.authorization, body });
    const list = answers[line.split('?')[0]!]!;
    const [status, answer, headers] = list.length > 1 ? list.shift()! : list[0]!;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  return { baseUrl, asked, lines: () => asked.map(({ line }) => line) };
}

const away = [503, { status: 503, message: 'away', code: 'STORE_UNAVAILABLE', requestId: 'r1' }] as const;
const page = (data: unknown[], cursor = '') => [200, { status: 200, data, cursorInfo: { cursor } }] as const;

describe('calls', () => {
  test('fill in the path, leave out what is undefined, and give the answer', async () => {
    const { baseUrl, asked } = await script({ 'GET /entities/a%2Fb': [[200, { status: 200, data: { _id: 'x' } }]] });
    const client = createAssayClient({ baseUrl: `${baseUrl}/`, apiKey: 'key' });
    const query = { extended: 'true', unset: undefined } as const;
    expect((await client.get('/entities/{id}', { path: { id: 'a/b' }, query })).data._id).toBe('x');
    expect(asked).toEqual([{ line: 'GET /entities/a%2Fb?extended=true', authorization: 'Bearer key', body: '' }]);
    expect(() => client.get('/entities/{id}', { path: { id: '' } })).toThrow('path.id');
  });

  test('an error carries status, code, every problem and the request id', async () => {
    const body = { status: 400, message: ['a', 'b'], code: 'BAD_REQUEST', requestId: 'r7' };
    const { baseUrl } = await script({ 'POST /data-sources': [[400, body]] });
    const source = { resourceName: '', databaseType: '' };
    const error = await createAssayClient({ baseUrl })
      .post('/data-sources', { body: source })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AssayApiError);
    expect(error).toMatchObject({ status: 400, code: 'BAD_REQUEST', problems: ['a', 'b'], requestId: 'r7' });
    expect(error).toMatchObject({ message: 'a; b', call: 'POST /api/public/v1/data-sources', body });
  });

  test('what may be repeated is, and nothing else', async () => {
    const start = '/jobs/execute/metadata/ingest';
    const { baseUrl, lines } = await script({
      'GET /jobs': [[...away], [...away], [...page([])]],
      'POST /entities/filter': [[502, '<html>'], [...page([])]],
      [`POST ${start}`]: [[...away], [...away], [200, { status: 'ACCEPTED' }]],
    });
    const client = createAssayClient({ baseUrl });
    expect((await client.get('/jobs')).data).toEqual([]);
    expect((await client.post('/entities/filter', { body: { filters: { types: ['TABLE'] } } })).data).toEqual([]);
    await expect(client.post(start, { body: {} })).rejects.toMatchObject({ status: 503 });
    await client.post(start, { body: {}, header: { 'idempotency-key': 'k' } });
    const count = (line: string) => lines().filter((one) => one === line).length;
    expect([count('GET /jobs'), count('POST /entities/filter'), count(`POST ${start}`)]).toEqual([3, 2, 3]);
    await expect(createAssayClient({ baseUrl, retries: 0 }).get('/jobs')).resolves.toBeTruthy();
  });

  test('a deletion whose answer was lost is not asked for again', async () => {
    const { baseUrl, lines } = await script({
      'DELETE /data-sources/x': [
        [502, '<html>'],
        [409, { code: 'CONFLICT' }],
      ],
    });
    const removal = createAssayClient({ baseUrl }).delete('/data-sources/{id}', { path: { id: 'x' } });
    await expect(removal).rejects.toMatchObject({ status: 502 });
    expect(lines()).toEqual(['DELETE /data-sources/x']);
  });

  test('a server that wants longer patience than ours is not asked again', async () => {
    const { baseUrl, lines } = await script({
      'GET /jobs': [[429, { message: 'slow down', code: 'RATE_LIMITED' }, { 'retry-after': '600' }]],
    });
    await expect(createAssayClient({ baseUrl }).get('/jobs')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    expect(lines()).toHaveLength(1);
  });

  test('no server, a page that is no JSON, and an abort', async () => {
    const { baseUrl } = await script({ 'GET /jobs': [[200, '<html>']] });
    const client = createAssayClient({ baseUrl, retries: 0 });
    await expect(client.get('/jobs')).rejects.toMatchObject({ status: 0, code: 'SERVER_UNREACHABLE' });
    await expect(client.get('/jobs', { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    server!.close();
    server!.closeAllConnections();
    await expect(client.get('/jobs')).rejects.toThrow('ECONNREFUSED');
  });

  test('items come page after page, each asked for when it is needed', async () => {
    const { baseUrl, lines } = await script({
      'GET /jobs': [[...page([1, 2], 'c1')], [...page([3], 'c2')], [...page([4])]],
    });
    const client = createAssayClient({ baseUrl });
    const seen: unknown[] = [];
    for await (const job of client.items('GET', '/jobs', { query: { size: 2 } })) {
      seen.push(job);
      if (seen.length === 3) break;
    }
    expect(seen).toEqual([1, 2, 3]);
    expect(lines()).toEqual(['GET /jobs?size=2', 'GET /jobs?size=2&cursor=c1']);
  });
});

describe('credentials', () => {
  const token = (accessToken: string, expiresIn = 900) =>
    [200, { message: 'OK', data: { accessToken, refreshToken: 'r', expiresIn } }] as [number, unknown];

  test('calls at the same time share one sign-in; a rejected token is replaced once', async () => {
    const { baseUrl, asked, lines } = await script({
      'POST /auth': [token('one'), token('two')],
      'GET /jobs': [[...page([])], [...page([])], [401, { code: 'UNAUTHENTICATED' }], [...page([])]],
    });
    const client = createAssayClient({ baseUrl, username: 'u', password: 'p' });
    await Promise.all([client.get('/jobs'), client.get('/jobs')]);
    await client.get('/jobs');
    expect(lines()).toEqual(['POST /auth', 'GET /jobs', 'GET /jobs', 'GET /jobs', 'POST /auth', 'GET /jobs']);
    expect(asked.at(-1)!.authorization).toBe('Bearer two');
    expect(JSON.parse(asked[0]!.body)).toEqual({ username: 'u', password: 'p' });
  });

  test('a token that is about to run out is replaced before it is sent', async () => {
    const { baseUrl, asked } = await script({
      'POST /auth': [token('short', 10), token('new')],
      'GET /jobs': [[...page([])]],
    });
    const client = createAssayClient({ baseUrl, username: 'u', password: 'p' });
    await client.get('/jobs');
    await client.get('/jobs');
    expect(asked.map((one) => one.authorization)).toEqual([undefined, 'Bearer short', undefined, 'Bearer new']);
  });

  test('a wrong password and a token that is no longer taken end in 401, not in a loop', async () => {
    const refused = [401, { status: 401, message: 'no', code: 'BAD_CREDENTIALS' }] as [number, unknown];
    const { baseUrl, lines } = await script({ 'POST /auth': [refused], 'GET /jobs': [refused] });
    await expect(createAssayClient({ baseUrl, username: 'u', password: 'p' }).get('/jobs')).rejects.toMatchObject({
      code: 'BAD_CREDENTIALS',
    });
    await expect(createAssayClient({ baseUrl, token: 't' }).get('/jobs')).rejects.toMatchObject({ status: 401 });
    expect(lines()).toEqual(['POST /auth', 'GET /jobs']);
  });

  test('a secret that cannot be sent is refused at once, and is nowhere in the error', async () => {
    const { baseUrl, lines } = await script({ 'GET /jobs': [[...page([])]] });
    for (const secret of ['assay_l5PX\nLQYj', 'schlüssel€', 'two words', ' ']) {
      for (const given of [{ apiKey: secret }, { token: secret }, { token: () => secret }]) {
        const error: unknown = await createAssayClient({ baseUrl, ...given })
          .get('/jobs')
          .catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(AssayApiError);
        expect(error).toMatchObject({
          status: 0,
          code: 'UNAUTHENTICATED',
          message: expect.stringContaining('copy the'),
        });
        for (const part of secret.split(/\s/).filter(Boolean)) expect(inspect(error)).not.toContain(part);
      }
    }
    const header = { 'idempotency-key': 'hush\nhush' };
    const failed = createAssayClient({ baseUrl }).post('/jobs/execute/metadata/ingest', { body: {}, header });
    const error: unknown = await failed.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'BAD_REQUEST', message: expect.stringContaining('idempotency-key') });
    expect(inspect(error)).not.toContain('hush');
    expect(lines()).toEqual([]);
    await createAssayClient({ baseUrl, apiKey: 'key-of-a-file\n' }).get('/jobs');
    expect(lines()).toEqual(['GET /jobs']);
  });

  test('an address that is none is refused when the client is made, without a password in it', () => {
    for (const baseUrl of ['127.0.0.1', 'localhost:8080', '', 'ftp://h', 'http://u:hush@h', 'u:hush@h'])
      expect(() => createAssayClient({ baseUrl })).toThrow(/^baseUrl: received (?!.*hush).*, expected a URL like http/);
    expect(createAssayClient({ baseUrl: 'https://h/assay/' }).baseUrl).toBe('https://h/assay');
  });

  test('one kind, and the whole of it', () => {
    const baseUrl = 'http://127.0.0.1';
    expect(() => createAssayClient({ baseUrl, token: 't', apiKey: 'k' })).toThrow('one of');
    expect(() => createAssayClient({ baseUrl, username: 'u' })).toThrow('belong together');
  });
});

describe('waitForJob', () => {
  const status = (word: string, progress = 0) => ({ workerId: 'j', status: word, progress, message: '' });
  const event = (seq: number) => ({ seq, at: '', level: 'info', kind: 'x', message: `event ${seq}`, details: {} });
  const frame = (kind: string, data: { seq?: number; status?: string }) =>
    `${data.seq ? `id: ${data.seq}\n` : ''}event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`;

  /** A server of one job; what the stream does is up to each test. */
  async function jobServer(stream: (request: IncomingMessage, response: ServerResponse, round: number) => void) {
    const state = { word: 'RUNNING', events: [event(1)], streams: [] as (string | undefined)[] };
    const baseUrl = await serve((request, response) => {
      const path = request.url!.split('?')[0]!;
      if (path.endsWith('/stream')) {
        state.streams.push(request.headers['last-event-id'] as string | undefined);
        return stream(request, response, state.streams.length);
      }
      const after = Number(new URL(request.url!, 'http://x').searchParams.get('after'));
      const size = Number(new URL(request.url!, 'http://x').searchParams.get('size'));
      const news = state.events.filter((one) => one.seq > after).slice(0, size || 500);
      response.end(JSON.stringify(path.endsWith('/status') ? status(state.word) : { data: news }));
    });
    const seen: number[] = [];
    const said: string[] = [];
    const wait = () =>
      createAssayClient({ baseUrl, retries: 0 }).waitForJob('j', {
        onEvent: (one) => seen.push(one.seq),
        onConnection: (what) => {
          said.push(what);
          if (what === 'polling') state.word = 'FAILED';
        },
      });
    return { state, seen, said, wait };
  }
  const open = (response: ServerResponse) =>
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 10\n\n');

  test('listens to the stream, and resumes it behind the last event', async () => {
    const { state, seen, said, wait } = await jobServer((_request, response, round) => {
      open(response);
      if (round === 1) {
        response.write(frame('event', event(2)) + frame('status', status('RUNNING', 50)));
        state.events.push(event(2), event(3));
        setImmediate(() => response.destroy());
      } else response.end(frame('event', event(4)) + frame('end', status('COMPLETED', 100)));
    });
    expect(await wait()).toMatchObject({ status: 'COMPLETED', progress: 100 });
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(state.streams).toEqual(['1', '3']);
    expect(said).toEqual(['lost', 'back']);
  });

  test('a stream that the server closes is no lost connection: a sign-in that ended is told as such', async () => {
    const { baseUrl, said } = await closing(([, response]) => {
      response.writeHead(401).end(JSON.stringify({ code: 'UNAUTHENTICATED', message: 'the token ran out' }));
    });
    const wait = createAssayClient({ baseUrl, token: 't', retries: 0 }).waitForJob('j', {
      onConnection: (what) => said.push(what),
    });
    await expect(wait).rejects.toMatchObject({ code: 'UNAUTHENTICATED', message: 'the token ran out' });
    expect(said).toEqual([]);
  });

  test('a server that closes the stream and then is away is lost', async () => {
    const { baseUrl, said } = await closing(([, response], after) => {
      if (after === 1) response.destroy();
      else response.end(JSON.stringify(after === 2 ? status('COMPLETED') : { data: [] }));
    });
    const wait = createAssayClient({ baseUrl, retries: 0 }).waitForJob('j', {
      onConnection: (what) => said.push(what),
    });
    expect((await wait).status).toBe('COMPLETED');
    expect(said).toEqual(['lost', 'back']);
  });

  /** A server that closes its stream, and then answers as the test has it: `after` counts these calls. */
  async function closing(then: (call: [IncomingMessage, ServerResponse], after: number) => void) {
    let streams = 0;
    let after = 0;
    const baseUrl = await serve((request, response) => {
      const path = request.url!.split('?')[0]!;
      if (streams > 0) return then([request, response], ++after);
      if (!path.endsWith('/stream'))
        return response.end(JSON.stringify(path.endsWith('/status') ? status('RUNNING') : { data: [] }));
      streams++;
      open(response);
      setImmediate(() => response.end());
    });
    return { baseUrl, said: [] as string[] };
  }

  const cut = (response: ServerResponse) => {
    open(response);
    setImmediate(() => response.destroy());
  };
  test.each([
    ['answers with a page of its own', (response: ServerResponse) => response.end('<html>')],
    ['answers with an error', (response: ServerResponse) => response.writeHead(502).end('<html>')],
    ['cuts every stream off', cut],
    ['keeps what it should pass on', () => undefined],
  ])('asks again and again where a proxy %s', async (_what, stream) => {
    const { state, seen, said, wait } = await jobServer((_request, response) => {
      stream(response);
      state.events.push(event(state.events.length + 1));
    });
    expect((await wait()).status).toBe('FAILED');
    expect(said).toContain('polling');
    expect(seen).toEqual(state.events.map((one) => one.seq));
  });

  test('no event is left out, however many there are', async () => {
    const { state, seen, wait } = await jobServer((_request, response) => response.end());
    state.word = 'COMPLETED';
    state.events = Array.from({ length: 2_345 }, (_, index) => event(index + 1));
    await wait();
    expect(seen).toEqual(state.events.map((one) => one.seq));
  });

  test.each(['onEvent', 'onStatus', 'onConnection'] as const)('what %s throws ends the wait', async (name) => {
    const { state } = await jobServer((_request, response, round) => {
      open(response);
      if (round > 1) response.write(frame('event', event(2)) + frame('status', status('RUNNING', 50)));
      else setImmediate(() => response.destroy());
    });
    const { port } = server!.address() as AddressInfo;
    // It looks like trouble with the connection, but is the caller's own.
    const flaw = new AssayApiError('away', { status: 503, code: '', call: '' });
    const fail = (): never => {
      throw flaw;
    };
    const onlyNews = (news: { seq?: number; progress?: number }) => (news.seq === 2 || news.progress === 50) && fail();
    const wait = createAssayClient({ baseUrl: `http://127.0.0.1:${port}`, retries: 0 }).waitForJob('j', {
      [name]: name === 'onConnection' ? fail : onlyNews,
    });
    await expect(wait).rejects.toBe(flaw);
    expect(state.streams.length).toBe(name === 'onConnection' ? 1 : 2);
  });

  test('asks again and again where a proxy damages the messages', async () => {
    const { state, seen, said, wait } = await jobServer((_request, response) => {
      open(response);
      response.write('event: event\ndata: {"seq": 2\n\n');
      state.events.push(event(2));
    });
    expect((await wait()).status).toBe('FAILED');
    expect([said, seen]).toEqual([['polling'], [1, 2]]);
  });

  test('an error of ours ends the wait at once', async () => {
    const baseUrl = await serve((_request, response) => response.writeHead(404).end('{"code":"NOT_FOUND"}'));
    await expect(createAssayClient({ baseUrl }).waitForJob('j')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('an abort ends the wait, whatever it waits for', async () => {
    const { baseUrl } = await script({
      'GET /jobs/j/status': [[200, status('RUNNING')]],
      'GET /jobs/j/events': [[200, { data: [] }]],
    });
    const stop = new AbortController();
    const wait = createAssayClient({ baseUrl }).waitForJob('j', {
      signal: stop.signal,
      stream: false,
      onStatus: () => stop.abort(),
    });
    await expect(wait).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('a server that stays away longer than the patience is told of', async () => {
    const { said, state } = await jobServer((_request, response) => response.destroy());
    const { port } = server!.address() as AddressInfo;
    const client = createAssayClient({ baseUrl: `http://127.0.0.1:${port}`, retries: 0 });
    const wait = client.waitForJob('j', {
      patienceMs: 0,
      onStatus: () => server!.close(),
      onConnection: (what) => said.push(what),
    });
    await expect(wait).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' });
    expect(state.word).toBe('RUNNING');
  });
});
