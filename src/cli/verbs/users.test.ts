import { expect, test } from 'vitest';
import { VerbBench } from '../../../test/support/verb-bench.ts';
import { removeUser } from './users.ts';

const bench = new VerbBench();

test('a user name that an issuer gave cannot steer the terminal', async () => {
  const user = { _id: 'u1', username: '\u001b[2Jerika\u202e', issuer: 'https://sso.example' };
  const context = await bench.against((request, response) => {
    response.end(JSON.stringify({ data: request.method === 'GET' ? [user] : user }));
  });
  expect(await removeUser(context, 'u1')).toBe(0);
  expect(bench.said).toEqual(['Removed ·[2Jerika·.\n']);
});
