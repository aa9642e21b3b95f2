import { expect, test } from 'vitest';
import { z } from 'zod';
import { describeProblems, keysOf } from './problems.ts';

function problemsOf(schema: z.ZodType, input: unknown, part = 'body'): string[] {
  const result = schema.safeParse(input);
  return result.success ? [] : describeProblems(result.error.issues, input, part);
}

const words = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => [given].flat().flatMap((text) => text.split(',').filter(Boolean)))
  .pipe(z.array(z.enum(['A', 'B'])).max(3));
const query = z.object({ status: words.optional(), size: z.coerce.number('expected a number').int().min(1).max(500) });

test.each([
  [{ status: 'BOGUS', size: '1' }, 'status: received "BOGUS", expected one of "A", "B"'],
  [{ status: 'A,,BOGUS', size: '1' }, 'status: received "BOGUS", expected one of "A", "B"'],
  [{ status: ['A,B', 'BOGUS'], size: '1' }, 'status: received "BOGUS", expected one of "A", "B"'],
  [{ size: '501' }, 'size: received "501", expected at most 500'],
  [{ size: '0' }, 'size: received "0", expected at least 1'],
  [{ size: 'many' }, 'size: received "many", expected a number'],
  [{ status: 'A,A,A,A', size: '1' }, 'status: received "A,A,A,A", expected at most 3 items'],
])('a query is told what it sent: %j', (input, problem) => {
  expect(problemsOf(query, input, 'querystring')).toEqual([problem]);
});

const body = z.object({
  ids: z.array(z.string()).min(1).optional(),
  scope: z.array(z.string().max(3)).max(2).optional(),
  configs: z.record(z.string(), z.unknown()).optional(),
  name: z.string().min(1).max(3).optional(),
  password: z.string().min(12).optional(),
  rows: z.number().gt(0).optional(),
});

test.each([
  [{ ids: [] }, 'ids: received an empty array, expected at least 1 id'],
  [{ scope: ['a', 'b', 'c'] }, 'scope: received an array of 3, expected at most 2 items'],
  [{ scope: ['abcd'] }, 'scope.0: received a string of 4 characters, expected at most 3 characters'],
  [{ configs: [] }, 'configs: received an array, expected an object'],
  [{ name: '' }, 'name: received an empty string, expected at least 1 character'],
  [{ name: 'abcd' }, 'name: received a string of 4 characters, expected at most 3 characters'],
  [{ password: 'short' }, 'password: received a string of 5 characters, expected at least 12 characters'],
  [{ rows: 0 }, 'rows: received 0, expected more than 0'],
])('a body is told what it sent in plain words: %j', (input, problem) => {
  expect(problemsOf(body, input)).toEqual([problem]);
});

test('an unknown key is told the nearest one, in a query else all there are', () => {
  const list = z.strictObject({ name: z.string().optional(), enabled: z.string().optional() });
  const told = (input: unknown, part: string) =>
    describeProblems(list.safeParse(input).error?.issues ?? [], input, part, keysOf(list));
  expect(told({ enable: 'x' }, 'querystring')).toEqual(['enable: not a known key here; did you mean enabled?']);
  expect(told({ limit: '2' }, 'querystring')).toEqual(['limit: not a known key here; known are name, enabled']);
  expect(told({ limit: '2' }, 'body')).toEqual(['limit: not a known key here']);
});

test('and one within an object the nearest of that object', () => {
  const schema = z.strictObject({
    rows: z.number().optional(),
    configs: z.strictObject({ where: z.string() }).optional(),
  });
  const told = (configs: object) =>
    describeProblems(schema.safeParse({ configs }).error?.issues ?? [], { configs }, 'body', keysOf(schema));
  expect(told({ where: '', were: '' })).toEqual(['configs.were: not a known key here; did you mean where?']);
  expect(told({ where: '', row: 1 })).toEqual(['configs.row: not a known key here']);
});
