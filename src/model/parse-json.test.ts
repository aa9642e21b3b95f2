import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { depthOf, parseJson } from './parse-json.ts';

describe('parseJson', () => {
  test('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes('\\u0000') && !text.includes('__proto__') && !/\\ud[89a-f]/i.test(text));
        expect(parseJson(Buffer.from(text), 'body')).toEqual(JSON.parse(text));
      }),
    );
  });

  test('brackets inside strings are not depth', () => {
    expect(depthOf('{"a":["[[[[",{"b\\"[[":1}]}')).toBe(3);
  });
});
