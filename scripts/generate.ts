import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GENERATED, listStaleFiles, ROOT } from './generated.ts';

/** Writes every generated file; with `--check` writes nothing and fails when one is stale. */
if (process.argv.includes('--check')) {
  const stale = await listStaleFiles();
  for (const problem of stale) console.error(problem);
  console.log(`${Object.keys(GENERATED).length} generated files compared`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const [path, make] of Object.entries(GENERATED)) {
    const file = join(ROOT, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, await make());
    console.log(path);
  }
}
