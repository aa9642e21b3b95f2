import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { DEVICE_CLIENT, startTestIssuer, type TestIssuer } from '../../../test/support/test-issuer.ts';
import { type DevicePrompt, type Issuer, renewAtIssuer, revokeAtIssuer, signInByDevice } from './device-flow.ts';

let real: TestIssuer;
let issuer: Issuer;
const { signal } = new AbortController();
beforeAll(async () => {
  real = await startTestIssuer();
  const scopes = 'openid profile email offline_access';
  issuer = { issuer: real.url, clientId: DEVICE_CLIENT, scopes, tokenToSend: 'access_token' };
});
afterAll(() => real.stop());

let server: Server | undefined;
afterEach(() => server?.close());

/** Signs in; `meanwhile` is what happens between two questions, in place of waiting. */
async function signIn(meanwhile: (prompt: DevicePrompt, waited: number[]) => Promise<void> | void, at = issuer) {
  let shown: DevicePrompt | undefined;
  const waited: number[] = [];
  const tokens = await signInByDevice(at, {
    signal,
    show: (prompt) => {
      shown = prompt;
    },
    wait: async (ms) => {
      waited.push(ms / 1000);
      await meanwhile(shown!, waited);
    },
  });
  return { tokens, waited };
}

const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());

test('a person confirms the code; the tokens are renewed, and revoked', async () => {
  const { tokens, waited } = await signIn(async ({ address, code, directAddress }, so) => {
    expect(address).toBe(`${real.url}/device`);
    expect(directAddress).toContain(code);
    if (so.length === 2) await real.confirm(code, 'erika');
  });
  expect(waited).toEqual([5, 5]);
  expect(claimsOf(tokens.token)).toMatchObject({ iss: real.url, aud: real.audience, sub: 'erika' });
  const renewed = await renewAtIssuer(issuer, tokens.refreshToken, signal);
  expect(claimsOf(renewed!.token)).toMatchObject({ sub: 'erika' });
  expect(renewed!.token).not.toBe(tokens.token);
  await revokeAtIssuer(issuer, renewed!.refreshToken, signal);
  expect(await renewAtIssuer(issuer, renewed!.refreshToken, signal)).toBeUndefined();
  expect(await renewAtIssuer(issuer, '', signal)).toBeUndefined();
});

test('a person refuses, or the client is unknown', async () => {
  await expect(signIn(({ code }) => real.confirm(code, 'nobody'))).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' });
  await expect(signIn(() => {}, { ...issuer, clientId: 'nobody' })).rejects.toMatchObject({
    code: 'BAD_CREDENTIALS',
    message: expect.stringContaining(`${real.url} refuses: `),
  });
});

/** An issuer that answers as the test wants; the place of each answer is its path. */
async function answering(answers: (url: string) => Record<string, [status: number, body: object]>): Promise<Issuer> {
  let asked: ReturnType<typeof answers> = {};
  server = createServer((request, response) => {
    const [status, body] = asked[request.url!] ?? [404, {}];
    response.writeHead(status).end(JSON.stringify(body));
  });
  await new Promise<void>((ready) => server!.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  asked = answers(url);
  return { issuer: url, clientId: 'c', scopes: 'openid', tokenToSend: 'id_token' };
}

const places = (url: string) => ({
  issuer: url,
  token_endpoint: `${url}/token`,
  device_authorization_endpoint: `${url}/device`,
});
const DISCOVERY = '/.well-known/openid-configuration';

test('an issuer that wants fewer questions gets fewer, and a code nobody confirms ends', async () => {
  const begun = {
    device_code: 'd',
    user_code: '\u001b[2JABC',
    verification_uri: 'https://x',
    interval: 1,
    expires_in: 30,
  };
  const slow = await answering((url) => ({
    [DISCOVERY]: [200, places(url)],
    '/device': [200, begun],
    '/token': [400, { error: 'slow_down' }],
  }));
  const waits: number[] = [];
  const shown: string[] = [];
  const ended = signIn(({ code }, waited) => {
    shown.push(code);
    waits.splice(0, waits.length, ...waited);
  }, slow);
  await expect(ended).rejects.toMatchObject({ code: 'BAD_CREDENTIALS', message: expect.stringContaining('in time') });
  expect(waits).toEqual([1, 6, 11, 16]);
  expect(shown[0]).toBe('[2JABC');
});

test('no interval is shorter than a second, and every one brings the end of the code nearer', async () => {
  for (const interval of [0, -5, '0', 0.1]) {
    const eager = await answering((url) => ({
      [DISCOVERY]: [200, places(url)],
      '/device': [200, { device_code: 'd', user_code: 'A', verification_uri: 'https://x', interval, expires_in: 3 }],
      '/token': [400, { error: 'authorization_pending' }],
    }));
    const waits: number[] = [];
    await expect(signIn((_prompt, waited) => void waits.splice(0, 9, ...waited), eager)).rejects.toThrow('in time');
    expect([interval, waits]).toEqual([interval, [1, 1, 1]]);
    server!.close();
  }
});

test('dropped requests end nothing, and are asked again more slowly; at the end they are the reason', async () => {
  const answers: ('drop' | object)[] = ['drop', 'drop', { error: 'authorization_pending' }, { id_token: 't' }];
  let asked = 0;
  server = createServer((request, response) => {
    const url = `http://${request.headers.host}`;
    const begun = { device_code: 'd', user_code: 'A', verification_uri: 'https://x', interval: 1, expires_in: 60 };
    if (request.url === DISCOVERY) return response.end(JSON.stringify(places(url)));
    if (request.url === '/device') return response.end(JSON.stringify(begun));
    const answer = answers[Math.min(asked++, answers.length - 1)]!;
    if (answer === 'drop') return request.socket.destroy();
    return response.writeHead('error' in answer ? 400 : 200).end(JSON.stringify(answer));
  });
  await new Promise<void>((ready) => server!.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const shaky: Issuer = { issuer: url, clientId: 'c', scopes: 'openid', tokenToSend: 'id_token' };
  const { tokens, waited } = await signIn(() => undefined, shaky);
  expect([tokens.token, waited]).toEqual(['t', [1, 2, 4, 4]]);
  answers.splice(0, 9, 'drop');
  await expect(signIn(() => undefined, shaky)).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' });
});

test('an answer of the issuer that is cut shows no token', async () => {
  server = createServer((_request, response) => response.end('{"access_token": hush'));
  await new Promise<void>((ready) => server!.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cut: Issuer = { issuer: url, clientId: 'c', scopes: 'openid', tokenToSend: 'id_token' };
  await expect(signIn(() => {}, cut)).rejects.toThrow(/: what came is not valid JSON\.$/);
});

test('a discovery document of somebody else, no device flow, and no token of the kind wanted are told apart', async () => {
  const foreign = await answering(() => ({ [DISCOVERY]: [200, places('https://elsewhere.example')] }));
  await expect(signIn(() => {}, foreign)).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' });
  server!.close();
  const without = await answering((url) => ({ [DISCOVERY]: [200, { issuer: url, token_endpoint: url }] }));
  await expect(signIn(() => {}, without)).rejects.toThrow('has no device flow');
  server!.close();
  const begun = { device_code: 'd', user_code: 'A', verification_uri: 'https://x' };
  const other = await answering((url) => ({
    [DISCOVERY]: [200, places(url)],
    '/device': [200, begun],
    '/token': [200, { access_token: 'a' }],
  }));
  await expect(signIn(() => {}, other)).rejects.toThrow('gave no id_token');
});

test('Ctrl-C while waiting is an interruption', async () => {
  const stop = new AbortController();
  const waiting = signInByDevice(issuer, { show: () => stop.abort(), signal: stop.signal });
  await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
});
