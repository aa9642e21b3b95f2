import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/**
 * scrypt with N = 2^17, r = 8, p = 1: what OWASP's Password Storage Cheat Sheet asks for. One hash takes 128 MiB, so at
 * most two run at a time.
 */
const COST = { log2N: 17, r: 8, p: 1 };
const MAX_PARALLEL = 2;
const KEY_BYTES = 32;

/** Longest password taken; longer ones only serve to keep the processor busy. */
export const PASSWORD_MAX = 1_000;
export const PASSWORD_MIN = 10;

/** Text form: `scrypt$17$8$1$<salt>$<key>`, both base64url. The parameters travel with the hash, so they may be raised later. */
export async function hashPassword(password: string, cost: typeof COST = COST): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost);
  return ['scrypt', cost.log2N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** Takes the same time whether or not there is a hash to compare with (`null`: no such user). */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [kind, log2N, r, p, salt, key] = (stored ?? '').split('$');
  if (kind !== 'scrypt' || !salt || !key) {
    await derive(password, Buffer.alloc(16), COST);
    return false;
  }
  const expected = Buffer.from(key, 'base64url');
  const cost = { log2N: Number(log2N), r: Number(r), p: Number(p) };
  const actual = await derive(password, Buffer.from(salt, 'base64url'), cost);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

let running = 0;
const waiting: (() => void)[] = [];

async function derive(password: string, salt: Buffer, cost: typeof COST): Promise<Buffer> {
  if (running >= MAX_PARALLEL) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    const options: ScryptOptions = { N: 2 ** cost.log2N, r: cost.r, p: cost.p, maxmem: 2 ** (cost.log2N + 8) * cost.r };
    return await new Promise<Buffer>((resolve, reject) => {
      scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
        error ? reject(error) : resolve(key),
      );
    });
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}
