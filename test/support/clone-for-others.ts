import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

const CLONE = join(import.meta.dirname, '../..');

export interface CloneForOthers {
  /** The same file of the clone, where another user can reach it. */
  pathOf(file: string): string;
  remove(): void;
}

/**
 * A clone below a folder that only root can enter cannot be run by anybody else. Then: a copy of what runs, by hard links
 * where the temporary folder is on the same disk. Otherwise the clone itself.
 */
export function makeCloneForOthers(): CloneForOthers {
  if (isOpenToOthers(CLONE)) return { pathOf: (file) => file, remove: () => {} };
  const copy = mkdtempSync(join(tmpdir(), 'assay-clone-'));
  const things = ['src', 'test', 'node_modules', 'package.json'].map((name) => join(CLONE, name));
  const linked = spawnSync('cp', ['-al', ...things, copy]);
  if (linked.status !== 0) {
    const copied = spawnSync('cp', ['-a', ...things, copy], { encoding: 'utf8' });
    if (copied.status !== 0) throw new Error(`the clone could not be copied for another user: ${copied.stderr}`);
  }
  spawnSync('chmod', ['755', copy]);
  return {
    pathOf: (file) => join(copy, relative(CLONE, file)),
    remove: () => rmSync(copy, { recursive: true, force: true }),
  };
}

function isOpenToOthers(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
