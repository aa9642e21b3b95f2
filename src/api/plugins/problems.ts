import { z } from 'zod';
import { kindOf } from '../../model/coerce.ts';
import { nearestName } from '../../model/nearest-name.ts';
import { SECRET_FIELDS } from '../../model/source-fields.ts';

type Issue = z.core.$ZodIssue;

/** More problems than this are counted, not listed. */
const LISTED = 50;
const SECRET = new Set<PropertyKey>([
  ...SECRET_FIELDS,
  'newPassword',
  'currentPassword',
  'refreshToken',
  'refresh_token',
  'uri',
]);

/** The keys that a schema knows, for `describeProblems`; those of an object within it as `configs.rows`. */
export function keysOf(schema: z.ZodType): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return keysOf(schema.unwrap() as z.ZodType);
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([key, inner]) => [
    key,
    ...keysOf(inner as z.ZodType).map((one) => `${key}.${one}`),
  ]);
}

/**
 * Every problem of a request part in sentences: where, what was received, what was expected.
 *
 * @param known keys of the part as `keysOf` gives them, of which the nearest is named for one that is unknown
 */
export function describeProblems(
  issues: readonly Issue[],
  input: unknown,
  part: string,
  known: readonly string[] = [],
): string[] {
  const all = issues.flatMap((issue) => describe(issue, input, part, known));
  const more = all.length - LISTED;
  return more > 0 ? [...all.slice(0, LISTED), `and ${more} more problems`] : all;
}

function describe(issue: Issue, input: unknown, part: string, known: readonly string[] = []): string[] {
  const listed = wordOfList(issue, input, part);
  const path = listed ? issue.path.slice(0, -1) : issue.path;
  const place = path.length > 0 ? path.map(String).join('.') : part;
  const value = listed ? listed.word : valueAt(input, path);
  const received = () => showReceived(value, path);
  switch (issue.code) {
    case 'invalid_type':
      return [`${place}: received ${received()}, expected ${withArticle(issue.expected)}`];
    case 'invalid_value':
      return [`${place}: received ${received()}, expected ${oneOf(issue.values)}`];
    case 'too_small':
    case 'too_big':
      return [`${place}: ${describeSize(issue, value, received())}`];
    case 'unrecognized_keys':
      return path.length > 0
        ? issue.keys.map(
            (key) => `${place}.${key.slice(0, 100)}: not a known key here${meant(key, keysAt(known, `${place}.`), '')}`,
          )
        : issue.keys.map((key) => `${key.slice(0, 100)}: not a known key here${meant(key, keysAt(known, ''), part)}`);
    case 'invalid_format':
      return [`${place}: received ${received()}, expected ${formatWords(issue.format, issue.message)}`];
    case 'invalid_union':
      return unionProblems(issue, input, part, place, received());
    default:
      return [`${place}: ${issue.message}`];
  }
}

const keysAt = (known: readonly string[], above: string): string[] =>
  known.flatMap((key) => {
    const rest = key.slice(above.length);
    return key.startsWith(above) && !rest.includes('.') ? [rest] : [];
  });

function meant(key: string, known: readonly string[], part: string): string {
  const nearest = nearestName(key.slice(0, 100), known);
  if (nearest !== undefined) return `; did you mean ${nearest}?`;
  return part === 'querystring' && known.length > 0 ? `; known are ${known.join(', ')}` : '';
}

/** A list in a query is one text with commas, or several texts: the problem lies in a word of it. */
function wordOfList(issue: Issue, input: unknown, part: string): { word: unknown } | undefined {
  const index = issue.path.at(-1);
  if (typeof index !== 'number') return undefined;
  const list = valueAt(input, issue.path.slice(0, -1));
  if (typeof list !== 'string' && !(part === 'querystring' && Array.isArray(list))) return undefined;
  const words = [list].flat().flatMap((text) => String(text).split(','));
  return { word: words.map((text) => text.trim()).filter(Boolean)[index] };
}

type SizeIssue = z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig;

/** Counts what is counted, shows a number; a text is never repeated. */
function describeSize(issue: SizeIssue, value: unknown, shown: string): string {
  const small = issue.code === 'too_small';
  const limit = Number(small ? issue.minimum : issue.maximum);
  const bound = issue.inclusive === false ? (small ? 'more than' : 'less than') : small ? 'at least' : 'at most';
  const expected = (noun = '') => `expected ${bound} ${limit}${noun && ` ${noun}${limit === 1 ? '' : 's'}`}`;
  if (Array.isArray(value)) {
    const noun = /ids$/i.test(String(issue.path.at(-1))) ? 'id' : 'item';
    return `received ${value.length === 0 ? 'an empty array' : `an array of ${value.length}`}, ${expected(noun)}`;
  }
  if (issue.origin === 'array' || issue.origin === 'set') return `received ${shown}, ${expected('item')}`;
  if (typeof value === 'string' && issue.origin === 'string') {
    return `received ${value === '' ? 'an empty string' : `a string of ${value.length} characters`}, ${expected('character')}`;
  }
  return `received ${shown}, ${expected()}`;
}

/** Of the branches of a union, the one that fits best speaks; a single sentence when none fits at all. */
function unionProblems(
  issue: z.core.$ZodIssueInvalidUnion,
  input: unknown,
  part: string,
  place: string,
  received: string,
): string[] {
  const branches = issue.errors.map((errors) =>
    errors.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }) as Issue),
  );
  const deep = branches.filter((errors) => errors.every((error) => error.path.length > issue.path.length));
  const best = deep.sort((a, b) => a.length - b.length)[0];
  if (best) return best.flatMap((inner) => describe(inner, input, part));
  return [`${place}: received ${received}, which fits none of the forms allowed here`];
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/** Short scalars are shown, so that a mistake is seen at once; nothing that may be a secret. */
function showReceived(value: unknown, path: readonly PropertyKey[]): string {
  if (path.some((key) => SECRET.has(key))) return kindOf(value);
  if (typeof value === 'string')
    return value.length > 100 ? `a string of ${value.length} characters` : JSON.stringify(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return kindOf(value);
}

function oneOf(values: readonly unknown[]): string {
  const words = values.map((value) => JSON.stringify(value));
  return words.length === 1 ? (words[0] ?? '') : `one of ${words.join(', ')}`;
}

function withArticle(type: string): string {
  if (type === 'int') return 'an integer';
  if (type === 'record' || type === 'map') return 'an object';
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function formatWords(format: string, message: string): string {
  if (format === 'uuid' || format === 'guid') return 'a UUID';
  if (format === 'email') return 'an e-mail address';
  if (format === 'date') return 'a date as YYYY-MM-DD';
  if (format === 'datetime') return 'a time as YYYY-MM-DDThh:mm:ss.sssZ';
  return message.replace(/^expected /i, '');
}
