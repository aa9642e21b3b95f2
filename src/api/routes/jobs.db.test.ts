import { randomUUID } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import { text as streamText } from 'node:stream/consumers';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { awaitState } from '../../../test/support/await-state.ts';
import { createTestApi, type TestApi } from '../../../test/support/test-api.ts';
import { acceptJob } from '../../engine/accept-job.ts';
import { concludeJob } from '../../jobs/conclude.ts';
import type { JobSpec } from '../../jobs/job.ts';
import { newHexId } from '../../model/ids.ts';
import { jobSecretPlace } from '../../model/secret-places.ts';
import { statusBody } from '../views/job.ts';

const SECRET = 'a very secret password';

/** Takes everything a body may hold; written for these tests, so its title is not known to the views, which then show its name. */
const echoSpec: JobSpec<{
  scope: string[];
  configs?: { rows?: number; deep?: boolean };
  host?: string;
  password?: string;
  lock?: string;
}> = {
  name: 'ECHO',
  path: 'test/echo',
  activity: 'Echo',
  summary: 'Echo',
  description: 'For tests.',
  request: z.object({
    scope: z.array(z.string()).min(1),
    configs: z.object({ rows: z.int().optional(), deep: z.boolean().optional() }).optional(),
    host: z.string().optional(),
    password: z.string().optional(),
    lock: z.string().optional(),
  }),
  example: { scope: ['a'] },
  noun: ['thing', 'things'],
  async accept(request, context) {
    const { password, ...rest } = request;
    return {
      input: {
        ...rest,
        ...(password ? { secrets: { password: context.encrypt(password, jobSecretPlace('password')) } } : {}),
      },
      scope: { dataSources: [], scope: [{ type: 'TABLE', _id: randomUUID(), title: 'public.customer' }] },
      resourceIds: [],
      affinity: 'MOON',
      lockKeys: request.lock ? [request.lock] : [],
      warnings: [],
    };
  },
  conclude: () => ({ result: {}, message: 'Echoed.' }),
};

let api: TestApi;
let token: string;
beforeAll(async () => {
  api = await createTestApi({ engine: { conclude: concludeJob, specs: [echoSpec] }, config: { streamCheckMs: 0 } });
  token = (await api.signUp('data_steward')).token;
});
afterAll(() => api.drop());

const start = (body: unknown, headers: Record<string, string> = {}) =>
  api.call('POST', '/jobs/execute/test/echo', { token, body, headers });
const get = (path: string) => api.call('GET', path, { token });

describe('POST /jobs/execute/…', () => {
  test('answers in the shape of the contract with status ACCEPTED', async () => {
    const answer = await start({ scope: ['a'] });
    expect(answer.statusCode).toBe(200);
    const body = answer.json();
    expect(body).toMatchObject({ status: 'ACCEPTED', message: expect.stringContaining('was accepted as job') });
    expect(Object.keys(body.data).sort()).toEqual(
      [
        '__v',
        '_id',
        'activity',
        'createdAt',
        'date',
        'pId',
        'resourceIds',
        'scope',
        'status',
        'updatedAt',
        'userId',
        'workerName',
      ].sort(),
    );
    expect(body.data).toMatchObject({ workerName: 'ECHO', activity: 'ECHO', pId: expect.any(Number), __v: 0 });
    expect(body.data._id).toMatch(/^[0-9a-f]{24}$/);
  });

  test('the same below /v2', async () => {
    const answer = await api.app.inject({
      method: 'POST',
      url: '/api/public/v2/jobs/execute/test/echo',
      headers: { authorization: `Bearer ${token}` },
      payload: { scope: ['a'] },
    });
    expect(answer.statusCode).toBe(200);
  });

  test('brings values into the types of the contract and warns of unknown keys', async () => {
    const answer = await start({
      scope: ['a'],
      configs: { rows: '12', deep: 'true', typo: 1 },
      host: 5,
      lock: null,
      extra: { x: 1 },
    });
    expect(answer.statusCode).toBe(200);
    const { _id } = answer.json().data;
    expect((await get(`/jobs/${_id}`)).json().data.input).toEqual({
      scope: ['a'],
      configs: { rows: 12, deep: true },
      host: '5',
    });
    const warnings = (await get(`/jobs/${_id}/events`))
      .json()
      .data.filter((event: { level: string }) => event.level === 'warning');
    expect(warnings.map((event: { message: string }) => event.message)).toEqual([
      'configs.typo: not a known key; ignored',
      'extra: not a known key; ignored',
    ]);
  });

  test('names every problem at once', async () => {
    const answer = await start({ scope: [], configs: { rows: 'many', deep: 3 } });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().code).toBe('BAD_REQUEST');
    expect(answer.json().message).toEqual([
      expect.stringContaining('scope: '),
      'configs.rows: received "many", expected a number',
      'configs.deep: received 3, expected a boolean',
    ]);
  });

  test('an idempotency key returns the first job, and refuses another body', async () => {
    const headers = { 'idempotency-key': 'key 1' };
    const first = await start({ scope: ['a'], password: SECRET }, headers);
    const again = await start({ password: SECRET, scope: ['a'] }, headers);
    expect(again.json().data._id).toBe(first.json().data._id);
    expect((await start({ scope: ['b'], password: SECRET }, headers)).statusCode).toBe(409);
    const other = (await api.signUp('data_steward')).token;
    const elsewhere = await api.call('POST', '/jobs/execute/test/echo', {
      token: other,
      body: { scope: ['a'] },
      headers,
    });
    expect(elsewhere.json().data._id).not.toBe(first.json().data._id);
  });

  test('a secret is stored as ciphertext and masked when read', async () => {
    const { _id } = (await start({ scope: ['a'], password: SECRET })).json().data;
    const { input } = await api.db.selectFrom('job').select('input').where('id', '=', _id).executeTakeFirstOrThrow();
    const stored = (input.secrets as Record<string, string>).password ?? '';
    expect(api.secrets.decrypt(stored, jobSecretPlace('password'))).toBe(SECRET);
    const shown = await get(`/jobs/${_id}`);
    expect(shown.json().data.input.secrets).toEqual({ password: '******' });
    expect(shown.body).not.toContain(SECRET);
    expect(shown.body).not.toContain(stored);
  });

  test('a job type that is not built has no route', async () => {
    expect((await api.call('POST', '/jobs/execute/count', { token, body: { items: 1 } })).statusCode).toBe(404);
  });
});

describe('reading jobs', () => {
  test('the status has every field, and says why it waits', async () => {
    const lock = `source:${newHexId()}`;
    const first = (await start({ scope: ['a'], lock })).json().data._id;
    const second = (await start({ scope: ['a'], lock })).json().data._id;
    const status = (await get(`/jobs/${first}/status`)).json();
    expect(statusBody.parse(status)).toEqual(status);
    expect(status).toMatchObject({ workerId: first, workerName: 'ECHO', status: 'ACCEPTED', duration: 0, progress: 0 });
    expect(status.user.name).toMatch(/^Test User/);
    expect(status.message).toContain('No live worker serves the affinity MOON');
    expect((await get(`/jobs/${second}/status`)).json().message).toContain(first);
  });

  test('a malformed id is 400, an unknown one 404', async () => {
    for (const path of ['', '/status', '/events', '/tasks']) {
      expect((await get(`/jobs/xyz${path}`)).statusCode).toBe(400);
      expect((await get(`/jobs/${newHexId()}${path}`)).statusCode).toBe(404);
    }
  });

  test('pages of the list show what exists throughout exactly once, newest first', async () => {
    const before = (await api.db.selectFrom('job').select('id').orderBy('seq', 'desc').execute()).map((row) => row.id);
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = (await get(`/jobs?size=2&cursor=${cursor}`)).json();
      seen.push(...page.data.map((job: { _id: string }) => job._id));
      cursor = page.cursorInfo.cursor;
      await start({ scope: ['a'] });
    } while (cursor !== '');
    expect(seen).toEqual(before);
  });

  test('filters by status, name, user and time', async () => {
    const all = (await get('/jobs?size=500')).json().data.length;
    const count = async (query: string) => (await get(`/jobs?size=500&${query}`)).json().data.length;
    expect(await count('status=accepted,running')).toBe(all);
    expect(await count('status=COMPLETED')).toBe(0);
    expect(await count('name=ECHO')).toBe(all);
    expect(await count('name=OTHER')).toBe(0);
    expect(await count(`userId=${randomUUID()}`)).toBe(0);
    expect(await count(`dataSourceId=${newHexId()}`)).toBe(0);
    expect(await count('from=2999-01-01')).toBe(0);
    expect(await count('from=2020-01-01T00:00:00Z&to=2999-01-01')).toBe(all);
    expect((await get('/jobs?status=DONE')).statusCode).toBe(400);
    expect((await get('/jobs?from=yesterday')).statusCode).toBe(400);
    expect((await get('/jobs?cursor=abc')).statusCode).toBe(400);
  });
});

describe('cancel and re-run', () => {
  test('a waiting job ends at once and may be run again', async () => {
    const { _id } = (await start({ scope: ['a'] })).json().data;
    const early = await api.call('POST', `/jobs/${_id}/re-run`, { token });
    expect(early.statusCode).toBe(409);
    const cancelled = await api.call('POST', `/jobs/${_id}/cancel`, { token });
    expect(cancelled.json()).toMatchObject({ workerId: _id, status: 'CANCELLED', progress: 100 });
    expect(cancelled.json().message).not.toContain('already ended');
    const twice = await api.call('POST', `/jobs/${_id}/cancel`, { token });
    expect(twice.json().message).toMatch(/^The job had already ended \(CANCELLED\); nothing was cancelled\./);
    const again = (await api.call('POST', `/jobs/${_id}/re-run`, { token })).json();
    expect(again.data._id).not.toBe(_id);
    expect((await get(`/jobs/${again.data._id}`)).json().data).toMatchObject({ rerunOf: _id, input: { scope: ['a'] } });
  });

  test('who may read but not run gets 403', async () => {
    const reader = (await api.signUp('business_user')).token;
    const { _id } = (await start({ scope: ['a'] })).json().data;
    for (const path of [`/jobs/${_id}/cancel`, `/jobs/${_id}/re-run`, '/jobs/execute/test/echo']) {
      expect((await api.call('POST', path, { token: reader, body: { scope: ['a'] } })).statusCode).toBe(403);
    }
    expect((await api.call('GET', `/jobs/${_id}/status`, { token: reader })).statusCode).toBe(200);
  });

  test('starts and cancellations are in the audit log', async () => {
    const { _id } = (await start({ scope: ['a'] })).json().data;
    await api.call('POST', `/jobs/${_id}/cancel`, { token });
    const rows = await api.db
      .selectFrom('audit_log')
      .select('action')
      .where('target', '=', _id)
      .orderBy('seq')
      .execute();
    expect(rows.map((row) => row.action)).toEqual(['job started', 'job cancelled']);
  });
});

test('progress, statistics and runners come from the tasks while the job runs', async () => {
  const { user } = await api.signUp('data_steward');
  const snapshot = { name: '', email: '', firstName: '', lastName: '' };
  const job = {
    name: 'ECHO',
    input: {},
    scope: { dataSources: [], scope: [] },
    resourceIds: [],
    affinity: 'MOON',
    lockKeys: [],
    warnings: [],
  };
  const accepted = await acceptJob(api.db, job, { id: user.id, username: user.username, snapshot });
  const jobId = accepted.job.id;
  await api.db.deleteFrom('task').where('job_id', '=', jobId).execute();
  const task = (
    key: string,
    item: string,
    state: 'done' | 'running' | 'failed' | 'blocked' | 'skipped',
    progress = 0,
  ) => ({
    ...{ job_id: jobId, key, item, state, progress, kind: 'work' as const, affinity: 'MOON' },
    ...(state === 'blocked' ? {} : { worker_name: 'w1', worker_host: 'h' }),
  });
  await api.db
    .insertInto('task')
    .values([
      task('1', 'a', 'done'),
      task('2', 'b', 'running', 0.5),
      task('3', 'b', 'blocked'),
      task('4', 'c', 'failed'),
      task('5', 'd', 'skipped'),
    ])
    .execute();
  await api.db
    .updateTable('job')
    .set({ status: 'RUNNING', started_at: new Date(Date.now() - 5_000) })
    .where('id', '=', jobId)
    .execute();
  const status = (await get(`/jobs/${jobId}/status`)).json();
  expect(status).toMatchObject({
    progress: 70,
    statistics: { total: 4, done: 1, failed: 1, skipped: 1 },
    runners: [{ name: 'w1', host: 'h', tasks: 4, running: 1 }],
    message: 'Running: 3 of 4 tasks done, 1 of them failed.',
  });
  expect(status.duration).toBeGreaterThanOrEqual(5_000);
  await sql`UPDATE task SET state = 'ready', run_at = now() + interval '1 hour',
    error = '{"code":"SOURCE_UNREACHABLE","message":"connection refused by db:5432"}'
    WHERE job_id = ${jobId} AND key = '2'`.execute(api.db);
  await sql`INSERT INTO worker (id, name, host, pid, software, affinities, slots, heartbeat_at)
    VALUES (gen_random_uuid(), 'w1', 'h', 1, '1', '{MOON}', 1, now())`.execute(api.db);
  const retried = (await get(`/jobs/${jobId}/status`)).json();
  expect(retried.message).toMatch(/^One task is waiting to try again in 3[56]\d\d s: connection refused by db:5432$/);
  await sql`UPDATE task SET run_at = now() WHERE job_id = ${jobId} AND key = '2'`.execute(api.db);
  expect((await get(`/jobs/${jobId}/status`)).json().message).toMatch(/^Running/);
  await sql`DELETE FROM worker`.execute(api.db);
  await sql`UPDATE job SET status = 'FAILED', finished_at = now(), message = 'One failed.' WHERE id = ${jobId}`.execute(
    api.db,
  );
  expect((await get(`/jobs/${jobId}/status`)).json()).toMatchObject({ status: 'FAILED', progress: 100 });
  expect((await api.call('POST', `/jobs/${jobId}/cancel`, { token })).json()).toMatchObject({
    status: 'FAILED',
    message: 'The job had already ended (FAILED); nothing was cancelled. One failed.',
  });
});

test('the live stream sends what came after Last-Event-ID and ends with the job', async () => {
  const { _id } = (await start({ scope: ['a'] })).json().data;
  const stream = (headers: Record<string, string> = {}) => api.call('GET', `/jobs/${_id}/stream`, { token, headers });
  const open = stream();
  await api.call('POST', `/jobs/${_id}/cancel`, { token });
  const answer = await open;
  expect(answer.headers['content-type']).toContain('text/event-stream');
  const kinds = (body: string) => [...body.matchAll(/^event: (.*)$/gm)].map((match) => match[1]);
  const events = (await get(`/jobs/${_id}/events`)).json().data;
  expect(kinds(answer.body).filter((kind) => kind !== 'status')).toEqual([...events.map(() => 'event'), 'end']);
  expect(answer.body).toContain('"status":"CANCELLED"');
  const late = await stream({ 'last-event-id': '1' });
  expect(kinds(late.body)).toHaveLength(events.length);
  expect(late.body).not.toMatch(/^id: 1$/m);
  expect((await stream({ 'last-event-id': 'x' })).statusCode).toBe(400);
  expect((await api.call('GET', `/jobs/${newHexId()}/stream`, { token })).statusCode).toBe(404);
  expect((await api.call('GET', `/jobs/${_id}/stream?access_token=${token}`)).statusCode).toBe(401);
});

test.each([
  ['a revoked key', 'UPDATE api_key SET revoked_at = now() WHERE user_id = $1'],
  ['an expired key', `UPDATE api_key SET expires_at = now() - interval '1 second' WHERE user_id = $1`],
  ['a disabled user', 'UPDATE app_user SET disabled = true WHERE id = $1'],
  ['a user without roles', `UPDATE app_user SET roles = '{}' WHERE id = $1`],
])('%s ends the open stream', async (_what, end) => {
  const { _id } = (await start({ scope: ['a'] })).json().data;
  const reader = await api.signUp('data_user');
  const made = await api.call('POST', '/api-keys', { token: reader.token, body: { name: 'k', scopes: ['read'] } });
  const open = api.call('GET', `/jobs/${_id}/stream`, { token: made.json().data.key });
  const readKey = async () =>
    (await api.pool.query('SELECT last_used_at FROM api_key WHERE user_id = $1', [reader.user.id])).rows[0];
  await awaitState('the stream to open', readKey, (key) => key.last_used_at !== null);
  await api.pool.query(end, [reader.user.id]);
  const answer = await open;
  expect([answer.statusCode, answer.body.includes('event: end')]).toEqual([200, false]);
  expect((await get(`/jobs/${_id}/status`)).json().status).toBe('ACCEPTED');
});

test('closing the server ends open streams', { timeout: 15_000 }, async () => {
  const other = await createTestApi({ engine: { conclude: concludeJob, specs: [echoSpec] } });
  const signedIn = (await other.signUp('data_steward')).token;
  const { _id } = (
    await other.call('POST', '/jobs/execute/test/echo', { token: signedIn, body: { scope: ['a'] } })
  ).json().data;
  const url = await other.app.listen({ port: 0, host: '127.0.0.1' });
  const headers = { authorization: `Bearer ${signedIn}` };
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    request(`${url}/api/public/v1/jobs/${_id}/stream`, { headers, agent: false }, resolve).on('error', reject).end(),
  );
  const body = streamText(response);
  await other.app.close();
  expect(await body).toMatch(/event: event\n[\s\S]*event: status\n/);
  await other.drop();
});

test('workers and metrics', async () => {
  expect((await get('/workers')).json().data).toEqual([]);
  const metrics = await api.app.inject({ url: '/metrics' });
  expect(metrics.statusCode).toBe(200);
  expect(metrics.body).toMatch(/assay_jobs\{status="ACCEPTED"\} [1-9]/);
  expect(metrics.body).toContain('assay_workers_alive 0');
  expect(metrics.body).toContain('assay_queue_age_seconds');
});
