import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileGlob } from './glob.ts';

const matches = (pattern: string, path: string): boolean => compileGlob(pattern)(path.split('/'));

test.each([
  ['public/*', 'public/customer', true],
  ['public/*', 'public/a/b', false],
  ['*', 'public/customer', true],
  ['cust*', 'public/customer', true],
  ['*.csv', 'a/b/c.csv', true],
  ['a/**', 'a/b/c.csv', true],
  ['a/**', 'a', false],
  ['**/c.csv', 'a/b/c.csv', true],
  ['**/c.csv', 'c.csv', false],
  ['**', 'a/b', true],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  ['a/?/c', 'a//c', false],
  ['[a-c]x', 'bx', true],
  ['[!a-c]x', 'bx', false],
  ['[!a]x', 'bx', true],
  ['[-a]', '-', true],
  ['[*]', '*', true],
  ['*.{csv,tsv}', 'a/b.tsv', true],
  ['*.{csv,tsv}', 'a/b.json', false],
  ['{a,b*}/{c,d}', 'bee/d', true],
  ['{,x}a', 'a', true],
  ['\\*', '*', true],
  ['\\*', 'x', false],
  ['*', '.hidden', true],
  ['Cust*', 'customer', false],
  ['😀?', '😀😀', true],
])('%s on %s: %s', (pattern, path, expected) => {
  expect(matches(pattern, path)).toBe(expected);
});

test.each(['', '[a', '[]', '{a', '{a,{b}}', 'a\\', '[b-a]', '[/]', '/a'])('"%s" is refused by name', (pattern) => {
  expect(() => compileGlob(pattern)).toThrow(/is not a glob/);
});

test('a slash within a name is no separator', () => {
  expect(compileGlob('public/*')(['public', 'a/b'])).toBe(true);
  expect(compileGlob('public/a/b')(['public', 'a/b'])).toBe(false);
});

test('any name matches itself when every character is escaped', () => {
  const name = fc.string({ unit: 'binary', minLength: 1 });
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (path) => {
      const clean = path.map((one) => one.replaceAll('/', '_'));
      const pattern = clean.map((one) => [...one].map((c) => `\\${c}`).join('')).join('/');
      return compileGlob(pattern)(clean);
    }),
  );
});

test('a pattern made to explode is matched in no time', () => {
  const started = performance.now();
  expect(matches(`${'**a'.repeat(200)}b`, 'a'.repeat(2_000))).toBe(false);
  expect(performance.now() - started).toBeLessThan(2_000);
});
