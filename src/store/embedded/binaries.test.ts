import { lstat, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findBinaries, makeLinks } from './binaries.ts';

it('finds the programs of this platform and their version', async () => {
  const binaries = await findBinaries();
  expect(binaries.major).toBeGreaterThanOrEqual(17); // the built-in locale provider began with 17
  for (const file of [binaries.postgres, binaries.initdb]) expect((await lstat(file)).mode & 0o111).not.toBe(0);
});

it.each([
  ['sunos', 'x64'],
  ['win32', 'x64'],
])('points to DATABASE_URL on %s %s', async (platform, arch) => {
  await expect(findBinaries(platform, arch)).rejects.toMatchObject({
    code: 'EMBEDDED_FAILED',
    message: expect.stringContaining('DATABASE_URL'),
  });
});

it('makes the links that an install without scripts leaves out', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'assay-links-'));
  const root = join(folder, 'native');
  await mkdir(join(root, 'lib'), { recursive: true });
  await writeFile(join(root, 'lib', 'liba.so.1.2'), 'library');
  const links = [{ source: 'native/lib/liba.so.1.2', target: 'native/lib/liba.so.1' }];
  await writeFile(join(root, 'pg-symlinks.json'), JSON.stringify(links));
  await makeLinks(root);
  await makeLinks(root);
  expect(await readFile(join(root, 'lib', 'liba.so.1'), 'utf8')).toBe('library');
  await rm(folder, { recursive: true });
});
