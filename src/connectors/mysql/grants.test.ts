import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quoteName } from './dialect.ts';
import { readGrants } from './grants.ts';

const USAGE = "GRANT USAGE ON *.* TO `ann`@`%` IDENTIFIED BY PASSWORD '*B69027D44F6E5EDC07F1AEAD1477967B16F28227'";

/** The three questions about `shop`, in short: S all of it is shown, T all of `shop`.`item`, R `item` may be read. */
function about(lines: string[], hasWildcards = true): string {
  const grants = readGrants(lines, hasWildcards);
  return [
    grants.seesAllOf('shop') ? 'S' : '',
    grants.seesColumns('shop', 'item') ? 'T' : '',
    grants.mayRead('shop', 'item') ? 'R' : '',
  ].join('');
}

describe('what the rights prove', () => {
  test.each<[string[], string]>([
    [[], ''],
    [[USAGE], ''],
    [['GRANT SELECT ON *.* TO `ann`@`%`'], 'STR'],
    [["GRANT ALL PRIVILEGES ON *.* TO 'root'@'localhost' WITH GRANT OPTION"], 'STR'],
    [['GRANT SELECT, INSERT, SHOW DATABASES, CREATE TEMPORARY TABLES, LOCK TABLES ON *.* TO `ann`@`%`'], 'STR'],
    // MySQL 8 tells rights that the server was extended by on a line of their own.
    [['GRANT APPLICATION_PASSWORD_ADMIN,AUDIT_ADMIN,XA_RECOVER_ADMIN ON *.* TO `ann`@`%`'], ''],
    [['GRANT SHOW DATABASES ON *.* TO `ann`@`%`'], ''],
    [['GRANT INSERT, UPDATE ON *.* TO `ann`@`%`'], ''],
    [['GRANT SELECT, SHOW VIEW ON `shop`.* TO `ann`@`%`'], 'STR'],
    [['GRANT ALL PRIVILEGES ON `shop`.* TO `ann`@`%`'], 'STR'],
    [['GRANT SHOW VIEW ON `shop`.* TO `ann`@`%`'], ''],
    [['GRANT SELECT ON "shop".* TO "ann"@"%"'], 'STR'],
    [['GRANT SELECT ON shop.* TO ann@`%`'], 'STR'],
    [['GRANT SELECT ON `Shop`.* TO `ann`@`%`'], ''],
    [['GRANT SELECT ON `shop2`.* TO `ann`@`%`'], ''],
    [['GRANT SELECT ON `shop`.`item` TO `ann`@`%`'], 'TR'],
    [['GRANT SELECT ON TABLE `shop`.`item` TO `ann`@`%`'], 'TR'],
    [['GRANT INSERT ON `shop`.`item` TO `ann`@`%`'], ''],
    // Of columns the server shows those alone.
    [['GRANT SELECT (`id`, `a``b`) ON `shop`.`item` TO `ann`@`%`'], 'R'],
    [['GRANT SELECT (id, name), INSERT (id) ON shop.item TO ann@`%`'], 'R'],
    [['GRANT SELECT, INSERT (`id`) ON `shop`.`item` TO `ann`@`%`'], 'TR'],
    [['GRANT INSERT (`id`) ON `shop`.`item` TO `ann`@`%`'], ''],
    // A role's own lines come with it once it is active; the membership alone says nothing.
    [['GRANT `reader`@`%` TO `ann`@`%`', 'SET DEFAULT ROLE `reader` FOR `ann`@`%`'], ''],
    [['GRANT reader TO ann@`%`'], ''],
    [['GRANT `reader` TO `ann`@`%`', USAGE, 'GRANT SELECT ON `shop`.* TO `reader`'], 'STR'],
    [["GRANT PROXY ON ''@'%' TO 'root'@'localhost' WITH GRANT OPTION"], ''],
    [['GRANT EXECUTE ON PROCEDURE `shop`.`item` TO `ann`@`%`'], ''],
    [['GRANT EXECUTE ON FUNCTION `shop`.`item` TO `ann`@`%`'], ''],
    [['GRANT SELECT ON `shop`.*'.slice(0, -2)], ''],
    [['SELECT ON *.*'], ''],
  ])('%j', (lines, expected) => expect(about(lines)).toBe(expected));

  test('the last pattern is not known, so every one that fits must allow it', () => {
    const [all, part] = ['GRANT SELECT ON `sh%`.* TO a', 'GRANT INSERT ON `sho_`.* TO a'];
    expect(about([all])).toBe('STR');
    expect(about([all, part])).toBe('');
    expect(about([all, part, 'GRANT SELECT ON *.* TO a'])).toBe('STR');
  });

  test.each([
    ['shop', true],
    ['sh%', true],
    ['%', true],
    ['sh__', true],
    ['s_op', true],
    ['sh_', false],
    ['%p_', false],
    ['sh\\_p', false],
    ['sh\\%', false],
    ['s\\hop', true],
    ['shop\\', false],
    ['s.op', false],
    ['sho(p)', false],
  ])('the pattern %j fits the database shop: %s', (pattern, fits) => {
    expect(readGrants([`GRANT SELECT ON ${quoteName(pattern)}.* TO a`]).seesAllOf('shop')).toBe(fits);
  });

  test('where the server takes wildcards as they are, they stand for themselves', () => {
    const lines = ['GRANT SELECT ON `sho_`.* TO a', 'GRANT SELECT ON `a\\_b`.* TO a'];
    expect(about(lines, false)).toBe('');
    const grants = readGrants(lines, false);
    expect([grants.seesAllOf('sho_'), grants.seesAllOf('a_b'), grants.seesAllOf('a\\_b')]).toEqual([true, true, false]);
  });

  test('a table or a database called * is one, not all', () => {
    expect(about(['GRANT SELECT ON `shop`.`*` TO a'])).toBe('');
    expect(about(['GRANT SELECT ON `*`.* TO a'])).toBe('');
    expect(about(['GRANT SELECT ON `*`.`*` TO a'])).toBe('');
    expect(readGrants(['GRANT SELECT ON `shop`.`*` TO a']).seesColumns('shop', '*')).toBe(true);
    expect(readGrants(['GRANT SELECT ON `*`.* TO a']).seesAllOf('*')).toBe(true);
  });
});

describe('a right that was taken back in part', () => {
  const all = 'GRANT SELECT, SHOW DATABASES ON *.* TO `ann`@`%`';
  test.each<[string, string]>([
    ['REVOKE SELECT ON `shop`.* FROM `ann`@`%`', ''],
    ['REVOKE INSERT ON `shop`.* FROM `ann`@`%`', ''],
    ['REVOKE SELECT ON `mysql`.* FROM `ann`@`%`', 'STR'],
    ['REVOKE SELECT ON `sho_`.* FROM `ann`@`%`', ''],
    // Whatever it takes back, it is not known to leave this database out.
    ['REVOKE SOMETHING NEW', ''],
    ['revoke', ''],
  ])('%s', (line, expected) => {
    for (const hasWildcards of [true, false]) {
      expect(about([all, line], hasWildcards)).toBe(expected);
      expect(about([line, all], hasWildcards)).toBe(expected);
    }
  });

  test('what is granted on the database itself stays', () => {
    const lines = [all, 'REVOKE INSERT ON `shop`.* FROM a', 'GRANT SELECT ON `shop`.* TO a'];
    expect(about(lines)).toBe('STR');
  });
});

describe('laws', () => {
  const name = fc.string({ unit: fc.constantFrom(...'abS_%\\`\'"*.( ,é界😀$') as never, minLength: 1, maxLength: 8 });
  const escaped = (text: string): string => text.replace(/[\\_%]/g, '\\$&');

  test('a right on one database, quoted and escaped, is a right on that one', () => {
    fc.assert(
      fc.property(name, name, fc.boolean(), (own, other, hasWildcards) => {
        const grants = readGrants([`GRANT SELECT ON ${quoteName(escaped(own))}.* TO a`], hasWildcards);
        expect(grants.seesAllOf(own)).toBe(true);
        expect(grants.seesAllOf(other)).toBe(other === own);
      }),
    );
  });

  test('a right on one table is a right on that one, and proves nothing of its database', () => {
    fc.assert(
      fc.property(name, name, name, (schema, table, other) => {
        const grants = readGrants([`GRANT SELECT ON ${quoteName(schema)}.${quoteName(table)} TO a`]);
        expect(grants.seesColumns(schema, table)).toBe(true);
        expect(grants.mayRead(schema, other)).toBe(other === table);
        expect(grants.seesAllOf(schema)).toBe(false);
      }),
    );
  });

  test('columns, whatever they are called, are no right on the table', () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (columns) => {
        const line = `GRANT SELECT (${columns.map(quoteName).join(', ')}) ON \`shop\`.\`item\` TO a`;
        expect(about([line])).toBe('R');
      }),
    );
  });

  test('no order of the lines, and no line that is not understood, changes the answer', () => {
    const line = fc.constantFrom(
      USAGE,
      'GRANT SELECT ON *.* TO a',
      'GRANT SHOW DATABASES ON *.* TO a',
      'GRANT SELECT ON `sh%`.* TO a',
      'GRANT INSERT ON `shop`.* TO a',
      'GRANT SELECT ON `shop`.`item` TO a',
      'REVOKE SELECT ON `shop`.* FROM a',
    );
    const noise = fc.string().filter((text) => !/^\s*(?:GRANT|REVOKE)/i.test(text));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), noise, fc.nat(), (lines, text, turn) => {
        const at = lines.length === 0 ? 0 : turn % lines.length;
        expect(about([...lines.slice(at), text, ...lines.slice(0, at)])).toBe(about(lines));
      }),
    );
  });

  test('less is never proven by more: a further grant takes no proof of a table away', () => {
    fc.assert(
      fc.property(name, fc.constantFrom('INSERT', 'SELECT', 'USAGE'), (other, right) => {
        const own = 'GRANT SELECT ON `shop`.`item` TO a';
        expect(readGrants([own, `GRANT ${right} ON ${quoteName(other)}.* TO a`]).seesColumns('shop', 'item')).toBe(
          true,
        );
      }),
    );
  });
});
