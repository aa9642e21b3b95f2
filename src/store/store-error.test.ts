import { expect, test } from 'vitest';
import { AssayError } from '../errors/assay-error.ts';
import { toStoreError } from './store-error.ts';

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
