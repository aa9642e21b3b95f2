import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readCode } from './read-codes.ts';
import { readDateOrTime } from './read-dates.ts';
import { readAmount, readNumber } from './read-numbers.ts';
import { readWord } from './read-words.ts';
import { readingsOf } from './recognise.ts';

it('reads what is hexadecimal as all the readers do', () => {
  const hex = fc.oneof(
    fc.stringMatching(/^[0-9a-f]{1,40}$/),
    fc.stringMatching(/^[0-9A-F]{1,140}$/),
    fc.stringMatching(/^[0-9]{1,9}[eE][0-9]{1,4}$/),
    fc.stringMatching(/^(?:AED)?[0-9]{4,9}(?:AED|f|e|cad|CAD)?$/),
    fc.stringMatching(/^[0-9a-fA-F]{6,12}[-.g]?[0-9a-f]{4}$/),
    fc.stringMatching(/^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/),
  );
  fc.assert(
    fc.property(
      hex.filter((text) => !/^\d+$/.test(text)),
      (text) => {
        const all = [readWord, readNumber, readAmount, readDateOrTime, readCode];
        expect(readingsOf(text)).toBe(all.flatMap((read) => read(text)).join('|'));
      },
    ),
    { numRuns: 5_000 },
  );
});
