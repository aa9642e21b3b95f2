import { expect, it } from 'vitest';
import { LONGEST_PATTERN } from './alphabet.ts';
import { FormTable } from './forms.ts';

it('tells long texts apart by what their pattern shows of them', () => {
  const forms = new FormTable();
  const start = 'a'.repeat(LONGEST_PATTERN);
  const long = ['z', 'Z', '7', '-', '-x'].map((rest) => forms.find(start + rest));
  expect(new Set(long).size).toBe(1);
  expect(new Set([long[0], forms.find(start), forms.find(`A${start}`), forms.find(`-${start}`)]).size).toBe(4);
  expect(forms.patterns).toEqual([`${start}…`, start, `A${start.slice(1)}…`, `s${start.slice(1)}…`]);
});
