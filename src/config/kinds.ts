import { delimiter, resolve } from 'node:path';
import { z } from 'zod';
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
  const url = new URL(value);
  return /^https?:$/.test(url.protocol) ? value.replace(/\/+$/, '') : undefined;
}, 'a URL that begins with http:// or https://');

export const key = from((given) => {
  const value = trimmed(given);
  return value === undefined ? undefined : parseSecretKey(value);
}, '32 bytes as 64 hex digits or as base64, for example from `openssl rand -base64 32`');
