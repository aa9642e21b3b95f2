import { Command } from 'commander';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { AssayError } from '../../errors/assay-error.ts';
import { type AnyJobSpec, JOB_SPECS } from '../../jobs/specs.ts';
import { addRequestOptions, buildRequest, readData } from './build-request.ts';
import { requestFields } from './request-fields.ts';

const request = z.looseObject({
  scope: z.array(z.uuid()).min(1).describe('What to work on'),
  mode: z.enum(['fast', 'deep']).optional(),
  port: z.preprocess((value) => String(value), z.string().optional()).optional(),
  configs: z
    .looseObject({
      buildSamples: z.boolean().default(false).describe('Keep samples'),
      sampleValue: z.number().optional(),
      nested: z.object({ mode: z.string().optional() }).optional(),
    })
    .optional(),
  owners: z.array(z.looseObject({})).optional(),
});

function parse(args: string[], base = {}): Record<string, unknown> {
  const fields = requestFields(request);
  const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  addRequestOptions(command, fields);
  command.parse(args, { from: 'user' });
  return buildRequest(fields, command.opts(), base);
}

test('every leaf of a request becomes an option, named after itself', () => {
  const fields = requestFields(request);
  expect(fields.map((field) => [field.flag, field.kind, field.required])).toEqual([
    ['--scope', 'list', true],
    ['--mode', 'text', false],
    ['--port', 'text', false],
    ['--build-samples', 'flag', false],
    ['--sample-value', 'number', false],
    ['--configs-nested-mode', 'text', false],
    ['--owners', 'json', false],
  ]);
  expect(fields[0]?.says).toBe('What to work on');
  expect(fields[1]?.choices).toEqual(['fast', 'deep']);
});

test('options land where the request wants them, and nothing else is sent', () => {
  expect(parse([])).toEqual({});
  expect(parse(['--scope', 'a,b', 'c', '--build-samples', '--sample-value', '12', '--port', '5432'])).toEqual({
    scope: ['a', 'b', 'c'],
    port: '5432',
    configs: { buildSamples: true, sampleValue: 12 },
  });
  expect(parse(['--scope', 'a, b', 'x IN (1,2)', "y = 'p,q'", 'files/a, b.csv'])).toEqual({
    scope: ['a', 'b', 'x IN (1,2)', "y = 'p,q'", 'files/a, b.csv'],
  });
  expect(parse(['--build-samples', 'no'])).toEqual({ configs: { buildSamples: false } });
  expect(parse(['--owners', '[{"name":"x"}]'])).toEqual({ owners: [{ name: 'x' }] });
});

test('options override the object given with --data and keep the rest of it', () => {
  const base = { scope: ['x'], extra: 1, configs: { sampleValue: 1, buildSamples: true } };
  expect(parse(['--sample-value', '2'], base)).toEqual({
    scope: ['x'],
    extra: 1,
    configs: { sampleValue: 2, buildSamples: true },
  });
  expect(base.configs.sampleValue).toBe(1);
});

test('a value of another kind is refused with what was expected', () => {
  expect(() => parse(['--sample-value', 'many'])).toThrow('--sample-value: received "many", expected a number');
  expect(() => parse(['--build-samples', 'maybe'])).toThrow('expected yes or no');
  expect(() => parse(['--owners', '{'])).toThrow('expected JSON');
  expect(() => parse(['--mode', 'slow'])).toThrow();
});

test('--data takes an object as text and says what is wrong with anything else', async () => {
  expect(await readData('{"a":1}')).toEqual({ a: 1 });
  expect(await readData(undefined)).toEqual({});
  await expect(readData('[1]')).rejects.toThrow('expected a JSON object');
  await expect(readData('{"password": hush}')).rejects.toThrow(/^--data: not valid JSON$/);
  await expect(readData('@/no/such/file')).rejects.toBeInstanceOf(AssayError);
});

test('every job type gets options without a clash', () => {
  let options = 0;
  for (const spec of JOB_SPECS as readonly AnyJobSpec[]) {
    const command = new Command();
    const fields = requestFields(spec.request as z.ZodType);
    addRequestOptions(command, fields);
    expect(new Set(fields.map((field) => field.flag)).size).toBe(fields.length);
    options += command.options.length;
  }
  expect(options).toBeGreaterThan(50);
});
