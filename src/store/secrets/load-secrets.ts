import { rm } from 'node:fs/promises';
import { sql } from 'kysely';
import { AssayError } from '../../errors/assay-error.ts';
import type { Db } from '../database.ts';
import { adoptNextKey, keyFile, makeKeyFile, nextKeyFile, readKeyFile } from './key-file.ts';
import { keyFingerprint, openSecrets, type Secrets } from './secrets.ts';

export const FINGERPRINT_META_KEY = 'secret_key';

export interface LoadSecretsOptions {
  db: Db;
  /** From ASSAY_SECRET_KEY; without it the key file of the data folder counts. */
  key?: Buffer | undefined;
  dataDir: string;
  /** Whether the database is a server of the user's own, which others reach without this data folder. */
  sharedDatabase: boolean;
  /** Whether this process may make the key: `assay serve` may; a worker may only where it shares the data folder. */
  mayGenerate: boolean;
  log: (line: string) => void;
}

export interface LoadedSecrets extends Secrets {
  /** 32 bytes, for handing to processes of our own over a pipe. */
  key: Buffer;
}

/**
 * Finds or makes the secret key and holds it against the fingerprint in the database, which the first process leaves there.
 *
 * @throws AssayError WRONG_KEY when the database was started with another key or there is none here; BAD_CONFIG for a
 *   damaged key file
 */
export async function loadSecrets(options: LoadSecretsOptions): Promise<LoadedSecrets> {
  const { db, dataDir, log } = options;
  const stored = await readFingerprint(db);
  const key = options.key ?? (await findKeyInFolder(dataDir, stored, log));
  if (key) return confirm(options, key, stored ?? (await claimFingerprint(db, keyFingerprint(key))));
  if (stored) {
    throw new AssayError(
      'WRONG_KEY',
      `The database was started with secret key ${stored}, and there is none here: ASSAY_SECRET_KEY is not set and ` +
        `${keyFile(dataDir)} does not exist. Set ASSAY_SECRET_KEY to the key of the first server (the content of the file ` +
        'secret.key in its data folder), or copy that file here.',
      { details: { expected: stored } },
    );
  }
  if (!options.mayGenerate) {
    throw new AssayError(
      'WRONG_KEY',
      'There is no secret key: ASSAY_SECRET_KEY is not set and the database has not been started by a server yet. ' +
        'Start `assay serve` first; it makes the key and says how to pass it on.',
    );
  }
  const { key: made, made: ours } = await makeKeyFile(keyFile(dataDir), dataDir);
  const claimed = await claimFingerprint(db, keyFingerprint(made));
  // Another server, on another machine, was first: our key would only stand in the way of the right one.
  if (ours && claimed !== keyFingerprint(made)) await rm(keyFile(dataDir), { force: true });
  const secrets = confirm(options, made, claimed);
  if (ours) log(`A secret key was made: ${keyFile(dataDir)}. Keep a copy: stored passwords cannot be read without it.`);
  if (ours && options.sharedDatabase) {
    log(
      'Every other server and worker on this database needs the same key: give it the content of that file as ' +
        'ASSAY_SECRET_KEY.',
    );
  }
  return secrets;
}

function confirm(options: LoadSecretsOptions, key: Buffer, stored: string): LoadedSecrets {
  const secrets = openSecrets(key);
  if (secrets.fingerprint !== stored) {
    const where = options.key ? 'ASSAY_SECRET_KEY' : keyFile(options.dataDir);
    throw new AssayError(
      'WRONG_KEY',
      `The database was started with secret key ${stored}; the one from ${where} is ${secrets.fingerprint}. Give the key ` +
        'of the first server. To change the key, use `assay key rotate`.',
      { details: { expected: stored, received: secrets.fingerprint } },
    );
  }
  return { ...secrets, key };
}

/** The key file; after a crash in the middle of a rotation, whichever of old and next the database was left with. */
async function findKeyInFolder(
  dataDir: string,
  stored: string | undefined,
  log: (line: string) => void,
): Promise<Buffer | undefined> {
  const current = await readKeyFile(keyFile(dataDir), log);
  if (!stored || (current && keyFingerprint(current) === stored)) return current;
  const next = await readKeyFile(nextKeyFile(dataDir), log);
  if (!next || keyFingerprint(next) !== stored) return current;
  await adoptNextKey(dataDir);
  log(`The rotation of the secret key was finished: ${keyFile(dataDir)} holds the new key.`);
  return next;
}

/** Fingerprint of the key that the secrets in the database are encrypted with now. */
export async function readFingerprint(db: Db): Promise<string | undefined> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', FINGERPRINT_META_KEY).executeTakeFirst();
  return (row?.value as { fingerprint?: string } | undefined)?.fingerprint;
}

/** Leaves our fingerprint if there is none; gives the one that counts. */
async function claimFingerprint(db: Db, fingerprint: string): Promise<string> {
  await sql`INSERT INTO meta (key, value) VALUES (${FINGERPRINT_META_KEY}, ${JSON.stringify({ fingerprint })})
    ON CONFLICT (key) DO NOTHING`.execute(db);
  return (await readFingerprint(db))!;
}
