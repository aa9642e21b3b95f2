import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packValues, unpackValues } from './profile-values.ts';

test('what is packed comes out again, also what earlier versions packed', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 1, 6), (value, level) => {
      const json = JSON.stringify(value);
      expect(JSON.stringify(unpackValues(packValues(value)))).toBe(json);
      expect(JSON.stringify(unpackValues(deflateRawSync(json, { level })))).toBe(json);
    }),
  );
});
