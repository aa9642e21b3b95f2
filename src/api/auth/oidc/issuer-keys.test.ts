import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { afterEach, expect, test } from 'vitest';
import { openIssuerKeys } from './issuer-keys.ts';

const TIMES = { freshMs: 1_000, staleMs: 10_000, cooldownMs: 100, retryMs: 50, timeoutMs: 2_000 };
const { publicKey } = await generateKeyPair('ES256', { extractable: true });
const jwk = { ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig' };

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** An issuer whose answers the test may change; `asked` counts how often its keys were asked for. */
async function fakeIssuer() {
  const state = { asked: 0, tried: 0, kid: 'one', broken: false, document: {} as Record<string, unknown> };
  const answer: RequestListener = (request, response) => {
    if (request.url === '/jwks') state.asked += 1;
    else state.tried += 1;
    if (state.broken) response.statusCode = 500;
    const document = { issuer: url, jwks_uri: `${url}/jwks`, ...state.document };
    response.end(JSON.stringify(request.url === '/jwks' ? { keys: [{ ...jwk, kid: state.kid }] } : document));
  };
  server = createServer(answer);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clock = { now: 1_000_000 };
  const keys = openIssuerKeys({ issuer: url, allowHttp: false }, TIMES, () => clock.now);
  const find = (kid: string) => keys.find({ alg: 'ES256', kid });
  return { state, clock, find, url };
}

const unavailable = (words: string) => ({ code: 'ISSUER_UNAVAILABLE', message: expect.stringContaining(words) });

test('nobody is asked before the first token, and many at once ask once', async () => {
  const { state, find } = await fakeIssuer();
  expect(state.tried).toBe(0);
  await Promise.all(Array.from({ length: 20 }, () => find('one')));
  expect(state).toMatchObject({ asked: 1, tried: 1 });
});

test('keys are asked for again when they are no longer fresh', async () => {
  const { state, clock, find } = await fakeIssuer();
  await find('one');
  clock.now += TIMES.freshMs;
  await find('one');
  expect(state.asked).toBe(1);
  state.kid = 'two';
  clock.now += 1;
  await expect(find('one')).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
  expect(state.asked).toBe(2);
});

test('an unknown key is looked for at once, but forged ones make no storm', async () => {
  const { state, clock, find } = await fakeIssuer();
  await find('one');
  state.kid = 'two';
  clock.now += TIMES.cooldownMs;
  await find('two');
  expect(state.asked).toBe(2);
  const forged = await Promise.allSettled(Array.from({ length: 50 }, (_, at) => find(`forged ${at}`)));
  expect(forged.every((one) => one.status === 'rejected')).toBe(true);
  expect(state.asked).toBe(2);
});

test('while the issuer is away known keys are good for a while, and it is tried again with pauses', async () => {
  const { state, clock, find } = await fakeIssuer();
  await find('one');
  state.broken = true;
  clock.now += TIMES.freshMs + 1;
  const before = state.tried;
  for (let call = 0; call < 20; call += 1) await find('one');
  expect(state.tried - before).toBe(1);
  clock.now += TIMES.retryMs;
  await find('one');
  expect(state.tried - before).toBe(2);
  clock.now += TIMES.staleMs;
  await expect(find('one')).rejects.toMatchObject(unavailable('answers 500'));
  await expect(find('one')).rejects.toMatchObject(unavailable('answers 500'));
  expect(state.tried - before).toBe(3);
  state.broken = false;
  clock.now += TIMES.retryMs;
  await find('one');
});

test.each([
  ['of another issuer', { issuer: 'https://elsewhere.example' }, 'the same to the letter'],
  ['of the issuer with a slash', { issuer: undefined }, 'the same to the letter'],
  ['without keys', { jwks_uri: undefined }, 'names no jwks_uri'],
  ['with keys by plain HTTP', { jwks_uri: 'http://issuer.example/jwks' }, 'is plain HTTP'],
])('a discovery document %s is refused in words', async (_what, document, words) => {
  const { state, find } = await fakeIssuer();
  state.document = document;
  await expect(find('one')).rejects.toMatchObject(unavailable(words));
  expect(state.asked).toBe(0);
});
