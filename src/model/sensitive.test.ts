import { expect, test } from 'vitest';
import { sensitiveBecause } from './sensitive.ts';

const tagged = (...names: string[]) => ({ tags: names.map((name) => ({ name })) });

test('a sensitivity of MEDIUM or HIGH, or a tag that says so, hides values', () => {
  expect(sensitiveBecause({ features: { sensitivity: 'HIGH' } })).toBe('its sensitivity is HIGH');
  expect(sensitiveBecause({}, { features: { sensitivity: 'MEDIUM' } })).toBe('its sensitivity is MEDIUM');
  for (const name of ['PII', 'pii: e-mail', 'Personal data', 'GDPR-9', 'customer_confidential'])
    expect(sensitiveBecause(tagged('other', name))).toBe(`it is tagged ${name}`);
});

test('other tags and degrees do not', () => {
  expect(sensitiveBecause({ features: { sensitivity: 'LOW' } }, tagged('personnel', 'capital', 'finance'))).toBe('');
  expect(sensitiveBecause({ tags: 'PII' }, { tags: [null], features: null })).toBe('');
});
