import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Issuer } from './device-flow.ts';

/** What `assay login` keeps of one server. */
export interface Credential {
  username: string;
  accessToken: string;
  refreshToken: string;
  /** Milliseconds since 1970, by the clock of this machine. */
  expiresAt: number;
  /** Where the tokens come from and are renewed; absent for those of the server itself. */
  issuer?: Issuer;
}

export interface CredentialFile {
  /** The server of the last login, used when no --url is given. */
  current?: string;
  servers: Record<string, Credential>;
}

/** `~/.config/assay/credentials.json`: readable by its owner only. */
export const credentialPath = (home = homedir()): string => join(home, '.config', 'assay', 'credentials.json');

/** The server that a verb talks to: that of --url or ASSAY_URL, else that of the last login, else this machine. */
export const serverUrl = (given: string | undefined, kept: CredentialFile): string =>
  (given ?? kept.current ?? 'http://127.0.0.1:8080').replace(/\/+$/, '');

/** An absent or damaged file is an empty one: signing in again mends it. */
export async function readCredentials(path: string): Promise<CredentialFile> {
  try {
    const file = JSON.parse(await readFile(path, 'utf8')) as Partial<CredentialFile> | null;
    return { current: file?.current, servers: { ...file?.servers } };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return { servers: {} };
    throw error;
  }
}

/** Written beside and renamed, so that two commands at once never leave half a file. */
export async function writeCredentials(path: string, file: CredentialFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, path);
}
