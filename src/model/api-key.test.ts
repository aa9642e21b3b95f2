import fc from 'fast-check';
import { expect, test } from 'vitest';
import { API_KEY_PATTERN, hideTokens, isApiKey, looksLikeApiKey, newApiKey, shownPart } from './api-key.ts';

const secrets = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));

test('every secret gives a key of one length that is found by the published pattern', () => {
  fc.assert(
    fc.property(secrets, (secret) => {
      const key = newApiKey(secret);
      expect(key).toMatch(new RegExp(`^${API_KEY_PATTERN}$`));
      expect(isApiKey(key) && looksLikeApiKey(key)).toBe(true);
      expect(`curl -H "X-API-Key: ${key}"`.match(new RegExp(API_KEY_PATTERN))?.[0]).toBe(key);
    }),
  );
  expect(newApiKey(Buffer.alloc(32))).toMatch(/^assay_0{43}/);
  expect(newApiKey(Buffer.alloc(32, 255)).slice(6, 7)).not.toBe('0');
});

test('two secrets never share a key', () => {
  fc.assert(fc.property(secrets, secrets, (a, b) => (newApiKey(a) === newApiKey(b)) === a.equals(b)));
});

test('a changed, cut or lengthened key is noticed', () => {
  fc.assert(
    fc.property(secrets, fc.integer({ min: 6, max: 54 }), fc.constantFrom('0', 'z', '-', 'é'), (secret, at, other) => {
      const key = newApiKey(secret);
      const changed = key.slice(0, at) + other + key.slice(at + 1);
      expect(isApiKey(changed)).toBe(changed === key);
      expect(isApiKey(key.slice(0, at))).toBe(false);
      expect(isApiKey(key + other)).toBe(false);
    }),
  );
});

test('keys and tokens in a text are cut down, all else stays', () => {
  fc.assert(
    fc.property(secrets, (secret) => {
      const key = newApiKey(secret);
      const hidden = hideTokens(`{"a":"${key}","b":"${key.slice(0, -3)}"}`);
      expect(hidden).toBe(`{"a":"${shownPart(key)}…","b":"${shownPart(key)}…"}`);
    }),
  );
  const jwt = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
  expect(hideTokens(`Bearer ${jwt}!`)).toBe('Bearer eyJhbGciO…!');
  const harmless = 'assay_test_0011 assay_demo assay_request_seconds eyJ a.b.c';
  expect(hideTokens(harmless)).toBe(harmless);
});
