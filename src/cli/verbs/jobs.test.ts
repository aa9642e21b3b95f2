import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { loadConfig } from '../../config/load-config.ts';
import { showJob } from './jobs.ts';

let server: Server | undefined;
afterEach(() => server?.close());

test('jobs show ends with the last events, however long the log is', async () => {
  const job = {
    _id: 'j',
    activity: 'Count',
    workerName: 'COUNT',
    status: 'RUNNING',
    tasks: [],
    effects: {},
    scope: {},
  };
  const rest = { progress: 1, duration: 1, message: '', startedAt: '', result: null };
  const events = Array.from({ length: 2_345 }, (_, index) => ({
    seq: index + 1,
    at: '2026-01-01T00:00:00.000Z',
    level: 'info',
    message: `event ${index + 1}.`,
  }));
  server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://x');
    const [after, size] = ['after', 'size'].map((name) => Number(url.searchParams.get(name)));
    const page = events.filter(({ seq }) => seq > after!).slice(0, size);
    response.end(JSON.stringify({ data: url.pathname.endsWith('/events') ? page : { ...job, ...rest } }));
  });
  await new Promise<void>((ready) => server!.listen(0, '127.0.0.1', ready));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const said: string[] = [];
  const terminal = {
    out: (text: string) => void said.push(text),
    err: (text: string) => void said.push(text),
    interactive: false,
    columns: () => 120,
    signal: new AbortController().signal,
    close: () => undefined,
  };
  const config = loadConfig({ env: { ASSAY_URL: address, ASSAY_TOKEN: 'any' } });
  expect(await showJob({ terminal, config, json: false }, 'j')).toBe(0);
  const shown = [...said.join('').matchAll(/event (\d+)\./g)].map(([, seq]) => Number(seq));
  expect(shown).toEqual(Array.from({ length: 15 }, (_, index) => 2_331 + index));
});
