import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quoteName, quotePath, quoteText, tablePath, tagged } from './dialect.ts';

const any = fc.string({ unit: fc.oneof(fc.constantFrom(...'`\'"\\*/-#;%_ \n\0.'), fc.string({ minLength: 1 })) });

/** Where a quoted thing ends, as the server finds it: at the first mark that neither stands twice nor is escaped. */
function endOf(sql: string, mark: string, escapes: boolean): number {
  for (let i = 1; i < sql.length; i++) {
    if (escapes && sql[i] === '\\') i++;
    else if (sql[i] === mark) {
      if (sql[i + 1] !== mark) return i;
      i++;
    }
  }
  return -1;
}

test('a name ends where it ends, and reads as it was', () => {
  fc.assert(
    fc.property(any, (name) => {
      const quoted = quoteName(name);
      expect(endOf(quoted, '`', false)).toBe(quoted.length - 1);
      expect(quoted.slice(1, -1).replaceAll('``', '`')).toBe(name);
    }),
  );
});

test('a path is its names, each quoted by itself', () => {
  expect(quotePath(['a.b', 'c`d'])).toBe('`a.b`.`c``d`');
});

test('a text ends where it ends, and reads as it was', () => {
  fc.assert(
    fc.property(any, (text) => {
      const quoted = quoteText(text);
      expect(endOf(quoted, "'", true)).toBe(quoted.length - 1);
      expect(quoted.slice(1, -1).replace(/\\(.)|''/gs, (_, escaped?: string) => escaped ?? "'")).toBe(text);
    }),
  );
});

test('no tag closes its comment or opens another, so the statement behind it is the one that runs', () => {
  fc.assert(
    fc.property(any, (tag) => {
      const sql = tagged(tag, 'SELECT 1');
      expect(sql.startsWith('/* ')).toBe(true);
      // Behind these marks MySQL and MariaDB run what a comment holds.
      expect(sql).not.toMatch(/^\/\*[!M]/);
      expect(sql.indexOf('*/')).toBe(sql.length - ' SELECT 1'.length - 2);
      expect(sql.indexOf('/*', 1)).toBe(-1);
      expect(sql.endsWith(' */ SELECT 1')).toBe(true);
    }),
  );
});

describe('a path to a table', () => {
  test.each([[[]], [['shop']], [['shop', 'item', 'id']]])('is not %j', (path) => {
    expect(() => tablePath(path)).toThrow(expect.objectContaining({ code: 'WRONG_ENTITY_TYPE' }));
  });
  test('has two names', () => expect(tablePath(['shop', 'item'])).toEqual(['shop', 'item']));
});
