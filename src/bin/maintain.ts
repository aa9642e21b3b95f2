import { readFile } from 'node:fs/promises';
import { EXIT } from '../cli/exit-codes.ts';
import { formatTable } from '../cli/output/format-table.ts';
import { type Terminal, toJsonText } from '../cli/terminal.ts';
import type { Config } from '../config/settings.ts';
import { AssayError } from '../errors/assay-error.ts';
import { parseSecretKey } from '../model/secret-key.ts';
import { migrate, planMigrations } from '../store/migrate.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { loadSecrets } from '../store/secrets/load-secrets.ts';
import { rotateKey, rotateKeyOfFolder } from '../store/secrets/rotate-key.ts';
import { openSecrets } from '../store/secrets/secrets.ts';
import { VERSION } from './version.ts';

async function withStore(config: Config, terminal: Terminal, work: (store: Store) => Promise<number>): Promise<number> {
  const store = await openStore({
    databaseUrl: config.databaseUrl,
    dataDir: config.dataDir,
    applicationName: 'assay maintenance',
    maxConnections: 3,
    log: (line) => terminal.err(`${line}\n`),
  });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

export function migrateStore(
  config: Config,
  terminal: Terminal,
  options: { dryRun?: boolean; json?: boolean },
): Promise<number> {
  return withStore(config, terminal, async (store) => {
    const plan = await planMigrations(store.pool);
    const done = options.dryRun ? [] : await migrate(store.pool);
    if (options.json) terminal.out(toJsonText({ ...plan, done }));
    else if (plan.pending.length === 0) terminal.out(`Nothing to do: ${plan.applied.at(-1)} is applied.\n`);
    else
      terminal.out(
        `${options.dryRun ? 'Would apply' : 'Applied'}: ${(options.dryRun ? plan.pending : done).join(', ')}\n`,
      );
    return EXIT.done;
  });
}

export function backupStore(config: Config, terminal: Terminal, file: string): Promise<number> {
  return withStore(config, terminal, async (store) => {
    const { backup } = await import('../store/backup/backup.ts');
    const report = await backup(store.pool, file, VERSION);
    terminal.out(rowTable(report.rows, terminal));
    terminal.out(`Written: ${report.file}, ${report.bytes.toLocaleString('en-US')} bytes.\n`);
    if (report.keyFingerprint)
      terminal.out(`The secrets in it need the key ${report.keyFingerprint}, which is not in it.\n`);
    return EXIT.done;
  });
}

export function restoreStore(config: Config, terminal: Terminal, file: string): Promise<number> {
  return withStore(config, terminal, async (store) => {
    const { restore } = await import('../store/backup/restore.ts');
    const report = await restore(store.pool, file);
    terminal.out(rowTable(report.rows, terminal));
    terminal.out(`Restored the backup of ${report.createdAt}, made by Assay ${report.assay}.\n`);
    if (report.keyFingerprint) {
      terminal.out(
        `Its secrets need the key ${report.keyFingerprint}: give it as ASSAY_SECRET_KEY, or copy the secret.key of the old data folder.\n`,
      );
    }
    return EXIT.done;
  });
}

function rowTable(rows: Record<string, number>, terminal: Terminal): string {
  const filled = Object.entries(rows).filter(([, count]) => count > 0);
  return formatTable(['table', { title: 'rows', align: 'right' }], filled, terminal.columns());
}

const secretsOf = (config: Config, store: Store, terminal: Terminal) =>
  loadSecrets({
    db: store.db,
    key: config.secretKey,
    dataDir: config.dataDir,
    sharedDatabase: config.databaseUrl !== undefined,
    mayGenerate: false,
    log: (line) => terminal.err(`${line}\n`),
  });

export function showFingerprint(config: Config, terminal: Terminal): Promise<number> {
  return withStore(config, terminal, async (store) => {
    terminal.out(`${(await secretsOf(config, store, terminal)).fingerprint}\n`);
    return EXIT.done;
  });
}

export function rotateSecretKey(config: Config, terminal: Terminal, newKeyFile: string | undefined): Promise<number> {
  return withStore(config, terminal, async (store) => {
    const old = await secretsOf(config, store, terminal);
    if (config.secretKey && !newKeyFile) {
      throw new AssayError(
        'BAD_REQUEST',
        'The key comes from ASSAY_SECRET_KEY, so the new one has to be kept by you too: make it (openssl rand -base64 32 > new.key) and give it with --new-key-file.',
      );
    }
    const next = newKeyFile ? openSecrets(await readKey(newKeyFile)) : undefined;
    const { key: _key, ...rotated } = next
      ? { key: undefined, ...(await rotateKey(store.db, old, next)) }
      : await rotateKeyOfFolder(store.db, config.dataDir, old);
    terminal.out(rowTable(rotated as Record<string, number>, terminal));
    terminal.out(
      next
        ? `From now on give the key ${next.fingerprint} as ASSAY_SECRET_KEY.\n`
        : 'The key file holds the new key.\n',
    );
    return EXIT.done;
  });
}

async function readKey(file: string): Promise<Buffer> {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new AssayError('BAD_REQUEST', `--new-key-file: ${file} cannot be read: ${cause.message}`, { cause });
  });
  const key = parseSecretKey(text);
  if (!key) throw new AssayError('BAD_REQUEST', `--new-key-file: ${file} does not hold 32 bytes as base64 or hex`);
  return key;
}
