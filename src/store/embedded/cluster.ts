import { randomBytes } from 'node:crypto';
import { chown, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AssayError } from '../../errors/assay-error.ts';
import { handOver, type Place, spawnAt } from './place.ts';

export const SUPERUSER = 'assay';
export const DATABASE = 'assay';

/** Makes the cluster when there is none; checks its major version otherwise. Call while holding the start lock. */
export async function ensureCluster(place: Place, log: (line: string) => void): Promise<void> {
  const version = await readFile(join(place.cluster, 'PG_VERSION'), 'utf8').catch(ignoreMissing);
  if (version === undefined) {
    await createCluster(place, log);
    return;
  }
  const major = Number(version.trim());
  if (major !== place.binaries.major) {
    throw new AssayError(
      'EMBEDDED_FAILED',
      `The database in ${place.cluster} is of PostgreSQL ${version.trim()}, and this version of Assay brings ` +
        `PostgreSQL ${place.binaries.major}. Start the version of Assay that made it, run \`assay backup <file>\`, then ` +
        '`assay restore <file>` with this one and a new data folder.',
      { details: { found: major, expected: place.binaries.major } },
    );
  }
}

/** The password of the cluster's only user, made at the first call; readable by the owner alone. */
export async function ensurePassword(place: Place): Promise<string> {
  const file = join(place.home, 'password');
  const found = await readFile(file, 'utf8').catch(ignoreMissing);
  if (found?.trim()) return found.trim();
  if (await stat(place.cluster).catch(ignoreMissing)) {
    throw new AssayError(
      'EMBEDDED_FAILED',
      `The file ${file}, which holds the password of the embedded database, is gone. Put it back from a copy of the folder.`,
    );
  }
  const password = randomBytes(24).toString('base64url');
  // Named anew so that a crash cannot leave half a password.
  await writeFile(`${file}.draft`, `${password}\n`, { mode: 0o600 });
  await handOver(place, `${file}.draft`);
  await rename(`${file}.draft`, file);
  return password;
}

/** initdb works in a folder of its own that gets its name when whole, so a crash leaves no half cluster behind. */
async function createCluster(place: Place, log: (line: string) => void): Promise<void> {
  const parent = dirname(place.cluster);
  const prefix = `${basename(place.cluster)}.draft-`;
  for (const name of await readdir(parent)) {
    if (name.startsWith(prefix)) await rm(join(parent, name), { recursive: true, force: true });
  }
  const draft = join(parent, `${prefix}${randomBytes(4).toString('hex')}`);
  const passwordFile = `${draft}.password`;
  await writeFile(passwordFile, `${await ensurePassword(place)}\n`, { mode: 0o600 });
  if (place.uid !== process.getuid?.()) await chown(passwordFile, place.uid, place.gid);
  log(`Creating the embedded database in ${place.cluster}`);
  const args = ['-D', draft, '-U', SUPERUSER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8'];
  // The built-in provider folds and compares alike on every machine; those of libc and ICU change with their versions.
  args.push('--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8');
  // initdb asks the environment for language and paths; neither may depend on who starts us.
  const child = spawnAt(place, place.binaries.initdb, args, {
    cwd: '/',
    env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout?.on('data', (data) => {
    output += data;
  });
  child.stderr?.on('data', (data) => {
    output += data;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).catch((cause) => {
    throw new AssayError('EMBEDDED_FAILED', `initdb could not be started: ${explainSpawn(cause)}`, { cause });
  });
  await rm(passwordFile, { force: true });
  if (code !== 0) {
    await rm(draft, { recursive: true, force: true });
    throw startFailure(`initdb ended with code ${code}`, output, place);
  }
  await rename(draft, place.cluster);
}

/** An error that carries what the server's programs said, with the remedy for the causes that are known. */
export function startFailure(what: string, output: string, place: Place): AssayError {
  const said = output
    .split('\n')
    .filter((line) =>
      /FATAL|PANIC|ERROR|HINT|DETAIL|error:|fatal:|hint:|detail:|LOG: +(could not|unrecognized|invalid)/.test(line),
    )
    .map((line) => line.replace(/^[\d-]+ [\d:.]+ \w+ \[\d+\] /, '').trim())
    .slice(-4)
    .join(' ');
  if (/No space left on device|Disk quota exceeded/.test(output)) {
    return new AssayError(
      'DISK_FULL',
      `The disk that holds ${place.cluster} is full: the embedded database could not be started (${said}). Free some space.`,
    );
  }
  return new AssayError('EMBEDDED_FAILED', `The embedded database could not be started: ${what}. ${said}`.trim(), {
    details: { cluster: place.cluster, runAs: place.how },
  });
}

/** ENOENT for a program that is there means that its loader is not: the programs are linked against glibc. */
export function explainSpawn(cause: Error): string {
  if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') return cause.message;
  return `${cause.message} (a system without glibc, such as Alpine, cannot run it; set DATABASE_URL there)`;
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
