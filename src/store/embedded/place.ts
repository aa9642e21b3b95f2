import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
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
 *   Where namespaces are refused (most containers) and `nobody` can reach our folder, it becomes the folder of `nobody`;
 * - `copy`: root, namespaces refused, and our folder out of the reach of `nobody`: the cluster lies in /var/lib/assay.
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

const COPIES = '/var/lib/assay';

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
    return ownedPlace(home, binaries, owner, options);
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
  const nobody = shown && (await giveToAccount(home, shown));
  if (nobody) {
    options.log(
      `This system refuses user namespaces: the embedded database runs as ${nobody.name}, who now owns ${home}.`,
    );
    return ownedPlace(home, binaries, nobody, options);
  }
  return copiedPlace(home, binaries, undefined, options);
}

/** The programs may lie where only root can go; copies of them are made wherever that is so, and again when they are gone. */
async function ownedPlace(
  home: string,
  binaries: Binaries,
  owner: { uid: number; gid: number },
  options: PlaceOptions,
): Promise<Place> {
  const place: Place = { how: 'owner', home, cluster: join(home, 'cluster'), binaries, uid: owner.uid, gid: owner.gid };
  if (await reaches(owner, '-x', binaries.postgres)) return place;
  const folder = options.copiesFolder ?? COPIES;
  await mkdir(folder, { recursive: true, mode: 0o711 });
  return { ...place, binaries: await copyPrograms(binaries, folder) };
}

/** Makes our folder the account's if it can get there, for which the data folder above must let others pass. */
async function giveToAccount(home: string, account: Account): Promise<Account | undefined> {
  const data = dirname(home);
  const before = await stat(data);
  await chmod(data, before.mode | 0o001);
  await chown(home, account.uid, account.gid);
  if (await reaches(account, '-w', home)) return account;
  await chown(home, 0, 0);
  await chmod(data, before.mode);
  return undefined;
}

function reaches(account: { uid: number; gid: number }, test: '-w' | '-x', path: string): Promise<boolean> {
  return run('test', [test, path], { uid: account.uid, gid: account.gid, cwd: '/' }).then(
    () => true,
    () => false,
  );
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
  const copy = pointer?.copy ?? join(options.copiesFolder ?? COPIES, hash);
  if (pointer && !(await stat(copy).catch(() => undefined))) {
    throw new AssayError(
      'EMBEDDED_FAILED',
      `The database of ${home} lies in ${copy}, and that folder is gone (a container that was made anew loses it). Bring the ` +
        'folder back, or use `assay restore` with a backup and a new data folder that everybody may pass through (chmod a+x).',
    );
  }
  if (!pointer) {
    await mkdir(copy, { recursive: true });
    await chmod(copy, 0o711);
    options.log(
      `This system refuses user namespaces: the embedded database runs as ${nobody.name} and lies in ${copy}, not in ${home}.`,
    );
    await writeFile(pointerFile(home), `${JSON.stringify({ dataFolder, copy })}\n`, { mode: 0o600 });
  }
  const programs = await copyPrograms(binaries, copy);
  const data = join(copy, 'data');
  await mkdir(data, { recursive: true, mode: 0o700 });
  await chown(data, nobody.uid, nobody.gid);
  return {
    how: 'copy',
    home,
    cluster: join(data, 'cluster'),
    binaries: programs,
    uid: nobody.uid,
    gid: nobody.gid,
  };
}

/** 60 MB, once per version of the package. */
async function copyPrograms(binaries: Binaries, folder: string): Promise<Binaries> {
  const made = (await stat(binaries.postgres)).mtimeMs;
  const root = join(folder, `programs-${binaries.major}-${Math.floor(made)}`);
  if (!(await stat(root).catch(() => undefined))) {
    const draft = await mkdtemp(`${root}.draft-`);
    cpSync(binaries.root, draft, { recursive: true, verbatimSymlinks: true });
    await chmod(draft, 0o755);
    // Another data folder's process may have been quicker.
    await rename(draft, root).catch(async (error) => {
      await rm(draft, { recursive: true, force: true });
      if (!(await stat(root).catch(() => undefined))) throw error;
    });
  }
  return { ...binaries, root, initdb: join(root, 'bin', 'initdb'), postgres: join(root, 'bin', 'postgres') };
}
