import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeOf } from './number-line.ts';

test('dates and timestamps lie where JavaScript puts them, as far as it can', () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') }), (date) => {
      const text = date.toISOString();
      expect(placeOf('timestamp', text)).toBeCloseTo(date.getTime() / 1000, 4);
      expect(placeOf('timestamp', text.slice(0, -1))).toBeCloseTo(date.getTime() / 1000, 4);
      expect(placeOf('date', text.slice(0, 10))).toBe(Date.parse(text.slice(0, 10)) / 1000);
    }),
  );
});

test('years beyond JavaScript, before Christ and zones have their places', () => {
  const day = 86_400;
  expect(placeOf('date', '294276-12-31')! - placeOf('date', '294276-12-30')!).toBe(day);
  // 1 BC is the year 0, a leap year.
  expect(placeOf('date', '0001-01-01')! - placeOf('date', '0001-01-01 (BC)')!).toBe(366 * day);
  expect(placeOf('timestamp', '2024-01-01T00:00:00+02')).toBe(placeOf('timestamp', '2023-12-31T22:00:00Z'));
  expect(placeOf('timestamp', '2024-01-01T00:00:00-05:30')).toBe(placeOf('timestamp', '2024-01-01T05:30:00Z'));
  expect(placeOf('timestamp', '0044-03-15 (BC) 12:00:00')! - placeOf('date', '0044-03-15 (BC)')!).toBe(day / 2);
  expect(placeOf('time', '01:02:03.5')).toBe(3723.5);
});

test('what has no place has none', () => {
  for (const [kind, text] of [
    ['float', 'NaN'],
    ['float', '-Infinity'],
    ['integer', ''],
    ['integer', '******'],
    ['date', 'infinity'],
    ['date', '******'],
    ['time', '******'],
    ['text', '12'],
  ] as const)
    expect(placeOf(kind, text)).toBeUndefined();
  expect(placeOf('integer', null)).toBeUndefined();
  expect(placeOf('decimal', '-12.50')).toBe(-12.5);
});
