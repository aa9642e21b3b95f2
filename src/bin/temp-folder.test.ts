import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeTempFolder } from './temp-folder.ts';

test('what a dead process left is cleared, what a living one has stays', async () => {
  const data = mkdtempSync(join(tmpdir(), 'assay-temp-'));
  const dead = spawnSync(process.execPath, ['--version']).pid;
  const left = join(data, 'tmp', `worker-${dead}-abc`);
  const living = join(data, 'tmp', `worker-${process.ppid}-abc`);
  const foreign = join(data, 'tmp', 'notes');
  for (const folder of [left, living, foreign]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(left, 'spill'), 'x');
  const mine = await makeTempFolder(data);
  expect(existsSync(left)).toBe(false);
  expect([living, foreign, mine].map((folder) => existsSync(folder))).toEqual([true, true, true]);
  rmSync(data, { recursive: true });
});
