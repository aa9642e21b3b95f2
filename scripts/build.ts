import { spawnSync } from 'node:child_process';
import { cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Writes dist/: the JavaScript of src, for the packed package, because Node strips no types below node_modules, and the
 * types of src/client, which the package exports. Files that are not TypeScript (word lists, templates) keep their place.
 * The repository itself never needs dist/.
 */
const ROOT = join(import.meta.dirname, '..');
const SRC = join(ROOT, 'src');
const DIST = join(ROOT, 'dist');

await rm(DIST, { recursive: true, force: true });
const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
for (const project of ['tsconfig.build.json', 'tsconfig.client.json']) {
  const { status } = spawnSync(process.execPath, [tsc, '-p', project], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

for (const file of await readdir(SRC, { recursive: true, withFileTypes: true })) {
  if (!file.isFile() || file.name.endsWith('.ts') || file.name.endsWith('.md')) continue;
  const from = join(file.parentPath, file.name);
  await cp(from, from.replace(SRC, DIST));
}
