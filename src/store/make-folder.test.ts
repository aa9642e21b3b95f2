import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFolder } from './make-folder.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-make-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('makes what is missing, also when several make it at once, and leaves what is there', async () => {
  const path = join(folder, 'a/b/c');
  await Promise.all([makeFolder(path, 0o700), makeFolder(path, 0o700), makeFolder(path, 0o700)]);
  await makeFolder(path, 0o755);
  expect(statSync(path).mode & 0o777).toBe(0o700);
});

test('a file in the way is named', async () => {
  writeFileSync(join(folder, 'file'), '');
  await expect(makeFolder(join(folder, 'file', 'x'), 0o700)).rejects.toMatchObject({ code: 'ENOTDIR' });
  await expect(makeFolder(join(folder, 'file'), 0o700)).rejects.toThrow(/is a file, not a folder/);
});

test.runIf(existsSync('/proc/self'))(
  'a place where no folder can be made is an error, not a wait for ever (needs /proc)',
  async () => {
    await expect(makeFolder('/proc/x/y', 0o700)).rejects.toMatchObject({ code: expect.stringMatching(/^E/) });
  },
);
