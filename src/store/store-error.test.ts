import { expect, test } from 'vitest';
import { AssayError } from '../errors/assay-error.ts';
import { toStoreError, toUnstorable } from './store-error.ts';

const withCode = (code: string, message = 'words'): Error => Object.assign(new Error(message), { code });

test.each([
  ['53100', 'DISK_FULL', true],
  ['ENOSPC', 'DISK_FULL', true],
  ['57P01', 'STORE_UNAVAILABLE', true],
  ['ECONNREFUSED', 'STORE_UNAVAILABLE', true],
  ['40P01', 'STORE_BUSY', true],
  ['42P01', 'STORE_FAILED', true],
])('%s of the catalog database becomes %s, which may be tried again', (state, code, retry) => {
  const error = toStoreError(withCode(state));
  expect(error?.code).toBe(code);
  expect(error?.row.retry).toBe(retry);
});

test('an error that is already ours stays as it is, and one of someone else is left alone', () => {
  const ours = new AssayError('SOURCE_AUTH', 'no');
  expect(toStoreError(ours)).toBe(ours);
  expect(toStoreError(new TypeError('x is not a function'))).toBeUndefined();
});

test.each([
  ['22021', 'invalid byte sequence for encoding "UTF8": 0x00', 'invalid byte sequence for encoding "…" (22021)'],
  ['22P02', 'invalid input syntax for type json: "4711 "x": y"', 'invalid input syntax for type json (22P02)'],
  ['22003', 'value "4711: (9" is out of range for type integer', 'value "…" is out of range for type integer (22003)'],
  ['54000', 'string is too long for tsvector (4711 bytes)', 'string is too long for tsvector (54000)'],
])('%s is the fault of what was given, whose values are not repeated', (state, message, words) => {
  const error = toUnstorable(withCode(state, message));
  expect(error?.code).toBe('BAD_REQUEST');
  expect(error?.message).toContain(`the catalog database cannot store it: ${words}; `);
});

test.each(['42P01', '53100', '57P01', '220', 'ECONNREFUSED'])('%s is no fault of what was given', (state) => {
  expect(toUnstorable(withCode(state))).toBeUndefined();
});
