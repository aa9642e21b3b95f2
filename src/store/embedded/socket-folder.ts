import { chown, lstat, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Place } from './place.ts';
import { SOCKET_PORT } from './server-settings.ts';

/** Limit of the operating systems on the path of a Unix socket (108 bytes with the closing zero; macOS: 104). */
const LIMIT = process.platform === 'darwin' ? 103 : 107;

/**
 * A folder only we can enter, with a path short enough for a socket. Inside the data folder when that works; otherwise in
 * the temporary folder under a name of chance, kept in a file so that every process finds the same one.
 */
export async function prepareSocketFolder(place: Place): Promise<string> {
  const inside = join(dirname(place.cluster), 'socket');
  if (fits(inside)) {
    await mkdir(inside, { recursive: true, mode: 0o700 });
    await giveTo(inside, place);
    if (await canBind(inside)) return inside;
  }
  const note = join(place.home, 'socket-folder');
  const before = (await readFile(note, 'utf8').catch(() => '')).trim();
  if (before !== '' && (await isOurs(before, place))) return before;
  const folder = await mkdtemp(join(shortTemporary(), 'assay-'));
  await giveTo(folder, place);
  await writeFile(note, `${folder}\n`, { mode: 0o600 });
  return folder;
}

/** Takes a temporary socket folder away again; one inside the data folder stays. */
export async function removeSocketFolder(place: Place, folder: string): Promise<void> {
  if (folder.startsWith(dirname(place.cluster))) return;
  await rm(folder, { recursive: true, force: true });
  await rm(join(place.home, 'socket-folder'), { force: true });
}

const fits = (folder: string): boolean => Buffer.byteLength(`${folder}/.s.PGSQL.${SOCKET_PORT}`) <= LIMIT;

/** TMPDIR of macOS alone is 50 bytes long; some are far longer. */
const shortTemporary = (): string => (fits(join(tmpdir(), 'assay-XXXXXX')) ? tmpdir() : '/tmp');

async function isOurs(folder: string, place: Place): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  return found?.isDirectory() === true && found.uid === place.uid && (found.mode & 0o077) === 0;
}

async function giveTo(folder: string, place: Place): Promise<void> {
  if (place.uid !== process.getuid?.()) await chown(folder, place.uid, place.gid);
}

/** Some shared folders of containers and network mounts take no sockets. */
async function canBind(folder: string): Promise<boolean> {
  const path = join(folder, `.probe-${process.pid}`);
  await rm(path, { force: true });
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(path, () => server.close(() => resolve(true)));
  });
}
