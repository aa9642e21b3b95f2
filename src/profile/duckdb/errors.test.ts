import { expect, test } from 'vitest';
import { translateDuckDbError } from './errors.ts';

test('an error that is cut within an emoji can be stored', () => {
  const { message } = translateDuckDbError(new Error(`IO Error: ${'é'.repeat(989)}😀`), 'reading a.csv');
  expect(message).toBe(`reading a.csv: IO Error: ${'é'.repeat(989)}\ufffd`);
});
