import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runAssay } from './assay-process.ts';

test('the demo runs every job type, twice in the same folder, and leaves nothing running', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'assay-demo-'));
  const args = ['demo', '--exit', '--scale', '0.05', '--folder', join(folder, 'assay-demo')];
  try {
    // DATABASE_URL of the shell must not reach the demo.
    const env = { HOME: folder, DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none' };
    const first = await runAssay(args, env);
    expect(first.out).not.toContain('not as expected');
    expect(first).toMatchObject({ code: 0 });
    expect(first.out).toMatch(/created 8 schemas, 20 tables, 3 views, \d+ columns/);
    expect(first.out).toContain('crm.customer, a line per column');
    expect(first.out).toMatch(/Ready in \d/);
    const second = await runAssay(args, env);
    expect(second.out).not.toContain('not as expected');
    expect(second).toMatchObject({ code: 0 });
    expect(existsSync(join(folder, 'assay-demo/data/pg/cluster/postmaster.pid'))).toBe(false);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 180_000);
