import { type CountryCode, isValidPhoneNumber } from 'libphonenumber-js/max';

/** Countries that have a check of their own numbers. */
export const PHONE_COUNTRIES = [
  'AR',
  'AT',
  'AU',
  'BE',
  'BR',
  'CH',
  'CL',
  'CN',
  'CO',
  'CZ',
  'DE',
  'DK',
  'ES',
  'FI',
  'FR',
  'GB',
  'GR',
  'HK',
  'HU',
  'ID',
  'IE',
  'IL',
  'IN',
  'IT',
  'JP',
  'KR',
  'MX',
  'MY',
  'NL',
  'NO',
  'NZ',
  'PL',
  'PT',
  'RO',
  'RU',
  'SA',
  'SE',
  'SG',
  'TH',
  'TR',
  'TW',
  'UA',
  'US',
  'VN',
  'ZA',
] as const satisfies readonly CountryCode[];

/** Nothing but digits and what people write between them. */
const SHAPE = /^[+＋]?[0-9 ()./\-–\u00a0]{6,30}(?: ?(?:x|ext\.?|ext) ?[0-9]{1,6})?$/i;

/** Telephone number with the code of its country, as +49 30 123456 or 0049 30 123456, valid by that country's numbering plan (ITU-T E.164). */
export function isInternationalPhone(value: string): boolean {
  const text = value.trim().replace(/^00/, '+').replace('(0)', '');
  return text.startsWith('+') && SHAPE.test(text) && isValidPhoneNumber(text);
}

/** Telephone number as it is dialled within a country, valid by its numbering plan. */
export const isPhoneOf =
  (country: CountryCode) =>
  (value: string): boolean => {
    const text = value.trim();
    return SHAPE.test(text) && isValidPhoneNumber(text, country);
  };

/**
 * Telephone number of any country as people write them: with its code, or with a 0, brackets or other signs in it and valid where it is
 * dialled. Bare digits are left to the checks of single countries: most of them are a number somewhere.
 */
export function isPhoneOfAnyCountry(value: string): boolean {
  if (isInternationalPhone(value)) return true;
  const text = value.trim();
  if (!SHAPE.test(text) || !/^[(0]|[0-9][ ()./\-–][(0-9]/.test(text)) return false;
  return PHONE_COUNTRIES.some((country) => isValidPhoneNumber(text, country));
}
