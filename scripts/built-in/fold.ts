const SPELT: readonly (readonly [RegExp, string])[] = [
  [/ß/g, 'ss'],
  [/[øØ]/g, 'o'],
  [/[łŁ]/g, 'l'],
  [/[đĐ]/g, 'd'],
  [/[æÆ]/g, 'ae'],
  [/[œŒ]/g, 'oe'],
  [/ı/g, 'i'],
  [/[þÞ]/g, 'th'],
  [/[ðÐ]/g, 'd'],
];
const UMLAUTS: readonly (readonly [RegExp, string])[] = [
  [/ä/g, 'ae'],
  [/ö/g, 'oe'],
  [/ü/g, 'ue'],
  [/Ä/g, 'Ae'],
  [/Ö/g, 'Oe'],
  [/Ü/g, 'Ue'],
];

const replaceAll = (text: string, pairs: readonly (readonly [RegExp, string])[]): string =>
  pairs.reduce((done, [from, to]) => done.replaceAll(from, to), text);
const plain = (text: string): string =>
  replaceAll(text, SPELT)
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .normalize('NFC');

/** The term, and how it is spelt in plain letters: José → Jose, Müller → Muller and Mueller. Other scripts than Latin stay as they are. */
export function withPlainSpellings(term: string): string[] {
  if (!/\p{Script=Latin}/u.test(term)) return [term];
  return [...new Set([term, plain(term), plain(replaceAll(term, UMLAUTS))])];
}
