import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/test-database.ts';
import { loadConfig } from '../config/load-config.ts';
import { rotateKey } from '../store/secrets/rotate-key.ts';
import { openSecrets } from '../store/secrets/secrets.ts';
import { startServer } from './start-server.ts';

test('with DATABASE_URL the key cannot be changed beside servers, workers or not; servers share the database', async () => {
  const database = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'assay-server-'));
  const env = { DATABASE_URL: database.connectionString, ASSAY_ADMIN_PASSWORD: 'a long password of its own' };
  const config = { ...loadConfig({ env }), dataDir: folder, host: '127.0.0.1', port: 0, worker: false };
  const log = pino({ level: 'silent' });
  const first = await startServer(config, log);
  const second = await startServer(config, log);
  try {
    const rotate = () => rotateKey(database.db, first.secrets, openSecrets(randomBytes(32)));
    const refused = { code: 'CONFLICT', message: expect.stringContaining('a server') };
    await expect(rotate()).rejects.toMatchObject(refused);
    await first.stop();
    await expect(rotate()).rejects.toMatchObject(refused);
    await second.stop();
    expect(await rotate()).toMatchObject({ data_source: 0 });
  } finally {
    await Promise.all([first.stop(), second.stop()]);
    await database.drop();
    await rm(folder, { recursive: true });
  }
});

test.each([
  ['--file-root', (missing: string) => ({ fileRoots: [missing] })],
  ['--tls-cert', (missing: string) => ({ tlsCert: missing, tlsKey: missing })],
])('a missing %s is refused before anything is made', async (flag, wrong) => {
  const folder = await mkdtemp(join(tmpdir(), 'assay-server-'));
  const config = { ...loadConfig({ env: {} }), dataDir: join(folder, 'data'), host: '127.0.0.1', port: 0 };
  const shown: string[] = [];
  try {
    const started = startServer(
      { ...config, ...wrong(join(folder, 'missing')) },
      pino({ level: 'silent' }),
      (password) => shown.push(password),
    );
    await expect(started).rejects.toMatchObject({ code: 'BAD_CONFIG', message: expect.stringMatching(`^${flag}: `) });
    expect([shown, await readdir(folder)]).toEqual([[], []]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
