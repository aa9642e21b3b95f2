import { expect, test } from 'vitest';
import { AssayError } from '../errors/assay-error.ts';
import { describeError, exitCodeOf } from './exit-codes.ts';
import { effectLines } from './jobs/job-view.ts';

test('the exit code tells whose turn it is', () => {
  const codes: [AssayError, number][] = [
    [new AssayError('BAD_REQUEST', 'x'), 2],
    [new AssayError('NOT_FOUND', 'x'), 2],
    [new AssayError('BAD_CONFIG', 'x'), 2],
    [new AssayError('FOLDER_IN_USE', 'x'), 2],
    [new AssayError('SERVER_UNREACHABLE', 'x'), 3],
    [new AssayError('UNAUTHENTICATED', 'x'), 3],
    [new AssayError('FORBIDDEN', 'x'), 3],
    [new AssayError('KEY_LACKS_SCOPE', 'x'), 3],
    [new AssayError('NOT_WITH_KEY', 'x'), 3],
    [new AssayError('INTERNAL', 'x', { details: { httpStatus: 500 } }), 3],
    [new AssayError('CANCELLED', 'x'), 4],
    [new AssayError('EMBEDDED_FAILED', 'x'), 1],
  ];
  for (const [error, code] of codes) expect([error.code, exitCodeOf(error)]).toEqual([error.code, code]);
  expect(exitCodeOf(new Error('unforeseen'))).toBe(1);
});

test('several problems are listed one by one, with the remedy', () => {
  const text = describeError(new AssayError('BAD_REQUEST', 'a; b', { problems: ['a: wrong', 'b: wrong'] }));
  expect(text).toContain('\n  - a: wrong\n  - b: wrong\n');
  expect(text).toContain('Mend every problem');
});

test('a remedy is said once', () => {
  const text = describeError(
    new AssayError('UNAUTHENTICATED', 'Not signed in at http://h. Run: assay login --url http://h'),
  );
  expect(text.match(/assay login/g)).toHaveLength(1);
  const wrong = 'user name or password is wrong; the user name is wanted, not the e-mail address';
  expect(describeError(new AssayError('BAD_CREDENTIALS', wrong))).toBe(`assay: ${wrong}\n`);
  expect(describeError(new AssayError('CONFLICT', 'it was revoked'))).toBe('assay: it was revoked\n');
  expect(describeError(new AssayError('EMBEDDED_FAILED', 'no space'))).toContain('set DATABASE_URL');
  expect(describeError(new AssayError('UNAUTHENTICATED', 'the token has expired'))).toContain('assay login');
});

test('effects read as words, one line per kind and per reason', () => {
  const none = { created: {}, changed: {}, deleted: {}, unchanged: {}, skipped: {}, notDone: {} };
  expect(effectLines(none)).toEqual([]);
  expect(
    effectLines({
      ...none,
      created: { views: 1, tablesCreated: 1200 },
      skipped: { 'no such table (a)': 1, 'profiled yesterday (b, …)': 2_000 },
      deleted: { columns: 0 },
    }),
  ).toEqual([
    'created 1,200 tables, 1 view',
    'skipped 2,000: profiled yesterday (b, …)',
    'skipped 1: no such table (a)',
  ]);
});
