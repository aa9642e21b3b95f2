import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { planMigrations } from '../migrate.ts';
import { MIGRATIONS } from '../migrations/index.ts';
import { backup } from './backup.ts';
import { restore } from './restore.ts';
import { listTables, quoted } from './tables.ts';

let folder: string;
let source: TestDatabase;
const text = fc.string({ unit: 'grapheme', maxLength: 20 }).map((value) => value.replaceAll('\0', ''));
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value).replaceAll('\\u0000', ''));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-backup-'));
  source = await createTestDatabase();
});
afterAll(async () => {
  await source.drop();
  await rm(folder, { recursive: true });
});

/** Everything in a database, as text, for comparison. */
async function contentOf(pool: pg.Pool): Promise<Record<string, string[]>> {
  const client = await pool.connect();
  try {
    const content: Record<string, string[]> = {};
    for (const { name } of await listTables(client)) {
      const rows = await client.query<{ text: string }>(`SELECT t::text AS text FROM ${quoted(name)} t ORDER BY 1`);
      content[name] = rows.rows.map((found) => found.text);
    }
    return content;
  } finally {
    client.release();
  }
}

async function fill(pool: pg.Pool, random: number): Promise<void> {
  const sample = <T>(arbitrary: fc.Arbitrary<T>): T[] => fc.sample(arbitrary, { numRuns: 30, seed: random });
  const names = sample(text);
  const values = sample(json);
  await pool.query(
    `INSERT INTO audit_log (username, action, details)
     SELECT n, E'tab\\there\\nand \\\\. here', v::jsonb FROM unnest($1::text[], $2::text[]) AS u (n, v)`,
    [names, values],
  );
  await pool.query(`INSERT INTO job (id, name, user_id, resource_ids, effects)
    SELECT lpad(to_hex(i), 24, '0'), 'COUNT', gen_random_uuid(), ARRAY['a', NULL, '{"'], NULL FROM generate_series(1, 50) i`);
  await pool.query(`INSERT INTO task (job_id, key, item, kind, affinity, weight, fence)
    SELECT id, 'k', E'\\\\N', 'work', 'DEFAULT', 0.1 + 0.2, 9007199254740993 FROM job`);
  await pool.query(
    `INSERT INTO task_bytes (task_id, name, bytes) SELECT id, 'b', decode('000aff5c2e0a', 'hex') FROM task`,
  );
  await pool.query(`INSERT INTO method (id, kind, name, version, origin, definition, categories)
    SELECT 'm' || i, 'dictionary', E'a\\tb', 'v', 'json', '{"rules": [1.50]}', ARRAY['x'] FROM generate_series(1, 3) i`);
  await pool.query(`WITH made AS (INSERT INTO term_set (method_id, terms, cardinality) SELECT id, 2, 2 FROM method RETURNING id),
    chunk AS (INSERT INTO term_chunk SELECT id, 0, 2, decode('000aff5c2e0a', 'hex') FROM made)
    INSERT INTO term_hashes SELECT id, 0, 1, 17179869183, 2, decode('0aff', 'hex'), decode('0000', 'hex') FROM made`);
  await pool.query(`INSERT INTO business_term (id, glossary, name) VALUES ('t', 'Sales', E'Kunde\\n')`);
  await pool.query(`INSERT INTO worker (id, name, host, pid, software, affinities, slots)
    VALUES (gen_random_uuid(), 'w', 'h', 1, 's', '{}', 1)`);
  await pool.query(`INSERT INTO meta VALUES ('serve', '{"pid": 1}'), ('secret_key', '{"fingerprint": "abc"}')`);
  await pool.query('DELETE FROM audit_log WHERE seq > 25');
}

describe('backup and restore', () => {
  const seed = Number(process.env.TEST_SEED);
  let file: string;

  beforeAll(async () => {
    await fill(source.pool, seed);
    file = join(folder, 'good.backup');
    await backup(source.pool, file, '0.1.0');
  });

  it('brings every row back into a database that was never started, and its numbering goes on', async () => {
    const target = await createTestDatabase({ empty: true });
    try {
      const report = await restore(target.pool, file);
      expect(report).toMatchObject({ keyFingerprint: 'abc', assay: '0.1.0', migrated: [] });
      expect(report.rows).toMatchObject({ job: 50, task: 50, task_bytes: 50, meta: 1, audit_log: 25 });
      const wanted = await contentOf(source.pool);
      wanted.meta = wanted.meta!.filter((line) => !line.includes('serve'));
      expect(await contentOf(target.pool)).toEqual(wanted);
      const next = await target.pool.query(`INSERT INTO audit_log (action) VALUES ('x') RETURNING seq`);
      expect(next.rows[0].seq).toBe(31);
      expect((await planMigrations(target.pool)).pending).toEqual([]);
    } finally {
      await target.drop();
    }
  });

  it('is readable by its owner alone, is not written over, and leaves no half file', async () => {
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await expect(backup(source.pool, file, '0.1.0')).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(backup(source.pool, '/nowhere/x', '0.1.0')).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    expect(await readdir(folder)).toEqual(['good.backup']);
  });

  it('holds one moment, whatever is written meanwhile', async () => {
    let done = false;
    const writing = (async () => {
      for (let i = 0; !done; i++) {
        await source.pool.query(
          `WITH j AS (INSERT INTO job (id, name, user_id) VALUES ($1, 'BUSY', gen_random_uuid()) RETURNING id)
          INSERT INTO audit_log (action, target) SELECT 'busy', id FROM j`,
          [`busy-${i}`],
        );
      }
    })();
    const busy = join(folder, 'busy.backup');
    await backup(source.pool, busy, '0.1.0').finally(() => {
      done = true;
    });
    await writing;
    const lines = gunzipSync(await readFile(busy))
      .toString()
      .split('\n');
    const jobs = lines.filter((line) => /^busy-\d+\t/.test(line)).length;
    const logged = lines.filter((line) => /\tbusy\tbusy-\d+\t/.test(line)).length;
    expect(logged).toBe(jobs);
    await rm(busy);
    await source.pool.query(`DELETE FROM job WHERE name = 'BUSY'`);
    await source.pool.query(`DELETE FROM audit_log WHERE action = 'busy'`);
  });

  it('refuses a database with rows and leaves it as it was', async () => {
    const before = await contentOf(source.pool);
    await expect(restore(source.pool, file)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('audit_log, business_term, job'),
    });
    expect(await contentOf(source.pool)).toEqual(before);
  });

  it('brings a backup of an older version up to date', async () => {
    const target = await createTestDatabase({ empty: true });
    const newer = [...MIGRATIONS, { name: '9999-newer', up: 'ALTER TABLE job ADD extra int NOT NULL DEFAULT 7' }];
    try {
      expect((await restore(target.pool, file, newer)).migrated).toEqual(['9999-newer']);
      expect((await target.pool.query('SELECT DISTINCT extra FROM job')).rows).toEqual([{ extra: 7 }]);
      const again = join(folder, 'newer.backup');
      await target.pool.query(`DELETE FROM migration WHERE name = '9999-newer'`);
      await backup(target.pool, again, '9.9.9');
      const empty = await createTestDatabase();
      // Its migrations are known, but its job table has a column that ours has not.
      await expect(restore(empty.pool, again)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
      await empty.drop();
    } finally {
      await target.drop();
    }
  });

  it('changes nothing when the file is cut off, damaged, newer or something else', async () => {
    const target = await createTestDatabase({ empty: true });
    const bad = join(folder, 'bad.backup');
    const bytes = await readFile(file);
    const plain = gunzipSync(bytes).toString();
    const flipped = Buffer.from(bytes);
    flipped[Math.floor(bytes.length / 2)]! ^= 0x55;
    const [head] = plain.split('\n', 1) as [string];
    const withHead = (change: object) =>
      gzipSync(plain.replace(head, JSON.stringify({ ...JSON.parse(head), ...change })));
    const cases: [string, Buffer, string][] = [
      ['cut', bytes.subarray(0, bytes.length - 20), 'BAD_REQUEST'],
      ['cut in the header', bytes.subarray(0, 30), 'BAD_REQUEST'],
      ['a byte changed', flipped, 'BAD_REQUEST'],
      ['no trailer', gzipSync(plain.slice(0, plain.lastIndexOf('{'))), 'BAD_REQUEST'],
      ['a row missing', gzipSync(plain.replace(/\n\d+\t[^\n]*tab[^\n]*(?=\n)/, '')), 'BAD_REQUEST'],
      ['something after the end', gzipSync(`${plain}more`), 'BAD_REQUEST'],
      ['no gzip', Buffer.from('hello'), 'BAD_REQUEST'],
      ['another file', gzipSync('hello\n'), 'BAD_REQUEST'],
      ['empty', Buffer.alloc(0), 'BAD_REQUEST'],
      ['newer format', withHead({ version: 2 }), 'STORE_NEWER'],
      ['newer schema', withHead({ migrations: ['0001-foundation', '9999-later'] }), 'STORE_NEWER'],
    ];
    try {
      for (const [what, content, code] of cases) {
        await writeFile(bad, content);
        await expect(restore(target.pool, bad), what).rejects.toMatchObject({ code });
        const found = await target.pool.query(`SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace`);
        expect(found.rowCount, what).toBe(0);
      }
      await expect(restore(target.pool, '/nowhere/x')).rejects.toMatchObject({ code: 'BAD_REQUEST' });
      await restore(target.pool, file);
    } finally {
      await target.drop();
    }
  });
});
