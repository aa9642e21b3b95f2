import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runAssay } from './assay-process.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Those that ask a server and end; of the others only the name and `--help` are tried. */
const CLIENT_VERBS = [
  ...['compare', 'entities', 'evidence', 'feasibility', 'jobs', 'keys', 'profile', 'report', 'search', 'sources'],
  ...['try-method', 'users'],
];

/** Every `assay …` between backticks, in a block of code or in a line. */
function commandsOf(text: string): string[] {
  const blocks = [...text.matchAll(/^```\w*\n(.*?)^```/gms)].flatMap(([, block]) => block!.split('\n'));
  const spans = [...text.replace(/^```.*?^```/gms, '').matchAll(/`([^`\n]+)`/g)].map(([, span]) => span!);
  return [...blocks, ...spans]
    .map((line) => /^(?:npx )?assay ([a-z].*)$/.exec(line.replace(/\s+#.*$/, '').trim())?.[1])
    .filter((command) => command !== undefined);
}

const toWords = (command: string): string[] =>
  [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word!);

const files = globSync(['README.md', 'docs/**/*.md', 'examples/*.md'], { cwd: ROOT });
const commands = new Set(files.flatMap((file) => commandsOf(readFileSync(join(ROOT, file), 'utf8'))));

test('the documents name commands', () => {
  expect(commands.size).toBeGreaterThan(10);
  expect([...commands]).toContain('keys revoke "nightly profiling"');
});

// Nobody listens there: a command that is well put ends with 3, one that is not with 2.
test.each([...commands])('assay %s is a command', async (command) => {
  const words = toWords(command);
  const asks = CLIENT_VERBS.includes(words[0]!) && !words.includes('--help');
  const env = { HOME: '/nonexistent', ASSAY_URL: 'http://127.0.0.1:1', ASSAY_API_KEY: 'assay_none' };
  const { code, out, err } = await runAssay(asks ? words : [words[0]!, '--help'], env);
  expect([command, code, out.includes('Usage: '), err]).toEqual([command, asks ? 3 : 0, !asks, expect.any(String)]);
  if (!asks) expect(out).toContain(`Usage: assay ${words[0]!}`);
});
