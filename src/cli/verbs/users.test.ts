import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { loadConfig } from '../../config/load-config.ts';
import { removeUser } from './users.ts';

let server: Server | undefined;
afterEach(() => server?.close());

test('a user name that an issuer gave cannot steer the terminal', async () => {
  const user = { _id: 'u1', username: '\u001b[2Jerika\u202e', issuer: 'https://sso.example' };
  server = createServer((request, response) => {
    response.end(JSON.stringify({ data: request.method === 'GET' ? [user] : user }));
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
  expect(await removeUser({ terminal, config, json: false }, 'u1')).toBe(0);
  expect(said).toEqual(['Removed ·[2Jerika·.\n']);
});
