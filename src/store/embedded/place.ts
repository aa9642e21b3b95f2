import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AssayError } from '../../errors/assay-error.ts';
import type { Binaries } from './binaries.ts';

const run = promisify(execFile);

/**
 * Where the cluster lies and as whom the server runs. PostgreSQL refuses to run as root and wants an account with an
 * entry in the passwd file, so:
 * - `direct`: we are an ordinary user;
 * - `owner`: we are root, the folder is an ordinary user's: run as that user;
 * - `namespace`: root, or a uid without an entry: run in a user namespace that shows our uid as an existing account. No
 *   copies, files stay ours, and a folder only root can enter works;
 * - `copy`: root where namespaces are refused: programs and cluster lie in /var/lib/assay and belong to `nobody`.
 */
export interface Place {
  how: 'direct' | 'owner' | 'namespace' | 'copy';
  /** Our folder inside the data folder: password, locks, log. */
  home: string;
  cluster: string;
  binaries: Binaries;
  /** Owner of cluster and socket as this process sees it. */
  uid: number;
  gid: number;
  /** Account shown inside the namespace. */
  shownUid?: number;
}

export interface PlaceOptions {
  log: (line: string) => void;
  /** For tests of the way without namespaces. */
  refuseNamespace?: boolean;
  /** Where copies go; default /var/lib/assay. */
  copiesFolder?: string;
}

interface Account {
  name: string;
  uid: number;
  gid: number;
}

const NO_ACCOUNT_REMEDY =
  'Run Assay as a user with an entry in /etc/passwd, or set DATABASE_URL to a PostgreSQL of your own.';

/** Decides how to run. `home` exists and belongs to us (or, when we are root, to the user whose folder it is). */
export async function choosePlace(home: string, binaries: Binaries, options: PlaceOptions): Promise<Place> {
  const uid = process.getuid?.() ?? -1;
  const gid = process.getgid?.() ?? -1;
  const cluster = join(home, 'cluster');
  const pointer = await readPointer(home);
  if (pointer) return copiedPlace(home, binaries, pointer, options);
  if (uid !== 0 && hasAccount()) return { how: 'direct', home, cluster, binaries, uid, gid };
  const owner = await stat(home);
  if (uid === 0 && owner.uid !== 0 && (await findAccount((account) => account.uid === owner.uid))) {
    return { how: 'owner', home, cluster, binaries, uid: owner.uid, gid: owner.gid };
  }
  const shown = await findAccount((account) => account.uid !== 0);
  if (shown && !options.refuseNamespace && (await namespaceWorks(shown.uid, home, binaries.postgres))) {
    return { how: 'namespace', home, cluster, binaries, uid, gid, shownUid: shown.uid };
  }
  if (uid !== 0) {
    throw new AssayError(
      'EMBEDDED_FAILED',
      `The embedded database cannot run as uid ${uid}: it has no entry in /etc/passwd, which PostgreSQL requires, and this ` +
        `system refuses user namespaces. ${NO_ACCOUNT_REMEDY}`,
    );
  }
  if (await stat(cluster).catch(() => undefined)) {
    throw new AssayError(
      'EMBEDDED_FAILED',
      `The database in ${cluster} was made by root inside a user namespace, and this system refuses user namespaces ` +
        'now. Allow them (sysctl user.max_user_namespaces), or give the folder to an ordinary user and start as that user.',
    );
  }
  return copiedPlace(home, binaries, undefined, options);
}

/** Starts one of the server's programs as the place demands. */
export function spawnAt(place: Place, program: string, args: string[], options: SpawnOptions): ChildProcess {
  if (place.how === 'namespace') {
    return spawn('unshare', ['--user', `--map-user=${place.shownUid}`, '--', program, ...args], options);
  }
  if (place.how === 'direct') return spawn(program, args, options);
  return spawn(program, args, { ...options, uid: place.uid, gid: place.gid });
}

/** Hands a file made by root to the user whose folder it lies in, so that the user can go on without root. */
export async function handOver(place: Place, file: string): Promise<void> {
  if (place.how === 'owner') await chown(file, place.uid, place.gid);
}

function hasAccount(): boolean {
  try {
    userInfo();
    return true;
  } catch {
    return false;
  }
}

/** `nobody` first, then any that fits. */
async function findAccount(fits: (account: Account) => boolean): Promise<Account | undefined> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const accounts = text
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4 && /^\d+$/.test(fields[2] ?? ''))
    .map((fields): Account => ({ name: fields[0]!, uid: Number(fields[2]), gid: Number(fields[3]) }))
    .filter(fits);
  return accounts.find((account) => account.name === 'nobody') ?? accounts[0];
}

/** Tried with the very folder and program: both must be reachable from inside. */
async function namespaceWorks(shownUid: number, home: string, program: string): Promise<boolean> {
  try {
    const test = 'test -w "$0" && test -x "$1"';
    await run('unshare', ['--user', `--map-user=${shownUid}`, '--', 'sh', '-c', test, home, program]);
    return true;
  } catch {
    return false;
  }
}

interface Pointer {
  dataFolder: string;
  copy: string;
}

const pointerFile = (home: string): string => join(home, 'location.json');

async function readPointer(home: string): Promise<Pointer | undefined> {
  const text = await readFile(pointerFile(home), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Pointer);
}

async function copiedPlace(
  home: string,
  binaries: Binaries,
  pointer: Pointer | undefined,
  options: PlaceOptions,
): Promise<Place> {
  const dataFolder = await realpath(home);
  if (process.getuid?.() !== 0) {
    throw new AssayError(
      'EMBEDDED_FAILED',
      `The database of ${home} lies in ${pointer?.copy} and can only be started by root. Start Assay as root.`,
    );
  }
  if (pointer && pointer.dataFolder !== dataFolder) {
    throw new AssayError(
      'EMBEDDED_FAILED',
      `The data folder was moved or copied from ${pointer.dataFolder} to ${dataFolder}, but its database lies in ` +
        `${pointer.copy}. Move it back; to have two, use \`assay backup\` there and \`assay restore\` in a new folder.`,
    );
  }
  const nobody = await findAccount((account) => account.uid !== 0);
  if (!nobody) {
    throw new AssayError('EMBEDDED_FAILED', `No account but root is in /etc/passwd. ${NO_ACCOUNT_REMEDY}`);
  }
  const hash = createHash('sha256').update(dataFolder).digest('hex').slice(0, 16);
  const copy = pointer?.copy ?? join(options.copiesFolder ?? '/var/lib/assay', hash);
  if (!pointer) {
    await mkdir(copy, { recursive: true });
    await chmod(copy, 0o711);
    options.log(
      `This system refuses user namespaces: the embedded database runs as ${nobody.name} and lies in ${copy}, not in ${home}.`,
    );
    await writeFile(pointerFile(home), `${JSON.stringify({ dataFolder, copy })}\n`, { mode: 0o600 });
  }
  const root = await copyPrograms(binaries, copy);
  const data = join(copy, 'data');
  await mkdir(data, { recursive: true, mode: 0o700 });
  await chown(data, nobody.uid, nobody.gid);
  return {
    how: 'copy',
    home,
    cluster: join(data, 'cluster'),
    binaries: { ...binaries, root, initdb: join(root, 'bin', 'initdb'), postgres: join(root, 'bin', 'postgres') },
    uid: nobody.uid,
    gid: nobody.gid,
  };
}

/** 60 MB, once per version of the package. */
async function copyPrograms(binaries: Binaries, copy: string): Promise<string> {
  const made = (await stat(join(binaries.root, 'bin', 'postgres'))).mtimeMs;
  const target = join(copy, `programs-${binaries.major}-${Math.floor(made)}`);
  if (await stat(target).catch(() => undefined)) return target;
  const draft = `${target}.draft`;
  await rm(draft, { recursive: true, force: true });
  cpSync(binaries.root, draft, { recursive: true, verbatimSymlinks: true });
  await rename(draft, target);
  return target;
}
