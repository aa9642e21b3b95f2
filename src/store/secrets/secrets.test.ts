import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSecrets } from './secrets.ts';

const secrets = openSecrets(randomBytes(32));

describe('secrets', () => {
  it('gives back what was encrypted, and never the same text twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (plain, place) => {
        const text = secrets.encrypt(plain, place);
        expect(secrets.decrypt(text, place)).toBe(plain.toWellFormed());
        expect(secrets.encrypt(plain, place)).not.toBe(text);
      }),
    );
  });

  it('refuses a text with any byte changed, cut off, or moved to another place', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(), fc.integer({ min: 1, max: 255 }), (plain, at, change) => {
        const text = secrets.encrypt(plain, 'here');
        const [version, key, payload] = text.split('.') as [string, string, string];
        const bytes = Buffer.from(payload, 'base64url');
        const changed = Buffer.from(bytes);
        changed[at % bytes.length]! ^= change;
        const cut = bytes.subarray(0, at % bytes.length);
        for (const other of [changed, cut]) {
          const forged = `${version}.${key}.${other.toString('base64url')}`;
          expect(() => secrets.decrypt(forged, 'here')).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
        }
        expect(() => secrets.decrypt(text, 'there')).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
      }),
    );
  });

  it('says that a text is of another key, without the plain text', () => {
    const text = openSecrets(randomBytes(32)).encrypt('hunter2', 'here');
    expect(() => secrets.decrypt(text, 'here')).toThrow(expect.objectContaining({ code: 'WRONG_KEY' }));
    expect(text).not.toContain('hunter2');
  });
});
