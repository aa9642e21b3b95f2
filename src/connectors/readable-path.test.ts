import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readablePath } from './readable-path.ts';

let top: string;
beforeAll(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'assay-path-')));
  mkdirSync(join(top, 'in/.git'), { recursive: true });
  mkdirSync(join(top, 'in/data'));
  mkdirSync(join(top, 'input'));
  for (const name of ['in/a', 'in/.git/config', 'in/data/key', 'input/b']) writeFileSync(join(top, name), 'x');
  symlinkSync(join(top, 'input/b'), join(top, 'in/out'));
  symlinkSync(join(top, 'in/.git/config'), join(top, 'in/innocent'));
  symlinkSync(join(top, 'in/data'), join(top, 'in/store'));
  symlinkSync('self', join(top, 'in/self'));
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

test.each([
  ['in', 'ok'],
  ['in/a', 'ok'],
  ['in/./data/../a', 'ok'],
  ['in/gone', 'SOURCE_NO_DATABASE'],
  ['in/a/below-a-file', 'SOURCE_NO_DATABASE'],
  ['in/a\u0000', 'SOURCE_NO_DATABASE'],
  ['in/self', 'SOURCE_BAD_DATA'],
  ['input/b', 'SOURCE_NOT_ALLOWED'],
  ['input/gone', 'SOURCE_NOT_ALLOWED'],
  ['nowhere/at/all', 'SOURCE_NOT_ALLOWED'],
  ['in/../input/b', 'SOURCE_NOT_ALLOWED'],
  ['in/out', 'SOURCE_NOT_ALLOWED'],
  ['in/.git/config', 'SOURCE_NOT_ALLOWED'],
  ['in/innocent', 'SOURCE_NOT_ALLOWED'],
  ['in/data/key', 'SOURCE_NOT_ALLOWED'],
  ['in/store/key', 'SOURCE_NOT_ALLOWED'],
])('%s: %s', async (path, expected) => {
  const access = { fileRoots: [join(top, 'in')], protectedPaths: [join(top, 'in/data/key')] };
  // Not `join`, which would take the detours out.
  const outcome = await readablePath(`${top}/${path}`, access).then(
    () => 'ok',
    (error) => error.code,
  );
  expect(outcome).toBe(expected);
});
