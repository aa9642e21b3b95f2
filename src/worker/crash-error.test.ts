import { expect, test } from 'vitest';
import { crashError } from './crash-error.ts';

test('the last words of a process that are cut within an emoji can be stored', () => {
  const { code, message } = crashError(1, null, `${'x'.repeat(499)}😀`, false, 100);
  expect([code, message]).toEqual(['TASK_CRASHED', `its process ended with exit code 1: ${'x'.repeat(499)}\ufffd`]);
});
