import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssayError } from '../errors/assay-error.ts';
import { compileGlob, selects } from './glob.ts';

const matches = (pattern: string, path: string): boolean => compileGlob(pattern)(path.split('/'));

describe('meaning', () => {
  test.each([
    ['*.csv', 'a.csv', true],
    ['*.csv', 'deep/down/a.csv', true],
    ['*.csv', 'a.csv.gz', false],
    ['public/*', 'public/customer', true],
    ['a/**', 'a', false],
    ['{,x}a', 'a', true],
    ['*', '.hidden', true],
    ['public/*', 'public/a/b', false],
    ['public/**', 'public/a/b', true],
    ['**/a.csv', 'a.csv', false],
    ['**/a.csv', 'x/y/a.csv', true],
    ['a?c', 'abc', true],
    ['a?c', 'a🙂c', true],
    ['a?c', 'ac', false],
    ['s/a?c', 's/a/c', false],
    ['*.{csv,tsv}', 'x.tsv', true],
    ['*.{csv,tsv}', 'x.psv', false],
    ['{a/b,c}*', 'a/bx', true],
    ['x{,y}z', 'xz', true],
    ['[a-cx]1', 'b1', true],
    ['[a-cx]1', 'd1', false],
    ['[!a-c]1', 'd1', true],
    ['[!a-c]1', 'b1', false],
    ['p[!x]q', 'p/q', false],
    ['[-a]', '-', true],
    ['[a-]', '-', true],
    ['[\\]', '\\', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['\\{a\\}', '{a}', true],
    ['a}', 'a}', true],
    ['a,b', 'a,b', true],
    ['**', 'anything/at/all', true],
    ['Customer', 'customer', false],
  ])('%s on %s: %s', (pattern, path, expected) => {
    expect(matches(pattern, path)).toBe(expected);
  });

  test('a slash inside a name is no border', () => {
    expect(compileGlob('s/*')(['s', 'a/b'])).toBe(true);
    expect(compileGlob('s/a\\/b')(['s', 'a/b'])).toBe(true);
    expect(compileGlob('s/a/b')(['s', 'a/b'])).toBe(false);
  });

  test('items may be objects, exclusion wins, no inclusion means all', () => {
    const match = selects([{ value: '*.csv' }, 'keep/*'], ['secret*']);
    expect(match(['a.csv'])).toBe(true);
    expect(match(['keep', 'x'])).toBe(true);
    expect(match(['secret.csv'])).toBe(false);
    expect(match(['x'])).toBe(false);
    expect(selects([], ['x'])(['y'])).toBe(true);
  });
});

describe('what is no glob', () => {
  test.each([
    ['a[b', 2],
    ['a{b', 2],
    ['{a,{b}}', 4],
    ['a\\', 2],
    ['[z-a]', 2],
    ['[a/b]', 3],
    ['x[]', 2],
    ['', 1],
    ['/a', 1],
  ])('%s is refused, naming position %d', (pattern, position) => {
    expect(() => compileGlob(pattern)).toThrow(new RegExp(`is not a glob: .*\\(position ${position}\\)$`));
  });

  test('any text either compiles or is a bad request', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'*?[]{}!,-\\/ab🙂') }),
        fc.array(fc.string()),
        (pattern, path) => {
          try {
            expect(typeof compileGlob(pattern)(path)).toBe('boolean');
          } catch (error) {
            expect(error).toMatchObject({ code: 'BAD_REQUEST' });
            expect(error).toBeInstanceOf(AssayError);
          }
        },
      ),
    );
  });
});

describe('laws', () => {
  const names = fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), { minLength: 1, maxLength: 4 });
  const escaped = (text: string): string => text.replace(/[*?[\]{}\\/,]/g, '\\$&');

  test('an escaped path matches itself and nothing longer', () => {
    fc.assert(
      fc.property(names, (path) => {
        const match = compileGlob(path.map(escaped).join('/'));
        expect(match(path)).toBe(true);
        expect(match([...path.slice(0, -1), `${path.at(-1)}x`])).toBe(false);
      }),
    );
  });

  test('agrees with the same pattern as a regular expression', () => {
    const tokens: [string, string][] = [
      ['*', '[^/]*'],
      ['?', '[^/]'],
      ['**', '.*'],
      ['a', 'a'],
      ['b', 'b'],
      ['/', '/'],
      ['{a,bb}', '(?:a|bb)'],
      ['[!a]', '[^a/]'],
    ];
    const glued = fc
      .array(fc.constantFrom(...tokens), { minLength: 1, maxLength: 8 })
      // `*` beside `*` would be read as `**`.
      .filter((list) => list.every(([glob], index) => !(glob.startsWith('*') && list[index - 1]?.[0].endsWith('*'))))
      .filter((list) => list[0]?.[0] !== '/' && list.some(([glob]) => glob === '/'));
    const path = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 4 }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(glued, path, (list, names) => {
        const expected = new RegExp(`^${list.map(([, regex]) => regex).join('')}$`, 's').test(names.join('/'));
        expect(compileGlob(list.map(([glob]) => glob).join(''))(names)).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a hostile pattern takes no longer than its size', () => {
    const match = compileGlob(`${'*a'.repeat(200)}b`);
    expect(match(['a'.repeat(4_000)])).toBe(false);
  });
});
