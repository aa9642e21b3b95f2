import { expect, test } from 'vitest';
import { VerbBench } from '../../../test/support/verb-bench.ts';
import { showJob, stepTable } from './jobs.ts';

const bench = new VerbBench();

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
  const context = await bench.against((request, response) => {
    const url = new URL(request.url!, 'http://x');
    const [after, size] = ['after', 'size'].map((name) => Number(url.searchParams.get(name)));
    const page = events.filter(({ seq }) => seq > after!).slice(0, size);
    response.end(JSON.stringify({ data: url.pathname.endsWith('/events') ? page : { ...job, ...rest } }));
  });
  expect(await showJob(context, 'j')).toBe(0);
  const shown = [...bench.said.join('').matchAll(/event (\d+)\./g)].map(([, seq]) => Number(seq));
  expect(shown).toEqual(Array.from({ length: 15 }, (_, index) => 2_331 + index));
});

test('in the table of a connection test cause and remedy are two sentences', () => {
  const step = { outcome: 'failed', ms: 1, remedy: 'Check it.' };
  const shown = (name: string, reason: string) => stepTable([{ ...step, name, reason }], 200);
  expect(shown('reach', 'nobody listens (ENOTFOUND)')).toContain('nobody listens (ENOTFOUND). Check it.');
  expect(shown('reach', 'Nobody listens.')).toContain('Nobody listens. Check it.');
});
