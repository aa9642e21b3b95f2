import { AssayError } from '../errors/assay-error.ts';
import { jsonProblem } from '../errors/json-problem.ts';

/** Deeper texts are refused before they are parsed. */
export const MAX_DEPTH = 64;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * What JSON in UTF-8 says; a byte order mark is passed over.
 *
 * @param what it is, for messages
 * @throws BAD_REQUEST for what is not JSON in UTF-8, is nested too deeply, or holds U+0000 or half a surrogate pair
 */
export function parseJson(bytes: Uint8Array, what: string): unknown {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch (cause) {
    throw new AssayError('BAD_REQUEST', `${what}: received bytes that are not UTF-8, expected JSON in UTF-8`, {
      cause,
    });
  }
  const depth = depthOf(text);
  if (depth > MAX_DEPTH) {
    throw new AssayError('BAD_REQUEST', `${what}: nested ${depth} levels deep, at most ${MAX_DEPTH} are allowed`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AssayError('BAD_REQUEST', `${what}: ${jsonProblem(cause)}`, { cause });
  }
  checkText(value, what);
  return value;
}

/** Deepest nesting of brackets outside strings. */
export function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charCodeAt(i);
    if (c === 0x22) {
      for (i += 1; i < text.length && text.charCodeAt(i) !== 0x22; i += 1) if (text.charCodeAt(i) === 0x5c) i += 1;
    } else if (c === 0x7b || c === 0x5b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (c === 0x7d || c === 0x5d) depth -= 1;
  }
  return deepest;
}

function checkText(value: unknown, path: string): void {
  if (typeof value === 'string') refuseUnstorable(value, path);
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) checkText(item, `${path}.${index}`);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      refuseUnstorable(key, `a key of ${path}`);
      if (key === '__proto__') throw new AssayError('BAD_REQUEST', `${path}: the key __proto__ is not allowed`);
      checkText(inner, `${path}.${key}`);
    }
  }
}

/** @throws BAD_REQUEST for U+0000 (which PostgreSQL cannot store) and for half a surrogate pair (which is not text) */
export function refuseUnstorable(text: string, path: string): void {
  if (text.includes('\u0000')) throw new AssayError('BAD_REQUEST', `${path}: contains U+0000, which cannot be stored`);
  if (!text.isWellFormed())
    throw new AssayError('BAD_REQUEST', `${path}: contains half of a surrogate pair, which is not text`);
}
