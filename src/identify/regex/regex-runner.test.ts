import { describe, expect, it } from 'vitest';
import { buildRegex, compileRegex, problemsOfRegex } from './compile-regex.ts';
import { RegexRunner } from './regex-runner.ts';

const owner = 'SSN';
const engineOf = (source: string): string => {
  const built = buildRegex(source, 'whole');
  return 'problems' in built ? 'none' : built.engine;
};

describe('running expressions', () => {
  it.each([
    ['\\d{3}-\\d{2}-\\d{4}', 'quick'],
    ['^(?!666|000|9\\d{2})\\d{3}-(?!00)\\d{2}-(?!0{4})\\d{4}$', 'quick'],
    ['(?i)txn_?type', 'quick'],
    ['\\d+-[a-z]*x?\\d', 'linear'],
    ['[a-z]*\\d+', 'quick'],
    ['[a-z]++[a-z0-9]', 'quick'],
    ['(a+)+', 'linear'],
    ['(a|a)*b', 'linear'],
    ['(a|aa)+', 'linear'],
    ['(?:a?){40}a{40}', 'linear'],
    ['.*.*.*=.*', 'linear'],
    ['(a+)+(?=b)b', 'stoppable'],
    ['(?:(?=a*b)a)+', 'stoppable'],
    ['(a)\\1', 'stoppable'],
    ['(?:a*)*\\B.(?<!c)', 'stoppable'],
  ])('%s is %s', (source, engine) => {
    expect(engineOf(source)).toBe(engine);
  });

  it('finds the same with every engine', async () => {
    await using runner = new RegexRunner();
    const texts = ['aab', 'ab', 'b', '', 'aabb', 'xaab'];
    const wanted = Uint8Array.from([1, 1, 0, 0, 0, 0]);
    for (const source of ['a{1,}b', '(?:a|a)+b', '(a+)+(?=b)b', '(?>a+)b', '(b)?a+(?<=a)b']) {
      expect(await runner.test({ source, mode: 'whole', owner }, texts), source).toEqual(wanted);
    }
    expect(await runner.test({ source: '(a)\\1', mode: 'anywhere', owner }, texts)).toEqual(
      Uint8Array.from([1, 0, 0, 0, 1, 1]),
    );
  });

  it('stops a hostile expression, names it and its method, and goes on with the next', async () => {
    await using runner = new RegexRunner({ limitMs: 500 });
    const hostile = runner.test({ source: '(a+)+(?!b)c', mode: 'whole', owner }, ['ok', 'a'.repeat(40)]);
    const next = runner.test({ source: '(a)\\1', mode: 'whole', owner }, ['aa']);
    await expect(hostile).rejects.toMatchObject({
      code: 'EXPRESSION_TOO_SLOW',
      message: expect.stringMatching(
        /^method "SSN": the regular expression "\(a\+\)\+\(\?!b\)c" was stopped after \d+ ms on text 2 of 2, which has 40 characters; /,
      ),
    });
    expect(await next).toEqual(Uint8Array.from([1]));
  });

  it('stops what takes too long for many texts, whatever the engine, and lets others in meanwhile', async () => {
    await using runner = new RegexRunner({ limitMs: 300 });
    let state = 7;
    const text = (): string =>
      Array.from({ length: 1_000 }, () => {
        state = (state * 48_271) % 2_147_483_647;
        return state % 2 === 0 ? 'a' : 'b';
      }).join('');
    const source = '[ab]*a[ab]{900}';
    expect(engineOf(source)).toBe('linear');
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const slow = runner.test({ source, mode: 'whole', owner }, Array.from({ length: 400 }, text));
    await expect(slow).rejects.toMatchObject({
      code: 'EXPRESSION_TOO_SLOW',
      message: expect.stringMatching(
        /"\[ab\]\*a\[ab\]\{900\}" was stopped after \d+ ms on text \d+ of 400, .*smaller counts$/,
      ),
    });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  });

  it('takes time in proportion to the text for what would hang an engine that goes back', async () => {
    await using runner = new RegexRunner({ limitMs: 1 });
    for (const source of ['(a+)+', '(a|a)*', '(a|aa)+', '(?:a?){40}a{40}', '.*.*.*=.*', '(?:.*a){12}'])
      expect(await runner.test({ source, mode: 'whole', owner }, [`${'a'.repeat(5_000)}!`])).toEqual(
        Uint8Array.from([0]),
      );
  });

  it('anywhere in long texts takes no time in proportion to their square', async () => {
    await using runner = new RegexRunner({ limitMs: 1_000 });
    const long = 'a'.repeat(300_000);
    for (const source of ['a+b', 'a+(?=b)b']) expect(buildRegex(source, 'anywhere')).toMatchObject({ engine: 'quick' });
    const found = await runner.test({ source: 'a+b', mode: 'anywhere', owner }, [long, `${long}b`, 'xab', 'ba']);
    expect(found).toEqual(Uint8Array.from([0, 1, 1, 0]));
    // Without a linear engine it is stopped.
    const hostile = runner.test({ source: 'a+(?=b)b', mode: 'anywhere', owner }, ['ab', long]);
    await expect(hostile).rejects.toMatchObject({ code: 'EXPRESSION_TOO_SLOW' });
    const short = runner.test({ source: 'a+(?=b)b', mode: 'anywhere', owner }, ['ab', 'aa']);
    expect(await short).toEqual(Uint8Array.from([1, 0]));
  });

  it('refuses what cannot be used, by name', async () => {
    expect(problemsOfRegex('\\d+')).toEqual([]);
    expect(() => compileRegex({ source: '[a', mode: 'whole', owner })).toThrow(
      'method "SSN": the regular expression "[a" cannot be used: character 1: [ is not closed by ]',
    );
    await using runner = new RegexRunner();
    await expect(runner.test({ source: '[a', mode: 'whole', owner }, ['a'])).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      problems: ['character 1: [ is not closed by ]'],
    });
  });
});
