import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { keyFile, nextKeyFile } from './key-file.ts';
import { type LoadSecretsOptions, loadSecrets } from './load-secrets.ts';
import { rotateKey, rotateKeyOfFolder } from './rotate-key.ts';
import { openSecrets } from './secrets.ts';

let database: TestDatabase;
let folder: string;
let lines: string[];

beforeEach(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'assay-key-'));
  lines = [];
});
afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

const load = (options: Partial<LoadSecretsOptions> = {}) =>
  loadSecrets({
    db: database.db,
    dataDir: folder,
    sharedDatabase: false,
    mayGenerate: true,
    log: (line) => lines.push(line),
    ...options,
  });

describe('loadSecrets', () => {
  it('makes a key file only its owner can read, once, however many start at the same time', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => load()));
    expect(new Set(all.map((secrets) => secrets.fingerprint)).size).toBe(1);
    expect((await stat(keyFile(folder))).mode & 0o777).toBe(0o600);
    expect(lines.filter((line) => line.includes('was made'))).toHaveLength(1);
    expect((await load()).decrypt(all[0]!.encrypt('x', 'p'), 'p')).toBe('x');
    expect(lines.join()).not.toContain((await readFile(keyFile(folder), 'utf8')).trim());
  });

  it('refuses another key and a missing one, naming both fingerprints and the remedy', async () => {
    const first = await load();
    const other = randomBytes(32);
    await expect(load({ key: other })).rejects.toMatchObject({
      code: 'WRONG_KEY',
      message: expect.stringMatching(new RegExp(`${first.fingerprint}.*${openSecrets(other).fingerprint}`, 's')),
    });
    const elsewhere = await mkdtemp(join(tmpdir(), 'assay-key-'));
    await expect(load({ dataDir: elsewhere })).rejects.toMatchObject({
      code: 'WRONG_KEY',
      message: expect.stringContaining('ASSAY_SECRET_KEY'),
    });
    expect(existsSync(keyFile(elsewhere))).toBe(false);
    await rm(elsewhere, { recursive: true });
    expect((await load({ key: first.key })).fingerprint).toBe(first.fingerprint);
  });

  it('on a shared database lets only a server make the key, and prints how to pass it on', async () => {
    await expect(load({ sharedDatabase: true, mayGenerate: false })).rejects.toMatchObject({ code: 'WRONG_KEY' });
    await load({ sharedDatabase: true });
    expect(lines.join('\n')).toContain('ASSAY_SECRET_KEY');
  });

  it('of two machines that make a key for one database lets one win; the other leaves no key behind', async () => {
    const folders = await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), 'assay-key-'))));
    const ends = await Promise.allSettled(folders.map((dataDir) => load({ dataDir, sharedDatabase: true })));
    expect(ends.map((end) => end.status).sort()).toEqual(['fulfilled', 'rejected']);
    const loser = ends.findIndex((end) => end.status === 'rejected');
    expect(ends[loser]).toMatchObject({ reason: { code: 'WRONG_KEY' } });
    expect(folders.map((dataDir) => existsSync(keyFile(dataDir)))).toEqual([loser === 1, loser === 0]);
    await Promise.all(folders.map((dataDir) => rm(dataDir, { recursive: true })));
  });

  it('refuses a damaged key file', async () => {
    await writeFile(keyFile(folder), 'short');
    await expect(load()).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringContaining('5 characters'),
    });
  });
});

describe('rotateKey', () => {
  const user = '00000000-0000-7000-8000-000000000001';

  async function store() {
    const old = await load();
    const input = { overrides: { s1: { secrets: { password: old.encrypt('job-pw', 'job:password') } } }, note: 'a1.x' };
    await database.db
      .insertInto('data_source')
      .values({
        id: 's1',
        resource_name: 'n',
        fqdn_id: 'f',
        database_type: 'POSTGRES',
        secrets: JSON.stringify({ password: old.encrypt('pw', 'source:s1:password') }),
      })
      .execute();
    await database.db
      .insertInto('job')
      .values({ id: 'j1', name: 'COUNT', user_id: user, input: JSON.stringify(input) })
      .execute();
    await database.db
      .insertInto('signing_key')
      .values({ kid: 'k', public_jwk: '{}', private_ciphertext: old.encrypt('jwk', 'signing-key:k') })
      .execute();
    return old;
  }

  it('encrypts every stored secret anew and leaves the folder with the new key', async () => {
    const old = await store();
    expect(await rotateKeyOfFolder(database.db, folder, old)).toMatchObject({ data_source: 1, signing_key: 1, job: 1 });
    const now = await load();
    expect(now.fingerprint).not.toBe(old.fingerprint);
    const source = await database.db.selectFrom('data_source').select('secrets').executeTakeFirstOrThrow();
    expect(now.decrypt(source.secrets.password!, 'source:s1:password')).toBe('pw');
    const job = await database.db.selectFrom('job').select('input').executeTakeFirstOrThrow();
    const input = job.input as { overrides: { s1: { secrets: { password: string } } }; note: string };
    expect(now.decrypt(input.overrides.s1.secrets.password, 'job:password')).toBe('job-pw');
    expect(input.note).toBe('a1.x');
    const signing = await database.db.selectFrom('signing_key').select('private_ciphertext').executeTakeFirstOrThrow();
    expect(now.decrypt(signing.private_ciphertext, 'signing-key:k')).toBe('jwk');
    await expect(load({ key: old.key })).rejects.toMatchObject({ code: 'WRONG_KEY' });
  });

  it('changes nothing when a secret lies where it does not look, or is damaged', async () => {
    const old = await store();
    const next = openSecrets(randomBytes(32));
    await database.db
      .insertInto('audit_log')
      .values({ action: 'x', target: old.encrypt('lost', 'audit') })
      .execute();
    const before = await database.db.selectFrom('data_source').select('secrets').execute();
    await expect(rotateKey(database.db, old, next)).rejects.toMatchObject({
      message: expect.stringContaining('audit_log.target'),
    });
    expect(await database.db.selectFrom('data_source').select('secrets').execute()).toEqual(before);
    expect((await load()).fingerprint).toBe(old.fingerprint);
  });

  it('refuses while a worker runs', async () => {
    const old = await store();
    await database.db
      .insertInto('worker')
      .values({ id: user, name: 'w1', host: 'h', pid: 1, software: 'x', affinities: [], slots: 1 })
      .execute();
    await expect(rotateKey(database.db, old, openSecrets(randomBytes(32)))).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('worker w1 on h'),
    });
  });

  it('is finished by the next start after a crash between the database and the key file', async () => {
    const old = await store();
    const next = randomBytes(32);
    await writeFile(nextKeyFile(folder), next.toString('base64'), { mode: 0o600 });
    await rotateKey(database.db, old, openSecrets(next));
    expect((await load()).fingerprint).toBe(openSecrets(next).fingerprint);
    expect(existsSync(nextKeyFile(folder))).toBe(false);
  });
});
