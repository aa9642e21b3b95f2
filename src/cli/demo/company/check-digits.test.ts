import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as check from './check-digits.ts';

test('check digits agree with published examples', () => {
  expect(check.toIban('DE', '370400440532013000')).toBe('DE89370400440532013000');
  expect(check.toIban('GB', 'NWBK60161331926819')).toBe('GB29NWBK60161331926819');
  expect(check.toIban('BR', '00360305000010009795493C1')).toBe('BR1800360305000010009795493C1');
  expect(check.luhnDigit('411111111111111')).toBe('1');
  expect(check.luhnDigit('37828224631000')).toBe('5');
  expect(check.ribKey('20041', '01005', '05000134026')).toBe('06');
  expect(check.spanishControl('21000418', '0200051332')).toBe('45');
  expect(check.italianLetter('0542811101000000123456')).toBe('X');
  expect(check.italianLetter('RSSMRA85T10A562')).toBe('S');
  expect(check.steuerIdDigit('8609574271')).toBe('9');
  expect(check.dniLetter('12345678')).toBe('Z');
  expect(check.cpfDigits('111444777')).toBe('35');
  expect(check.nirKey('2550814168025')).toBe('38');
  expect(check.taiwanDigit('A12345678')).toBe('9');
  expect(check.routingDigit('02100002')).toBe('1');
  expect(check.rnokppDigit('175901377')).toBe('6');
});

test('a spoiled number is never valid', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\d{15}$/), (digits) => {
      const card = digits + check.luhnDigit(digits);
      expect(check.isLuhn(card)).toBe(true);
      expect(check.isLuhn(check.spoilLast(card))).toBe(false);
      const iban = check.toIban('DE', digits.padEnd(18, '0'));
      expect(check.isIban(iban)).toBe(true);
      expect(check.isIban(check.spoilLast(iban))).toBe(false);
    }),
  );
});
