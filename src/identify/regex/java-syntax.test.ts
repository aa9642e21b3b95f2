import { describe, expect, it } from 'vitest';
import { buildRegex, type CompiledRegex } from './compile-regex.ts';
import type { Expression } from './regex-tester.ts';

function build(source: string, mode: Expression['mode'] = 'whole'): CompiledRegex {
  const built = buildRegex(source, mode);
  if ('problems' in built) throw new Error(built.problems.join('; '));
  return built;
}
function test(source: string, text: string, mode: Expression['mode'] = 'whole'): boolean {
  const built = build(source, mode);
  return built.engine === 'stoppable' ? new RegExp(built.source, 'v').test(text) : built.test(text);
}

/** Expression, texts that match as a whole, texts that do not; as `String.matches` of Java 21 has it. */
const CASES: [what: string, source: string, yes: string[], no: string[]][] = [
  ['plain letters', 'abc', ['abc'], ['ab', 'abcd', 'ABC']],
  ['whole values only', 'b|ab', ['b', 'ab'], ['aab', 'abb', 'b\n']],
  ['(?i) for ASCII alone', '(?i)straße k', ['STRAßE K', 'Straße k'], ['STRASSE K', 'straße \u212a']],
  ['(?i) of non-ASCII letters', '(?i)é', ['é'], ['É']],
  ['(?iu) for Unicode', '(?iu)é\u017f', ['É\u017f', 'éS'], ['e\u017f']],
  ['(?i) to the end of its group', '(a(?i)b)c', ['abc', 'aBc'], ['Abc', 'abC']],
  ['(?i:…) and (?-i)', '(?i:a)b(?i)c(?-i)d', ['Abcd', 'abCd'], ['aBcd', 'abcD']],
  ['(?i) of a range', '(?i)[a-f]+', ['aF', 'CAFE'], ['g', 'G']],
  ['(?i) of a negated class', '(?i)[^a]', ['b', 'B'], ['a', 'A']],
  ['(?i) of \\p{Lower}', '(?i)\\p{Lower}', ['a', 'A'], ['é', '1']],
  ['dot', 'a.c', ['abc', 'a\u{1f600}c', 'a\tc'], ['a\nc', 'a\rc', 'a\u0085c', 'a\u2028c', 'ac']],
  ['(?s)', '(?s)a.c', ['a\nc', 'a\u2029c'], ['ac']],
  ['(?d)', '(?d)a.c', ['a\rc', 'a\u0085c'], ['a\nc']],
  ['(?x)', '(?x) a b # both\n [c ]', ['abc'], ['a bc', 'ab ']],
  ['digits of ASCII', '\\d+', ['0123456789'], ['\u0660', '']],
  ['digits of (?U)', '(?U)\\d+', ['1\u0660'], ['a']],
  ['\\w', '\\w+', ['aZ_0'], ['é', '-']],
  ['\\w of (?U)', '(?U)\\w+', ['aé_日0'], ['-']],
  ['\\W \\D \\S', '\\W\\D\\S', ['-ax', 'ééé'], ['a1 ', '-1x']],
  ['\\s', '\\s', [' ', '\t', '\n', '\v', '\f', '\r'], ['\u00a0', '\u2003', 'a']],
  ['\\h', '\\h', [' ', '\t', '\u00a0', '\u3000'], ['\n', 'a']],
  ['\\H', '\\H', ['\n', 'a'], [' ', '\u00a0']],
  ['\\v', '\\v', ['\n', '\v', '\f', '\r', '\u0085', '\u2028'], [' ', 'v']],
  ['\\V', '\\V', ['v'], ['\n']],
  ['\\R', 'a\\Rb', ['a\r\nb', 'a\nb', 'a\u0085b', 'a\u2029b'], ['ab', 'a\n\nb', 'a b']],
  ['escapes', '\\t\\n\\r\\f\\a\\e\\cA', ['\t\n\r\f\u0007\u001b\u0001'], ['tnrfaecA']],
  ['numbers of characters', '\\x41\\u0042\\x{1F600}\\0101\\07', ['AB\u{1f600}A\u0007'], ['AB']],
  ['halves of a character', '\\uD83D\\uDE00', ['\u{1f600}'], ['\ud83d']],
  ['signs escaped', '\\-\\_\\/\\@\\#\\"\\<\\!', ['-_/@#"<!'], []],
  ['\\Q…\\E', '\\Qa.b*[\\E+', ['a.b*[', 'a.b*[[['], ['axb*[', 'a.b*']],
  ['\\Q to the end', 'x\\Q(.', ['x(.'], ['x(a']],
  ['\\Q in a class', '[\\Q^-]\\E]', ['^', '-', ']'], ['Q', 'E', '\\']],
  ['brackets that close nothing', 'a]b}', ['a]b}'], ['ab']],
  ['a class', '[a-cx-z5]', ['b', 'y', '5'], ['d', '-']],
  ['signs of a class', '[-a.$]', ['-', 'a', '.', '$'], ['b']],
  ['a minus at the end', '[a-]', ['a', '-'], ['b']],
  ['] first in a class', '[]a]', [']', 'a'], ['b']],
  ['a class within', '[a-d[m-p]]', ['a', 'n'], ['e', '[']],
  ['intersection', '[a-z&&[def]]', ['d', 'f'], ['a', '&']],
  ['intersection without brackets', '[a-z&&def]', ['d'], ['a', 'z']],
  ['subtraction', '[a-z&&[^bc]]', ['a', 'd'], ['b', 'c', '1']],
  ['three intersected', '[a-z&&[b-y]&&[^m]]', ['b', 'y'], ['a', 'm', 'z']],
  ['the whole class is negated', '[^a-z&&[def]]', ['a', '1'], ['d', 'e']],
  ['a union is before an intersection', '[ab&&bc]', ['b'], ['a', 'c']],
  ['& alone', '[a&b]', ['a', '&', 'b'], ['c']],
  ['shorthands in a class', '[\\d\\s_]', ['1', ' ', '_'], ['a']],
  ['a negated shorthand in a class', '[\\D&&[^a]]', ['b', '-'], ['1', 'a']],
  ['POSIX', '\\p{Alpha}\\p{Digit}\\p{Punct}\\p{XDigit}\\p{Space}', ['a1!F ', 'Z9~0\t'], ['é1!F ', 'a1\u20acF ']],
  ['POSIX negated', '\\P{Alpha}', ['é', '1'], ['a']],
  ['POSIX of (?U)', '(?U)\\p{Alpha}\\p{Lower}', ['éé', 'Aß'], ['1a']],
  ['java…', '\\p{javaLowerCase}\\p{javaUpperCase}\\p{javaLetterOrDigit}', ['éÉ日', 'aB1'], ['AB1']],
  ['javaWhitespace', '\\p{javaWhitespace}', [' ', '\u001c', '\u2003'], ['\u00a0', 'a']],
  ['categories', '\\p{Lu}\\pL\\p{IsNd}\\p{gc=Sc}', ['ÉÉ\u0661€', 'Aa1$'], ['aa1$', 'AA1A']],
  ['scripts', '\\p{IsLatin}\\p{IsCyrillic}\\p{script=Greek}\\p{sc=Han}', ['éжλ日'], ['жéλ日']],
  ['scripts in capitals', '\\p{IsHIRAGANA}+', ['ひらがな'], ['カタカナ']],
  ['properties', '\\p{IsAlphabetic}\\p{IsIdeographic}\\p{IsWhite_Space}', ['a日\u00a0'], ['1日 ']],
  ['blocks', '\\p{InGreek}\\p{InCyrillic}\\p{block=Basic_Latin}', ['λжa'], ['aжλ']],
  ['counts', 'a{2}b{1,}c{0,2}', ['aab', 'aabbcc'], ['ab', 'aabccc']],
  ['lazy', 'a+?b*?', ['a', 'aab'], ['b']],
  ['possessive', 'a*+b', ['aaab', 'b'], ['a']],
  ['possessive gives nothing back', 'a*+a', [], ['a', 'aaa']],
  ['possessive of a group', '(ab|a)++b', [], ['ab', 'aab', 'abb'].slice(0, 1)],
  ['possessive with a count', '\\d{2,4}+\\d', ['12345'], ['1234', '12']],
  ['atomic', '(?>a|ab)c', ['ac'], ['abc']],
  ['groups', '((a)(?:b)(?<name>c))+', ['abc', 'abcabc'], ['ab']],
  ['a reference', '(a|b)\\1', ['aa', 'bb'], ['ab']],
  ['a reference by name', '(?<q>[\'"]).*\\k<q>', ["'x'", '"x"'], ['\'x"']],
  ['a reference in any case', '(?i)(ab)\\1', ['abAB', 'ABab'], ['aba']],
  ['a reference and a digit', '(a)\\11', ['aa1'], ['aa']],
  ['looking ahead', '(?=.*\\d)[a-z\\d]+', ['a1', '1'], ['ab']],
  ['looking ahead for none', '(?!000)\\d{3}', ['001'], ['000']],
  ['looking behind', '.(?<=a)b(?<!cb)', ['ab'], ['bb']],
  ['ends', '^abc$', ['abc'], ['abc\n', 'xabc']],
  ['ends within', 'a$\\n?', ['a', 'a\n'], ['a\n\n']],
  ['\\A \\z \\Z \\G', '\\A\\Ga\\Z\\z', ['a'], ['a\n']],
  ['many lines', '(?m)^a$\\n^b$', ['a\nb'], ['a\n', 'ab']],
  ['one line end of two characters', '(?m)a$\\r\\n^b', ['a\r\nb'], ['a\rb']],
  ['ends of words', '\\bab\\b \\bc\\b.\\B-', ['ab c--'], ['abc c--']],
  ['nothing', '', [''], ['a']],
  ['nothing in a branch', 'a(b|)', ['ab', 'a'], ['b']],
  ['repetitions within repetitions', '(a+)+', ['aaa'], ['aab']],
  ['a large count', 'a{1500}', ['a'.repeat(1500)], ['a'.repeat(1499)]],
  ['counts within counts', '(?:(?:a|b){100}){50}', ['a'.repeat(5000)], ['a'.repeat(4999)]],
];

describe('the syntax of Java', () => {
  it.each(CASES)('%s: %s', (_, source, yes, no) => {
    for (const text of yes) expect(test(source, text), `${JSON.stringify(text)} matches`).toBe(true);
    for (const text of no) expect(test(source, text), `${JSON.stringify(text)} does not match`).toBe(false);
  });

  it.each<[string, string[], string[]]>([
    ['ssn', ['ssn', 'my_ssn_2'], ['SSN', 'sn']],
    ['(?i)^ssn$', ['SSN', 'ssn\n', 'ssn\r\n'], ['ssn2', 'ssn\n\n', 'my ssn']],
    ['(?i)\\bssn\\b', ['the SSN of'], ['theSSN']],
    ['^SSN*', ['SS', 'SSNNN', 'SSX'], ['S', 'xSS']],
    ['[Ff]irst[Nn]ame', ['firstName', 'theFirstname'], ['first_name']],
    ['(?!x)a$', ['ba', 'a\n'], ['ab']],
    ['(?m)^b$', ['a\nb', 'b\r\nc'], ['ab', 'a\nbc']],
  ])('anywhere in a name: %s', (source, yes, no) => {
    for (const text of yes) expect(test(source, text, 'anywhere'), text).toBe(true);
    for (const text of no) expect(test(source, text, 'anywhere'), text).toBe(false);
  });

  it.each([
    ['a**', 'character 2: a second quantifier follows the first; write (?:…) around the first'],
    ['a{2}{3}', 'character 2: a second quantifier follows the first'],
    ['*a', 'character 1: * has nothing to repeat; write \\* for the character'],
    ['a|+', 'character 3: + has nothing to repeat'],
    ['{a}', 'character 1: { has nothing to repeat'],
    ['a{x}', 'character 2: expected a count as {2}, {2,} or {2,5}'],
    ['a{,3}', 'character 2: expected a count'],
    ['a{3,2}', 'character 2: {3,2} allows fewer at most than at least'],
    ['a{20000}', 'character 2: a count may be 10000 at most'],
    ['[a-', 'character 1: [ is not closed by ]'],
    ['[', 'character 1: [ is not closed by ]'],
    ['[z-a]', 'character 2: the range ends before it begins'],
    ['[a-\\d]', 'character 2: a range needs a character at both ends'],
    ['[a&&]', '&& needs something on both sides'],
    ['(a', 'character 1: ( is not closed by )'],
    ['a)', 'character 2: ) closes nothing'],
    ['a\\', 'character 2: a backslash stands at the end'],
    ['\\y', 'character 1: \\y has no meaning; write y for the character'],
    ['\\p{Foo}', 'character 1: unknown property "Foo"'],
    ['\\p{InKlingon}', 'unknown property "InKlingon"; write a general category'],
    ['\\X', 'character 1: \\X cannot be had here; write \\P{M}\\p{M}*'],
    ['\\b{g}', 'character 1: \\b{g} cannot be had here'],
    ['\\N{LATIN SMALL LETTER A}', 'names of characters (\\N{…}) are not known; write \\x{…}'],
    ['\\1(a)', 'character 1: \\1 refers to a group that ends no earlier than here'],
    ['(a\\1)', 'character 3: \\1 refers to a group that ends no earlier than here'],
    ['\\k<x>', 'character 1: there is no group "x" before this'],
    ['(?P<x>a)', '(?P<name>…) is not of Java; write (?<name>…)'],
    ['(?#c)a', '(?#…) is no comment in Java'],
    ['(?z)a', '(?z has no meaning in Java'],
    ['(?<1>a)', '"1" is no name of a group'],
    ['(?<x>a)(?<x>b)', 'a second group is called "x"'],
    ['\\x4', '\\x needs two hexadecimal digits'],
    ['\\x{110000}', '\\x needs two hexadecimal digits, or up to 10FFFF'],
    ['\\u00', '\\u needs four hexadecimal digits'],
    ['(?:'.repeat(200), 'groups are nested more than 100 deep'],
    ['['.repeat(200), 'classes are nested more than 100 deep'],
    ['\\p{L}'.repeat(1_500), 'ranges of characters together, 100000 at most'],
    ['a'.repeat(10_001), '10001 characters are more than the 10000'],
  ])('%s cannot be used, and says why', (source, problem) => {
    const built = buildRegex(source, 'whole');
    expect('problems' in built ? built.problems : []).toEqual([expect.stringContaining(problem)]);
  });
});
