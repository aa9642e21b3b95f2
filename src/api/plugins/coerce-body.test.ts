import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { coerceBody } from './coerce-body.ts';

const schema = z.strictObject({
  scope: z.array(z.string()),
  configs: z
    .strictObject({
      rows: z.int().optional(),
      share: z.number().optional(),
      on: z.boolean().optional(),
      text: z.string().optional(),
    })
    .optional(),
});

describe('coerceBody', () => {
  test('numbers for strings and strings for numbers and booleans', () => {
    const { value, warnings } = coerceBody(schema, {
      scope: [1, 'a'],
      configs: { rows: '5', share: ' 0.5 ', on: 'False', text: 7 },
    });
    expect(value).toEqual({ scope: ['1', 'a'], configs: { rows: 5, share: 0.5, on: false, text: '7' } });
    expect(warnings).toEqual([]);
  });

  test('null and "" are absent, unknown keys leave with a warning that names their place', () => {
    const { value, warnings } = coerceBody(schema, { scope: [], configs: { rows: null, text: '', row: 1 }, x: {} });
    expect(value).toEqual({ scope: [], configs: {} });
    expect(warnings).toEqual(['configs.row: not a known key; ignored', 'x: not a known key; ignored']);
  });

  test('a slip in the name or a key of an object that narrows is left for the validation, a wholly other key is not', () => {
    const narrows = z.strictObject({
      configs: z.strictObject({ whereClause: z.string().optional() }).meta({ 'x-narrows': true }).optional(),
    });
    const given = { configs: { whereclause: 'a', whereClaus: 'b', colour: 1 }, config: {} };
    expect(coerceBody(narrows, given)).toEqual({
      value: { configs: { whereclause: 'a', whereClaus: 'b' }, config: {} },
      warnings: ['configs.colour: not a known key; ignored'],
    });
  });

  test('what fits already stays as it is', () => {
    fc.assert(
      fc.property(
        fc.record({
          scope: fc.array(fc.string()),
          configs: fc.record(
            { rows: fc.integer(), share: fc.double(), on: fc.boolean(), text: fc.string({ minLength: 1 }) },
            { requiredKeys: [] },
          ),
        }),
        (body) => {
          expect(coerceBody(schema, body)).toEqual({ value: body, warnings: [] });
        },
      ),
    );
  });

  test('takes anything without throwing', () => {
    fc.assert(
      fc.property(fc.anything(), (body) => {
        coerceBody(schema, body);
      }),
    );
  });
});
