import { delimiter, resolve } from 'node:path';
import { z } from 'zod';
import { looksLikeApiKey } from '../model/api-key.ts';
import { parseSecretKey } from '../model/secret-key.ts';

/**
 * Kinds of setting: each reads the text of an environment variable or flag as well as the JSON of the settings file, and
 * says in words what it expects. `expected` is all a user sees of a failure, so it must be enough.
 */
const from = <T>(read: (given: unknown) => T | undefined, expected: string): z.ZodType<T> =>
  z.unknown().transform((given, context) => {
    const value = read(given);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });

const trimmed = (given: unknown): string | undefined =>
  typeof given === 'string' && given.trim() !== '' ? given.trim() : undefined;

export const text = from(trimmed, 'a text');

export const token = from((given) => {
  const value = trimmed(given);
  return value && /^[\x21-\x7e]+$/.test(value) ? value : undefined;
}, 'a token, which has no line break, no blank and no letter beyond ASCII: copy the whole of it');

export const apiKey = from((given) => {
  const value = trimmed(given);
  return value && looksLikeApiKey(value) && /^\w+$/.test(value) ? value : undefined;
}, 'an API key, which begins with assay_ and goes on with letters and digits, without a line break: copy the whole of it');

/** Below ten characters a password falls to guessing within the rate limit; the limit for a person's is the same. */
export const password = from(
  (given) => (typeof given === 'string' && given.length >= MIN_PASSWORD ? given : undefined),
  'at least 10 characters',
);
const MIN_PASSWORD = 10;

export const wholeNumber = (min: number, max: number): z.ZodType<number> =>
  from((given) => {
    const number = typeof given === 'string' && /^\s*\d{1,15}\s*$/.test(given) ? Number(given) : given;
    const fits = typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max;
    return fits ? number : undefined;
  }, `a whole number from ${min} to ${max}`);

const WORDS: Record<string, boolean> = {
  true: true,
  yes: true,
  on: true,
  1: true,
  false: false,
  no: false,
  off: false,
  0: false,
};

export const yesOrNo = from(
  (given) => (typeof given === 'boolean' ? given : WORDS[String(given).trim().toLowerCase()]),
  'true or false',
);

export const oneOf = <const T extends string>(values: readonly T[]): z.ZodType<T> =>
  from((given) => values.find((value) => value === trimmed(given)?.toLowerCase()), `one of ${values.join(', ')}`);

export const absolute = (path: string): string => resolve(path);
export const path = from((given) => {
  const value = trimmed(given);
  return value === undefined || value.includes('\0') ? undefined : absolute(value);
}, 'a path');

/** A list from JSON, from a repeated flag, or from one text with separators; empty entries do not count. */
export const list = (separator: string): z.ZodType<string[]> =>
  from((given) => {
    const parts = Array.isArray(given) ? given : [given];
    if (!parts.every((part) => typeof part === 'string')) return undefined;
    const items = parts.flatMap((part) => part.split(separator)).map((item) => item.trim());
    const kept = [...new Set(items.filter((item) => item !== ''))];
    return kept.length > 0 ? kept : undefined;
  }, `a list separated by "${separator}"`);

export const paths = list(delimiter).transform((items) => items.map(absolute));

export const postgresUrl = from((given) => {
  const value = trimmed(given);
  return value && /^postgres(ql)?:\/\/\S+$/.test(value) ? value : undefined;
}, 'a URL like postgresql://user:password@host:5432/database');

export const httpUrl = from((given) => {
  const value = trimmed(given);
  if (!value || !URL.canParse(value)) return undefined;
  const { protocol, username, password } = new URL(value);
  return /^https?:$/.test(protocol) && username + password === '' ? value.replace(/\/+$/, '') : undefined;
}, 'a URL that begins with http:// or https://, without user name and password');

/** Kept to the letter: an issuer is compared character by character, a slash at the end included. */
export const issuerUrl = from((given) => {
  const value = trimmed(given);
  if (!value || !URL.canParse(value)) return undefined;
  const { protocol, search, hash, username } = new URL(value);
  return /^https?:$/.test(protocol) && search + hash + username === '' ? value : undefined;
}, 'the URL of an issuer, as in the `iss` claim of its tokens');

export const subsetOf = <const T extends string>(values: readonly T[]): z.ZodType<T[]> => {
  const kind = list(',');
  return from(
    (given) => {
      const items = kind.safeParse(given);
      const known = items.success
        ? items.data.filter((item): item is T => (values as readonly string[]).includes(item))
        : [];
      return items.success && known.length === items.data.length ? known : undefined;
    },
    `a list of ${values.join(', ')}`,
  );
};

/** Names to names: an object from JSON, or a text `a=b,c=d`. Names with a comma in them want JSON. */
export const mapTo = <const T extends string>(values: readonly T[]): z.ZodType<Readonly<Record<string, T>>> =>
  from(
    (given) => {
      const pairs = toPairs(given);
      const known = pairs?.every(([name, value]) => name !== '' && (values as readonly unknown[]).includes(value));
      return known ? Object.freeze(Object.fromEntries(pairs as [string, T][])) : undefined;
    },
    `pairs like their-name=ours, separated by commas, or a JSON object; ours are ${values.join(', ')}`,
  );

function toPairs(given: unknown): [string, unknown][] | undefined {
  const value = trimmed(given) ?? given;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value);
  if (typeof value !== 'string') return undefined;
  if (value.startsWith('{')) {
    try {
      return toPairs(JSON.parse(value));
    } catch {
      return undefined;
    }
  }
  return value.split(',').map((pair) => {
    const at = pair.lastIndexOf('=');
    return [pair.slice(0, Math.max(at, 0)).trim(), pair.slice(at + 1).trim()];
  });
}

/** A list of objects, from JSON in either form. */
export const objects = from((given) => {
  try {
    const value: unknown = typeof given === 'string' ? JSON.parse(given) : given;
    const fits =
      Array.isArray(value) && value.every((item) => typeof item === 'object' && item && !Array.isArray(item));
    return fits ? (value as Record<string, unknown>[]) : undefined;
  } catch {
    return undefined;
  }
}, 'a JSON list of objects');

export const key = from((given) => {
  const value = trimmed(given);
  return value === undefined ? undefined : parseSecretKey(value);
}, '32 bytes as 64 hex digits or as base64, for example from `openssl rand -base64 32`');
