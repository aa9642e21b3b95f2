import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { highlight } from './search-highlights.ts';
import { isOneTypo, nameLexemes, queryTokens, splitWords, squash, typoKeys } from './search-words.ts';

describe('words of a name', () => {
  test.each([
    ['custOrdId', ['cust', 'ord', 'id']],
    ['CUST_ORD_ID', ['cust', 'ord', 'id']],
    ['cust-ord.id', ['cust', 'ord', 'id']],
    ['HTTPServerLog2', ['http', 'server', 'log', '2']],
    ['Größe', ['grosse']],
    ['ＦＵＬＬ', ['full']],
    ['İstanbul', ['istanbul']],
    ['顧客マスタ_id', ['顧客マスタ', 'id']],
    ['顧客ID', ['顧客', 'id']],
    ['한국어', ['한국어']],
    ['данныеКлиента', ['данные', 'клиента']],
    ['***', []],
    ['', []],
  ])('%s', (name, words) => expect(splitWords(name)).toEqual(words));

  test('what begins at a part goes on without separators, and CJK runs have tails', () => {
    expect(nameLexemes('customer_order_id')).toEqual(
      expect.arrayContaining(['customer', 'order', 'id', 'orderid', 'customerorderid']),
    );
    expect(nameLexemes('顧客マスタ')).toContain('マスタ');
    expect(nameLexemes('***')).toEqual(['***']);
  });

  test('any text has lexemes, and asking for it asks for its own words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (text) => {
        if (text.trim() === '') return;
        const lexemes = new Set(nameLexemes(text));
        expect(lexemes.size).toBeGreaterThan(0);
        for (const token of queryTokens(text)) for (const part of token.parts) expect(lexemes).toContain(part);
      }),
    );
  });

  test('case and separators make no difference to the one spelling', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 5 }), (parts) => {
        const joined = parts.join('');
        for (const between of ['_', '-', ' ', '.']) expect(squash(parts.join(between).toUpperCase())).toBe(joined);
      }),
    );
  });
});

describe('typos', () => {
  const letters = fc.stringMatching(/^[a-e]{1,7}$/);
  /** By the definition: every text one step away. */
  const near = (text: string): Set<string> => {
    const found = new Set([text]);
    for (let at = 0; at <= text.length; at++) {
      found.add(text.slice(0, at) + text.slice(at + 1));
      found.add(text.slice(0, at) + text.charAt(at + 1) + text.charAt(at) + text.slice(at + 2));
      for (const letter of 'abcde') {
        found.add(text.slice(0, at) + letter + text.slice(at));
        found.add(text.slice(0, at) + letter + text.slice(at + 1));
      }
    }
    return found;
  };

  test('one typo is what the definition says, and such words share a key', () => {
    fc.assert(
      fc.property(letters, letters, (a, b) => {
        expect(isOneTypo(a, b)).toBe(near(a).has(b));
        if (isOneTypo(a, b)) expect(typoKeys(a).some((key) => typoKeys(b).includes(key))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
    for (const text of near('abcde')) expect(isOneTypo('abcde', text)).toBe(true);
  });

  test('keys never change: they are stored', () => {
    expect(typoKeys('ab')).toEqual([1294271946, -418632219, -468965076]);
  });
});

describe('highlights', () => {
  test.each([
    ['customer_email', 'email', 'word', [[9, 14]]],
    ['customerEmail', 'ema', 'prefix', [[8, 13]]],
    ['customer_email', 'custmer', 'typo', [[0, 8]]],
    ['CUST_ORD', 'custOrd', 'exact', [[0, 8]]],
    ['customer_order_id', 'orderid', 'prefix', []],
  ])('%s by %s', (text, term, how, ranges) => expect(highlight('name', text, term)).toMatchObject({ how, ranges }));

  test('none where nothing matches, and ranges within the text', () => {
    expect(highlight('name', 'balance', 'order')).toBeUndefined();
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 40 }),
        fc.string({ unit: 'grapheme', maxLength: 10 }),
        (text, term) => {
          let end = 0;
          for (const [from, to] of highlight('name', text, term)?.ranges ?? []) {
            expect(from).toBeGreaterThanOrEqual(end);
            expect(to).toBeGreaterThan(from);
            end = to;
          }
          expect(end).toBeLessThanOrEqual(text.length);
        },
      ),
    );
  });
});
