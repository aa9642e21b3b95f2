import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AssayError } from '../../errors/assay-error.ts';
import { parseSecretKey } from '../../model/secret-key.ts';
import { makeFolder } from '../make-folder.ts';

/** The generated key: base64 of 32 bytes, readable by the owner alone. */
export const keyFile = (dataDir: string): string => join(dataDir, 'secret.key');
/** The key that a rotation is about to bring in; see `rotate-key.ts`. */
export const nextKeyFile = (dataDir: string): string => join(dataDir, 'secret.key.next');

export async function readKeyFile(file: string, log: (line: string) => void): Promise<Buffer | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new AssayError('BAD_CONFIG', `The key file ${file} cannot be read: ${(cause as Error).message}.`, { cause });
  }
  const key = parseSecretKey(text);
  if (!key) {
    throw new AssayError(
      'BAD_CONFIG',
      `The key file ${file} does not hold a key: expected 32 bytes as base64 or hex, found ${text.length} characters. ` +
        'Put back the file that was made with this data folder.',
    );
  }
  if (((await stat(file)).mode & 0o077) !== 0) {
    log(`The key file ${file} can be read by others on this machine. Run: chmod 600 ${file}`);
  }
  return key;
}

/** Writes a new key unless there is one, whole or not at all; of several processes one wins and all get its key. */
export async function makeKeyFile(file: string, dataDir: string): Promise<{ key: Buffer; made: boolean }> {
  await makeFolder(resolve(dataDir), 0o700);
  const key = randomBytes(32);
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  await writeDurably(draft, `${key.toString('base64')}\n`);
  try {
    await link(draft, file);
    await syncFolder(dataDir);
    return { key, made: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const found = await readKeyFile(file, () => undefined);
    return { key: found!, made: false };
  } finally {
    await rm(draft, { force: true });
  }
}

/** Lets the next key take the place of the current one. */
export async function adoptNextKey(dataDir: string): Promise<void> {
  await rename(nextKeyFile(dataDir), keyFile(dataDir));
  await syncFolder(dataDir);
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
