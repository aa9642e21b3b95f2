import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/test-api.ts';

let api: TestApi;
let token: string;
beforeAll(async () => {
  api = await createTestApi({ config: { bodyMs: 200 } });
  token = (await api.signUp('data_developer')).token;
  await api.app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => api.drop());

/** Sends half a body. */
async function half(path: string, type: string) {
  const { port } = api.app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const headers = `Host: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: ${type}\r\nContent-Length: 11`;
  socket.write(`POST /api/public/v1${path} HTTP/1.1\r\n${headers}\r\n\r\nTerm\n`);
  return socket;
}

it('ends requests whose body does not come, and waits for uploads', async () => {
  const upload = await half('/dictionaries/import?name=Slow', 'text/csv');
  const other = await half('/dictionaries', 'application/json');
  await once(other, 'close');
  expect(upload.destroyed).toBe(false);
  upload.write('a\nb\nc\n');
  const [answer] = (await once(upload, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1.1 200 .*"terms":3/s);
  upload.destroy();
});
