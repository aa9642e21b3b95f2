import type { RequestListener } from 'node:http';
import { expect, test } from 'vitest';
import { VerbBench } from '../../../test/support/verb-bench.ts';
import { createKey, revokeKey } from './keys.ts';

const bench = new VerbBench();

const key = (over: object) => ({
  _id: 'id-1',
  prefix: 'assay_aaaaaa',
  name: 'ro',
  state: 'active',
  username: 'erika',
  scopes: ['read'],
  createdAt: '2026-01-02T03:04:05.000Z',
  expiresAt: '2026-03-04T00:00:00.000Z',
  lastUsedAt: '',
  revokedAt: '',
  ...over,
});
const ended = { _id: 'id-9', state: 'revoked', revokedAt: '2026-02-01T00:00:00.000Z' };

/** A server with these keys; what was deleted is kept. */
function keysServer(keys: object[], deleted: string[] = []): RequestListener {
  return (request, response) => {
    if (request.method === 'DELETE') deleted.push(request.url!.split('/').at(-1)!);
    const one = request.method === 'GET' ? undefined : key({ _id: 'id-new', key: 'assay_new' });
    response.end(JSON.stringify({ data: one ?? keys }));
  };
}

test('a key that was revoked says when, and is not revoked again', async () => {
  const deleted: string[] = [];
  const context = await bench.against(keysServer([key(ended)], deleted));
  await expect(revokeKey(context, 'ro')).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringMatching(/^assay_aaaaaa \(ro, .*\) was revoked at 2026-02-01T00:00:00.000Z/),
  });
  await expect(revokeKey(context, 'rw')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(deleted).toEqual([]);
});

test('an active key comes before those of its name that ended', async () => {
  const deleted: string[] = [];
  const context = await bench.against(keysServer([key({}), key(ended)], deleted));
  expect(await revokeKey(context, 'ro')).toBe(0);
  expect(deleted).toEqual(['id-1']);
});

test('of two keys of one name each is shown as the list shows it, when the second is made and when one is revoked', async () => {
  const two = [key({ _id: 'id-2', prefix: 'assay_bbbbbb' }), key({})];
  const context = await bench.against(keysServer(two));
  const beginnings = /assay_bbbbbb \(ro, made 2026-01-02 03:04, id id-2\), assay_aaaaaa \(ro, .*id id-1\)/;
  await expect(revokeKey(context, 'ro')).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringMatching(beginnings),
  });
  expect(await createKey(context, 'ro', {})).toBe(0);
  expect(bench.said.join('')).toMatch(beginnings);
  bench.said.length = 0;
  expect(await createKey(context, 'ro', { quiet: true })).toBe(0);
  expect(bench.said).toEqual(['assay_new\n']);
});

test('too many days are refused as days', async () => {
  const expected =
    'expected a time in the future and not after 2027-01-01T00:00:00.000Z (365 days, ASSAY_API_KEY_DAYS)';
  const context = await bench.against((_request, response) => {
    const message = [`expiresAt: received 2054-01-01T00:00:00.000Z, ${expected}`];
    response.writeHead(400).end(JSON.stringify({ status: 400, message, code: 'BAD_REQUEST' }));
  });
  await expect(createKey(context, 'x', { days: '9999' })).rejects.toThrow(`--days: received "9999", ${expected}`);
});
