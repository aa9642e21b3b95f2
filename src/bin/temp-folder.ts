import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isAlive } from '../store/embedded/process-identity.ts';
import { makeFolder } from '../store/make-folder.ts';

const NAME = /^worker-(\d+)-/;

/**
 * A folder of this process below `<data>/tmp`, for what its tasks spill. What killed processes left there is cleared first;
 * one whose number now belongs to somebody else stays until that one ends.
 *
 * @returns its path
 */
export async function makeTempFolder(dataDir: string): Promise<string> {
  const parent = join(dataDir, 'tmp');
  await makeFolder(resolve(parent), 0o700);
  for (const name of await readdir(parent)) {
    const pid = Number(NAME.exec(name)?.[1] ?? Number.NaN);
    const left = pid === process.pid || !isAlive(pid);
    if (!Number.isNaN(pid) && left) await rm(join(parent, name), { recursive: true, force: true });
  }
  return mkdtemp(join(parent, `worker-${process.pid}-`));
}
